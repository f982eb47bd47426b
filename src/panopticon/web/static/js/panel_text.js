/** A long text of the open item: shown as the server rendered it, written as markdown, its boxes ticked. */

import { h, icon } from "./dom.js";
import { Field } from "./field.js";
import { fill } from "./sanitised.js";
import { tickable, ticked } from "./tick.js";

/** @typedef {import("./types.js").Item} Item */

const MOST_SPOKEN = 200; // characters of the name of a box

/**
 * @param {{name: "body" | "acceptance_criteria", label: string, none: string}} text
 * @param {Item} item
 * @param {import("./field.js").Host} host
 * @returns {Field}
 */
export function textField({ name, label, none }, item, host) {
  const asked = { name, label, type: "markdown", required: false, values: [], many: false };
  const shows = (/** @type {Item} */ now) => [now[name], now[`${name}_html`], now.can.edit.includes(name)];
  const field = new Field(asked, item, host, (now, edit) => drawn(now, edit), shows);
  field.element.classList.add("text");
  return field;

  /** @param {Item} now @param {() => void} edit @returns {import("./part.js").Piece[]} */
  function drawn(now, edit) {
    const canEdit = now.can.edit.includes(name);
    const pencil = canEdit && h("button", { type: "button", class: "quiet pencil", "aria-label": `Edit ${label.toLowerCase()}`, title: `Edit ${label.toLowerCase()}`, "data-edit": "", "data-mark": `edit-${name}`, onclick: edit }, icon("pencil"));
    const html = now[`${name}_html`];
    const empty = canEdit ? h("button", { type: "button", class: "link-like none", onclick: edit, tabindex: -1 }, none) : h("p", { class: "none" }, none);
    return [h("div", { class: "part-head" }, h("h3", {}, label), pencil), html ? boxed(prose(html), now, canEdit) : empty];
  }

  /** @param {HTMLElement} element @param {Item} now @param {boolean} canEdit @returns {HTMLElement} */
  function boxed(element, now, canEdit) {
    const lines = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("li.todo, li.done")]);
    const isClear = canEdit && tickable(now[name]).length === lines.length;
    lines.forEach((line, index) => line.prepend(isClear ? box(line, now, index) : spoken(line)));
    return element;
  }

  /** @param {HTMLElement} line @param {Item} now @param {number} index @returns {HTMLElement} */
  function box(line, now, index) {
    const own = [...line.childNodes].filter((node) => !(node instanceof HTMLElement && node.matches("ul, ol")));
    const words = own.map((node) => node.textContent).join("").trim().slice(0, MOST_SPOKEN) || `Box ${index + 1}`;
    const change = async () => {
      const isDone = input.checked;
      line.className = isDone ? "done" : "todo";
      input.disabled = true;
      const isWritten = await field.tick(ticked(now[name], index, isDone), now[name]);
      input.disabled = false;
      if (isWritten) return;
      input.checked = !isDone;
      line.className = isDone ? "todo" : "done";
    };
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", class: "tick", "aria-label": words, checked: line.className === "done", "data-mark": `tick-${name}-${index}`, onchange: change }));
    return h("span", { class: "tick-place" }, input);
  }
}

/** @param {HTMLElement} line @returns {HTMLElement} */
function spoken(line) {
  return h("span", { class: "spoken" }, line.className === "done" ? "Done: " : "Open: ");
}

/** @param {string} html what the server has cleaned @returns {HTMLElement} */
export function prose(html) {
  const element = h("div", { class: "prose", dir: "auto" });
  fill(element, html);
  return element;
}
