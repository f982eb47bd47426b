/**
 * A small list to choose from, beside what it is for; at the foot of the screen on a phone.
 *
 * @typedef {{value: string, text: string, hint?: string, icon?: string, swatch?: string, disabled?: boolean,
 *   reason?: string, keys?: string}} Choice
 *   what is `disabled` can be looked at with its `reason`, and not taken; `swatch` is a column's dot
 * @typedef {{anchor: HTMLElement, title: string, choices: Choice[] | Promise<Choice[]>, at?: {x: number, y: number}}} Question
 *   `at` is where the person pointed, if not the anchor itself
 */

import { onPlace } from "./address.js";
import { reasonOf } from "./api.js";
import { h, icon } from "./dom.js";
import { markOption, optionOf } from "./listbox.js";
import { place as put } from "./place.js";

const PHONE = "(max-width: 599px)";
const TYPED = 600; // within so many milliseconds letters make one word
const MANY = 8; // from so many choices on there is a box to type in
const MOST = 200;
let count = 0;
/** @type {Menu | null} */
let open = null;

/**
 * Ask for one of several; resolves to its value, or null when put away. Focus goes back to the anchor.
 * @param {Question & {chosen?: string[], isFiltered?: boolean}} question
 * @returns {Promise<string | null>}
 */
export function choose({ chosen = [], isFiltered = false, ...question }) {
  return new Promise((resolve) => {
    const menu = new Menu(question, { isFiltered, ticks: new Map(chosen.map((value) => [value, true])), isMany: false, canAdd: false });
    menu.answer = (value) => resolve(value);
    menu.show();
  });
}

/**
 * Ask for any number, of several things at once: `chosen` holds for all of them, `some` for some and is left
 * as it is unless touched; new ones where `canAdd`. Resolves to what to add and to remove, or null.
 * @param {Question & {chosen: string[], some: string[], canAdd?: boolean}} question
 * @returns {Promise<{added: string[], removed: string[]} | null>}
 */
export function chooseChanges({ chosen, some, canAdd = false, ...question }) {
  return new Promise((resolve) => {
    /** @type {Map<string, Tick>} */
    const ticks = new Map([...chosen.map((value) => /** @type {[string, Tick]} */ ([value, true])), ...some.map((value) => /** @type {[string, Tick]} */ ([value, "mixed"]))]);
    const before = new Map(ticks);
    const menu = new Menu(question, { isFiltered: true, ticks, isMany: true, canAdd });
    menu.answer = (value) => {
      if (value === null) return resolve(null);
      const touched = [...new Set([...before.keys(), ...ticks.keys()])].filter((one) => (ticks.get(one) ?? false) !== (before.get(one) ?? false));
      resolve({ added: touched.filter((one) => ticks.get(one) === true), removed: touched.filter((one) => !ticks.get(one)) });
    };
    menu.show();
  });
}

/** @typedef {boolean | "mixed"} Tick */

class Menu {
  /**
   * @param {Question} question
   * @param {{isFiltered: boolean, ticks: Map<string, Tick>, isMany: boolean, canAdd: boolean}} how
   */
  constructor(question, how) {
    this.question = question;
    this.how = how;
    this.id = `menu-${++count}`;
    /** @type {(value: string | null) => void} */
    this.answer = () => {};
    this.unfollow = () => {};
    /** @type {Choice[]} */
    this.choices = [];
    /** @type {Choice[]} */
    this.found = [];
    this.at = 0;
    this.typed = { text: "", when: 0 };
    this.before = /** @type {HTMLElement | null} */ (document.activeElement);
    this.list = h("ul", { id: this.id, role: "listbox", "aria-label": question.title, "aria-multiselectable": how.isMany ? "true" : null, tabindex: -1 });
    this.box = /** @type {HTMLInputElement} */ (
      h("input", { type: "text", role: "combobox", "aria-label": question.title, "aria-controls": this.id, "aria-expanded": "true", "aria-autocomplete": "list", placeholder: how.canAdd ? "Find or add" : "Find", autocomplete: "off", spellcheck: "false", maxlength: 200, oninput: () => this.#filter() })
    );
    this.note = h("p", { class: "note", role: "status" });
    const done = how.isMany && h("div", { class: "end" }, h("button", { type: "button", class: "button primary", onclick: () => this.close("") }, "Apply"));
    this.element = h("div", { class: "menu", popover: "manual" }, h("p", { class: "heading", "aria-hidden": "true" }, question.title), this.box, this.list, this.note, done);
    this.box.hidden = true;
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#click(event));
    this.list.addEventListener("pointermove", (event) => this.#point(event));
  }

  async show() {
    open?.close(null);
    open = this;
    (this.question.anchor.closest("dialog") ?? document.body).append(this.element);
    this.element.showPopover();
    this.outside = (/** @type {Event} */ event) => {
      if (!this.element.contains(/** @type {Node} */ (event.target))) this.close(null, false);
    };
    document.addEventListener("pointerdown", this.outside, true);
    this.unfollow = onPlace(() => this.close(null, false));
    if (!Array.isArray(this.question.choices)) this.#wait();
    try {
      this.choices = await this.question.choices;
    } catch (error) {
      return this.#fail(/** @type {any} */ (error));
    }
    if (open !== this) return;
    this.box.hidden = !(this.how.isFiltered || this.choices.length > MANY);
    this.note.textContent = "";
    const chosen = this.choices.findIndex(({ value }) => this.how.ticks.get(value));
    this.at = Math.max(0, chosen >= 0 ? chosen : this.choices.findIndex(({ disabled }) => !disabled));
    this.#filter();
    this.#focus();
  }

  /** Put the menu away. @param {string | null} value @param {boolean} [isBack] whether the focus goes back */
  close(value, isBack = true) {
    if (open !== this) return;
    open = null;
    document.removeEventListener("pointerdown", /** @type {EventListener} */ (this.outside), true);
    this.unfollow();
    this.element.remove();
    if (isBack) (this.before?.isConnected && this.before !== document.body ? this.before : this.question.anchor).focus({ preventScroll: true });
    this.answer(value);
  }

  #wait() {
    this.note.textContent = "Loading …";
    this.#put();
    this.list.focus({ preventScroll: true });
  }

  /** @param {{message: string, hint?: string}} error */
  #fail(error) {
    this.note.classList.add("trouble");
    this.note.textContent = reasonOf(error).replaceAll("`", "");
    this.#put();
  }

  #focus() {
    const target = this.box.hidden || matchMedia("(pointer: coarse)").matches ? this.list : this.box; // no keyboard over half of a phone unasked
    target.focus({ preventScroll: true });
  }

  #put() {
    if (!matchMedia(PHONE).matches) put(this.element, this.question.anchor, this.question.at);
  }

  #filter() {
    const words = this.box.value.trim().toLowerCase();
    const fits = this.choices.filter(({ text, hint }) => `${text} ${hint ?? ""}`.toLowerCase().includes(words));
    const isNew = this.how.canAdd && words && !this.choices.some(({ text }) => text.toLowerCase() === words);
    this.found = fits.slice(0, MOST);
    if (isNew) this.found.push({ value: this.box.value.trim(), text: `Add “${this.box.value.trim()}”`, icon: "plus" });
    if (words) this.at = 0;
    this.#draw();
  }

  #draw() {
    this.list.replaceChildren(...this.found.map((choice, index) => this.#option(choice, index)));
    this.note.textContent = this.found.length ? "" : this.choices.length ? "Nothing fits." : this.how.canAdd ? "None yet: type one." : "There is nothing to choose from.";
    this.#mark(Math.min(this.at, this.found.length - 1));
    this.#put();
  }

  /** @param {Choice} choice @param {number} index @returns {HTMLElement} */
  #option({ value, text, hint, icon: sign, swatch, disabled, reason, keys }, index) {
    const tick = this.how.ticks.get(value) ?? false;
    const mark = tick === "mixed" ? "minus" : "check";
    return h(
      "li",
      { id: `${this.id}-${index}`, role: "option", "data-index": index, "aria-disabled": disabled ? "true" : null, "aria-selected": String(tick === true), "aria-checked": tick === "mixed" ? "mixed" : null },
      swatch && h("span", { class: `dot ${swatch}`, "aria-hidden": "true" }),
      sign && icon(sign),
      h("span", { class: "text" }, h("span", { dir: "auto" }, text), hint && h("span", { class: "hint" }, ` ${hint}`), reason && h("span", { class: "reason" }, reason)),
      keys && h("kbd", { "aria-hidden": "true" }, keys),
      tick && icon(mark),
    );
  }

  /** @param {number} index */
  #mark(index) {
    this.at = Math.max(0, index);
    markOption(this.list, this.at, [this.list, this.box], { isChoice: false });
  }

  #take() {
    const choice = this.found[this.at];
    if (!choice) return;
    if (choice.disabled) return void (this.note.textContent = choice.reason ?? "That cannot be chosen now.");
    if (!this.how.isMany) return this.close(choice.value);
    const { ticks } = this.how;
    if (!this.choices.some(({ value }) => value === choice.value)) {
      this.choices = [{ value: choice.value, text: choice.value }, ...this.choices];
      this.box.value = "";
    }
    if (ticks.get(choice.value) === true) ticks.delete(choice.value);
    else ticks.set(choice.value, true);
    this.#filter();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.found.length - 1;
    const isBox = event.target === this.box;
    /** @type {Record<string, () => void>} */
    const does = {
      ArrowDown: () => this.#mark(this.at >= last ? 0 : this.at + 1),
      ArrowUp: () => this.#mark(this.at <= 0 ? last : this.at - 1),
      PageDown: () => this.#mark(Math.min(last, this.at + 8)),
      PageUp: () => this.#mark(this.at - 8),
      ...(isBox ? {} : { Home: () => this.#mark(0), End: () => this.#mark(last), " ": () => this.#take() }),
      Enter: () => (event.ctrlKey || event.metaKey ? this.how.isMany && this.close("") : this.#take()),
      Escape: () => this.close(null),
      ...(this.how.isMany ? {} : { Tab: () => this.close(null) }),
    };
    if (/** @type {HTMLElement} */ (event.target).closest("button") && event.key !== "Escape") return;
    const isWord = event.key === " " && this.typed.text !== "" && event.timeStamp - this.typed.when < TYPED; // a space inside it
    const doing = isWord ? undefined : does[event.key];
    event.stopPropagation();
    if (doing) {
      event.preventDefault();
      doing();
    } else if (!isBox && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#type(event);
    }
  }

  /** Go to what begins so; into the box where there is one. @param {KeyboardEvent} event */
  #type({ key, timeStamp }) {
    if (!this.box.hidden) {
      this.box.value += key;
      this.box.focus();
      return this.#filter();
    }
    const text = (timeStamp - this.typed.when < TYPED ? this.typed.text : "") + key.toLowerCase();
    this.typed = { text, when: timeStamp };
    const found = this.found.findIndex((choice) => choice.text.toLowerCase().startsWith(text));
    if (found >= 0) this.#mark(found);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const index = optionOf(event);
    if (index < 0) return;
    this.#mark(index);
    this.#take();
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const index = optionOf(event);
    if (index >= 0 && event.pointerType === "mouse" && index !== this.at) this.#mark(index);
  }
}
