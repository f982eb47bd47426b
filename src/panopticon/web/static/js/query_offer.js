/** Completion in the query bar: fields, then their values; a list under the box that the arrows walk. */

import { h } from "./dom.js";
import { markOption, optionOf } from "./listbox.js";
import { spelled, termsOf } from "./query_text.js";
import { FIELD_HELP, learn, valuesFor } from "./query_words.js";

/** @typedef {{text: string, help: string, isField: boolean}} Offer */

const MOST = 12;
const LEAST_TYPED = 2; // letters of a word before fields are offered: most words are just searched
const LIST = "query-list";

export class Offers {
  /** @param {HTMLInputElement} box @param {(isValue: boolean) => void} taken */
  constructor(box, taken) {
    this.box = box;
    this.taken = taken;
    this.at = -1;
    /** @type {Offer[]} */
    this.found = [];
    /** @type {[number, number]} what an offer replaces */
    this.place = [0, 0];
    this.list = h("ul", { id: LIST, role: "listbox", "aria-label": "Fields and values", class: "query-offers", hidden: true });
    box.closest(".query")?.append(this.list);
    box.setAttribute("aria-controls", LIST);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
    this.list.addEventListener("click", (event) => this.take(optionOf(event)));
    box.addEventListener("focus", () => void learn());
    box.addEventListener("blur", () => this.close());
    this.close();
  }

  /** @returns {boolean} */
  isOpen() {
    return !this.list.hidden;
  }

  /** Offer what fits before the caret. @param {{isAsked?: boolean}} [how] asked for, all fields are offered too */
  show({ isAsked = false } = {}) {
    const caret = this.box.selectionStart ?? this.box.value.length;
    this.found = this.#offersAt(caret, isAsked);
    this.at = -1;
    if (!this.found.length) return this.close();
    this.list.replaceChildren(...this.found.map(option));
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    markOption(this.list, this.at, [this.box]);
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.found = [];
    this.at = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {number} step */
  walk(step) {
    if (!this.isOpen()) return this.show({ isAsked: true });
    const count = this.found.length;
    this.at = this.at < 0 ? (step > 0 ? 0 : count - 1) : (this.at + step + count) % count;
    markOption(this.list, this.at, [this.box]);
  }

  /** Write an offer into the box. @param {number} [index] @returns {boolean} whether there was one */
  take(index = this.at) {
    const offer = this.found[index];
    if (!offer) return false;
    const [start, end] = this.place;
    const { value } = this.box;
    const text = offer.isField ? `${offer.text}:` : `${spelled(offer.text)} `;
    this.box.value = value.slice(0, start) + text + value.slice(end).replace(/^\s+/, "");
    this.box.setSelectionRange(start + text.length, start + text.length);
    this.close();
    this.box.focus();
    this.taken(!offer.isField);
    return true;
  }

  /** @param {number} caret @param {boolean} isAsked @returns {Offer[]} */
  #offersAt(caret, isAsked) {
    const term = termsOf(this.box.value).find(({ start, end }) => start < caret && caret <= end);
    if (!term) {
      this.place = [caret, caret];
      return isAsked ? fields("") : [];
    }
    const part = term.values.find(({ start, end }) => start <= caret && caret <= end);
    if (!term.field) {
      if (term.values[0].isQuoted || (term.values[0].text.length < LEAST_TYPED && !isAsked)) return [];
      this.place = [term.from, term.end];
      return fields(term.values[0].text);
    }
    if (!part) return [];
    this.place = [part.start, part.end];
    const word = part.text.toLowerCase();
    const fits = valuesFor(term.field).filter(({ value, help }) => `${value} ${help}`.toLowerCase().includes(word));
    if (fits.length === 1 && fits[0].value.toLowerCase() === word && !isAsked) return []; // it stands there already
    const best = (/** @type {{value: string}} */ { value }) => Number(!value.toLowerCase().startsWith(word));
    return fits.sort((a, b) => best(a) - best(b)).slice(0, MOST).map(({ value, help }) => ({ text: value, help, isField: false }));
  }
}

/** @param {string} begun @returns {Offer[]} */
function fields(begun) {
  const word = begun.toLowerCase();
  return Object.entries(FIELD_HELP)
    .filter(([name]) => name.startsWith(word))
    .map(([name, help]) => ({ text: name, help, isField: true }));
}

/** @param {Offer} offer @param {number} index @returns {HTMLElement} */
function option({ text, help, isField }, index) {
  return h("li", { id: `${LIST}-${index}`, role: "option", "data-index": index, "aria-selected": "false" }, h("span", { class: "offer-word", dir: "auto" }, isField ? `${text}:` : text), help && h("span", { class: "hint" }, ` ${help}`));
}
