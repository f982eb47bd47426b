/** The open item as another tracker has it: where the two do not say the same, field by field. */

import { addressOf, go, here } from "./address.js";
import { h, icon } from "./dom.js";
import { columnName } from "./items.js";
import { Part } from "./part.js";
import { fieldName } from "./twin.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Difference} Difference */

const MOST_SHOWN = 240; // characters of a long text: the rest is at the item itself

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
  const rows = differs.map(({ field, here: mine, there }) => h("tr", {}, h("th", { scope: "row" }, fieldName(field)), cell(field, mine), cell(field, there)));
  return h("table", { class: "differences" }, h("thead", {}, head), h("tbody", {}, ...rows));
}

/** @param {string} field @param {unknown} value @returns {HTMLElement} */
function cell(field, value) {
  const plain = value === null || value === undefined ? "" : String(value);
  const text = field === "state" ? columnName(/** @type {any} */ (plain)) : plain;
  if (!text.trim()) return h("td", { class: "none" }, "none");
  const isLong = text.length > MOST_SHOWN;
  return h("td", { dir: "auto" }, isLong ? `${text.slice(0, MOST_SHOWN).trimEnd()} …` : text);
}
