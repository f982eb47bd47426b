/** The fields of a new item: those it needs first, the rest behind a word. */

import { controlFor } from "./control.js";
import { h } from "./dom.js";
import { isSame } from "./value.js";

/** @typedef {import("./types.js").FormField} FormField */
/** @typedef {{field: FormField, control: import("./control.js").Control, element: HTMLElement, beside: HTMLElement}} Asked */

const FIRST = ["title", "body"];

export class CreateForm {
  /** @param {import("./types.js").Form} form @param {Record<string, any>} values what is known already, by name */
  constructor(form, values) {
    /** @type {Asked[]} */
    this.asked = form.fields.map((field) => askedFor(field, values[field.name] ?? null, form.tracker));
    const isFirst = (/** @type {Asked} */ { field }) => field.required || FIRST.includes(field.name) || !isEmpty(field, values[field.name]);
    const first = this.asked.filter(isFirst).sort((a, b) => order(a) - order(b));
    const rest = this.asked.filter((one) => !first.includes(one));
    this.more = /** @type {HTMLDetailsElement} */ (h("details", { class: "more-fields" }, h("summary", {}, "More fields"), h("div", { class: "group" }, ...rest.map(({ element }) => element))));
    this.elements = [...first.map(({ element }) => element), ...(rest.length ? [this.more] : [])];
  }

  /** Put the caret where one begins to type. */
  focus() {
    this.asked.find(({ field }) => field.name === "title")?.control.input.focus();
  }

  /** @returns {Record<string, any>} what stands in the boxes, as far as it can be read */
  values() {
    /** @type {Record<string, any>} */
    const values = {};
    for (const { field, control } of this.asked) {
      try {
        values[field.name] = control.read();
      } catch {
        // said when it is sent
      }
    }
    return values;
  }

  /** Read everything; what is missing or wrong is said beside its box. @returns {[string, any][] | null} null where something is */
  checked() {
    /** @type {[string, any][]} */
    const found = [];
    /** @type {Asked[]} */
    const wrong = [];
    for (const one of this.asked) {
      const { field, control } = one;
      tell(one, "");
      try {
        const value = control.read();
        if (field.required && isSame(value, null)) throw new Error(`${field.label} is needed.`);
        if (field.required || !isEmpty(field, value)) found.push([field.name, value]);
      } catch (error) {
        tell(one, /** @type {Error} */ (error).message);
        wrong.push(one);
      }
    }
    this.#show(wrong[0]);
    return wrong.length ? null : found;
  }

  /**
   * Say beside a field why the tracker refused it.
   * @param {string | undefined} name
   * @param {string} text
   * @returns {boolean} whether there is such a field
   */
  refused(name, text) {
    const one = this.asked.find(({ field }) => name !== undefined && (field.name === name || field.name === `custom.${name}`));
    if (one) tell(one, text);
    this.#show(one);
    return one !== undefined;
  }

  /** @param {Asked | undefined} one */
  #show(one) {
    if (!one) return;
    if (this.more.contains(one.element)) this.more.open = true;
    one.control.input.focus();
  }
}

/** @param {FormField} field @param {any} value @returns {boolean} whether it says nothing that a new item would not say by itself */
function isEmpty(field, value) {
  return isSame(value, null) || value === false || (field.name === "priority" && value === 0);
}

/** @param {Asked} asked @returns {number} */
function order({ field }) {
  const place = FIRST.indexOf(field.name);
  return place >= 0 ? place : FIRST.length;
}

/** @param {FormField} field @param {any} value @param {string} tracker @returns {Asked} */
function askedFor(field, value, tracker) {
  const id = `new-${field.name.replace(/\s+/g, "-")}`; // ids are told apart by spaces
  const beside = h("div", { class: "beside", role: "alert", id: `${id}-why` });
  const control = controlFor(field, value, tracker, { id, "aria-required": field.required ? "true" : null, "aria-describedby": `${id}-why` });
  const needed = field.required && h("span", { class: "needed-mark" }, " · needed");
  const isTall = field.type === "markdown" || field.name === "title";
  const element = h("div", { class: isTall ? "asked tall" : "asked" }, h("label", { for: id, dir: "auto" }, field.label, needed), control.element, beside);
  return { field, control, element, beside };
}

/** @param {Asked} asked @param {string} text */
function tell({ control, beside }, text) {
  control.input.toggleAttribute("aria-invalid", false);
  if (text) control.input.setAttribute("aria-invalid", "true");
  beside.replaceChildren(...(text ? [h("p", {}, text)] : []));
}
