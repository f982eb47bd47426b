/** A labelled control of the settings, with its help and what is wrong with it. */

import { h, icon, worded } from "./dom.js";

let count = 0;

/**
 * Put a label and help to a control.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string | null} [help]
 * @returns {HTMLElement}
 */
export function row(label, control, help = null) {
  control.id ||= `setting-${++count}`;
  const value = h("div", { class: "setting-value" }, control);
  const element = h("div", { class: "setting" }, h("label", { for: control.id }, label), value);
  explain(control, help);
  return element;
}

/**
 * Say below a control what it is for; null takes it away.
 * @param {HTMLElement} control one that `row` has placed
 * @param {string | null} help
 */
export function explain(control, help) {
  const id = `${control.id}-help`;
  const place = control.parentElement;
  const old = place?.querySelector(".help");
  if (help) {
    const said = h("p", { class: "help", id }, ...worded(help));
    if (old) old.replaceWith(said);
    else control.after(said);
  } else old?.remove();
  describe(control);
}

/**
 * Say beside a control what is wrong with it.
 * @param {HTMLElement} control
 * @param {string} text
 */
export function fault(control, text) {
  control.setAttribute("aria-invalid", "true");
  control.parentElement?.querySelector(".refused")?.remove();
  control.after(h("p", { class: "refused", id: `${control.id}-fault`, role: "alert" }, icon("circle-alert"), h("span", {}, ...worded(text))));
  describe(control);
  control.focus();
}

/** Take back what was wrong with the controls of a form. @param {HTMLElement} form */
export function faultless(form) {
  for (const control of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[aria-invalid]"))) {
    control.removeAttribute("aria-invalid");
    control.parentElement?.querySelector(".refused")?.remove();
    describe(control);
  }
}

/** @param {HTMLElement} control */
function describe(control) {
  const ids = [...(control.parentElement?.querySelectorAll(":scope > .refused[id], :scope > .help[id]") ?? [])].map(({ id }) => id);
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * Make a box to type in.
 * @param {Record<string, unknown>} [attributes]
 * @returns {HTMLInputElement}
 */
export function box(attributes = {}) {
  return /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "text", ...attributes }));
}

/**
 * Make a select.
 * @param {{value: string, text: string}[]} options
 * @param {string} chosen
 * @param {Record<string, unknown>} [attributes]
 * @returns {HTMLSelectElement}
 */
export function select(options, chosen, attributes = {}) {
  const element = /** @type {HTMLSelectElement} */ (h("select", { class: "input", ...attributes }, ...options.map(({ value, text }) => h("option", { value }, text))));
  element.value = chosen;
  return element;
}

/**
 * Say below a form what was refused, and why; nothing takes it away but the next try.
 * @param {HTMLElement} place
 * @param {any} error an ApiError
 */
export function refused(place, error) {
  place.replaceChildren(h("p", { class: "refused", role: "alert" }, icon("circle-alert"), h("span", { dir: "auto" }, ...worded(error.message), " ", ...worded(error.hint ?? ""))));
}

/**
 * A section of a page, with an address of its own.
 * @param {string} id
 * @param {string} title
 * @param {string} lead
 * @param {...(Node | null | false)} parts
 * @returns {HTMLElement}
 */
export function section(id, title, lead, ...parts) {
  return h("section", { class: "settings-part", id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title`, tabindex: "-1" }, title), lead && h("p", { class: "lead" }, ...worded(lead)), ...parts);
}
