/** That a card's item is also in another tracker, and whether the two say the same. */

import { h } from "./dom.js";
import { asName } from "./value.js";

/** @typedef {import("./types.js").Card} Card */

const NAMES = /** @type {Record<string, string>} */ ({ criteria: "Acceptance criteria", tasks: "Tasks done" });

/** @param {string} field @returns {string} */
export function fieldName(field) {
  return NAMES[field] ?? asName(field);
}

/** @param {NonNullable<Card["twin"]>} twin @returns {string} */
export function twinText({ source, key, differs }) {
  const fields = differs.map((field) => fieldName(field).toLowerCase());
  const told = fields.length ? `, other there: ${fields.join(", ")}` : "";
  return `also ${key} in ${source}${told}`;
}

/** @param {Card} card @returns {HTMLElement | false} a quiet word beside its key */
export function twinMark({ twin }) {
  if (!twin) return false;
  const text = twinText(twin);
  return h("span", { class: "twin-mark", title: text[0].toUpperCase() + text.slice(1) }, `${twin.differs.length ? "≠" : "="} ${twin.key}`);
}
