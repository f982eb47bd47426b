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
  const said = help && h("p", { class: "help", id: `${control.id}-help` }, ...worded(help));
  if (said) control.setAttribute("aria-describedby", said.id);
  return h("div", { class: "setting" }, h("label", { for: control.id }, label), h("div", { class: "setting-value" }, control, said));
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
  place.replaceChildren(h("p", { class: "refused", role: "alert" }, icon("circle-alert"), h("span", {}, error.message, " ", ...worded(error.hint ?? ""))));
}

/**
 * Do something with a button that waits meanwhile; a refusal is shown in `place`.
 * @param {HTMLElement} button
 * @param {HTMLElement} place
 * @param {() => Promise<unknown>} act
 */
export async function busily(button, place, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  place.replaceChildren(h("p", { class: "help", role: "status" }, "One moment …"));
  try {
    await act();
  } catch (error) {
    refused(place, error);
  } finally {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
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
  return h("section", { class: "settings-part", id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), lead && h("p", { class: "lead" }, ...worded(lead)), ...parts);
}
