/** The open item as another tracker has it: where the two do not say the same, field by field. */

import { addressOf, go, here } from "./address.js";
import { h, icon } from "./dom.js";
import { columnName } from "./items.js";
import { Part } from "./part.js";
import { fieldName } from "./twin.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Difference} Difference */

const MOST_SHOWN = 400; // characters of a long text: the rest is at the item itself

/** @returns {Part} */
export function twinPart() {
  const element = h("section", { class: "part twin", hidden: true });
  return new Part(
    element,
    (item) => [item.twin, item.source],
    (item) => {
      const { twin } = item;
      element.hidden = !twin;
      if (!twin) return [];
      const title = `Also in ${twin.source} as ${twin.key}`;
      element.setAttribute("aria-label", title);
      const address = addressOf({ ...here(), item: twin.ref, tab: "" });
      const open = h("a", { class: "quiet worded", href: address, "data-mark": "twin", onclick: (/** @type {MouseEvent} */ event) => show(event, twin.ref) }, icon("panel-right"), `Open ${twin.key}`);
      const head = h("div", { class: "part-head" }, h("h3", {}, title), open);
      return [head, twin.differs.length ? table(item, twin.differs) : h("p", { class: "none" }, "Both say the same.")];
    },
  );
}

/** @param {MouseEvent} event @param {string} ref */
function show(event, ref) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go({ item: ref, tab: "" });
}

/** @param {Item} item @param {Difference[]} differs @returns {HTMLElement} */
function table(item, differs) {
  const head = h("tr", {}, h("th", { scope: "col" }, "Field"), h("th", { scope: "col" }, item.source), h("th", { scope: "col" }, item.twin?.source ?? ""));
  const rows = differs.map(({ field, here: mine, there }) => h("tr", {}, h("th", { scope: "row" }, fieldName(field)), cell(field, mine, there), cell(field, there, mine)));
  return h("table", { class: "differences" }, h("thead", {}, head), h("tbody", {}, ...rows));
}

/** @param {string} field @param {unknown} value @param {unknown} other what the other side says @returns {HTMLElement} */
function cell(field, value, other) {
  const text = inWords(field, value);
  if (!text.trim()) return h("td", { class: "none" }, "none");
  const shown = text.includes("\n") || text.length > MOST_SHOWN ? onlyIn(text, inWords(field, other)) : text;
  if (!shown) return h("td", { class: "none" }, "nothing more");
  return h("td", { dir: "auto" }, shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN).trimEnd()} …` : shown);
}

/** @param {string} field @param {unknown} value @returns {string} */
function inWords(field, value) {
  const text = value === null || value === undefined ? "" : String(value);
  return field === "state" ? columnName(/** @type {any} */ (text)) : text;
}

/** @param {string} text @param {string} other @returns {string} the lines of a text that the other has not; which mark a list has says nothing */
function onlyIn(text, other) {
  const known = new Set(other.split("\n").map(plain));
  const lines = text.split("\n").filter((line) => plain(line));
  const own = lines.filter((line) => !known.has(plain(line)));
  if (!own.length) return "";
  return own.length < lines.length ? `… ${own.join("\n… ")}` : own.join("\n");
}

/** @param {string} line @returns {string} */
function plain(line) {
  return line
    .replace(/^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\])?\s*/, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}
