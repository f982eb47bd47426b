/** Links from the open item to those near it. */

import { addressOf, go, here } from "./address.js";
import { h } from "./dom.js";
import { columnName } from "./items.js";

/** @typedef {import("./types.js").Near} Near */

/** @param {Near} item @returns {HTMLElement} */
export function near({ ref, key, title, state }) {
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go({ item: ref, tab: "" });
  };
  const dot = state && h("span", { class: `dot ${state}`, title: columnName(state), "aria-hidden": "true" });
  const word = state && h("span", { class: "spoken" }, ` (${columnName(state)})`);
  const name = h("span", { class: "near-name", dir: "auto" }, `${key}${title ? ` ${title}` : ""}`);
  return h("a", { class: "near", href: addressOf({ ...here(), item: ref, tab: "" }), title: title ?? key, onclick: open, "data-mark": `near-${ref}` }, dot, name, word);
}

/** @param {Near[]} items @param {string} [source] where the open item is: another one is named @returns {HTMLElement} */
export function links(items, source = "") {
  const hint = (/** @type {Near} */ { ref }) => Boolean(source) && !ref.startsWith(`${source}:`) && h("span", { class: "hint" }, ref.split(":", 1)[0]);
  return h("ul", { class: "links", role: "list" }, ...items.map((item) => h("li", { class: "linked" }, near(item), hint(item))));
}
