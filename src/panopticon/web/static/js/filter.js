/** The query bar and the filters; what they say stands in the address. */

import { go, here } from "./address.js";
import { h, icon } from "./dom.js";

const PAUSE = 150;

export class Filter {
  /**
   * @param {HTMLInputElement} box
   * @param {HTMLElement} chips
   * @param {HTMLSelectElement} epic
   * @param {HTMLSelectElement} tracker
   */
  constructor(box, chips, epic, tracker) {
    this.box = box;
    this.chips = chips;
    this.selects = { epic, tracker };
    this.timer = 0;
    box.addEventListener("input", () => this.#typed());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && box.value) this.#clear(event);
    });
    for (const [name, select] of Object.entries(this.selects)) select.addEventListener("change", () => go({ [name]: select.value }));
    document.addEventListener("keydown", (event) => this.#slash(event));
    this.show();
  }

  /** Say in the bar what the address says. */
  show() {
    const place = here();
    if (document.activeElement !== this.box) this.box.value = place.q;
    const chosen = Object.keys(this.selects).filter((name) => place[name]);
    this.chips.replaceChildren(...chosen.map((name) => this.#chip(name, place[name])));
    for (const [name, select] of Object.entries(this.selects)) choose(select, place[name]);
  }

  /** @param {{ref: string, key: string, title: string}[]} epics @param {string[]} trackers */
  offer(epics, trackers) {
    const options = epics.map(({ key, ref, title }) => ({ value: epics.filter((e) => e.key === key).length > 1 ? ref : key, text: `${key} ${title}` }));
    setOptions(this.selects.epic, "All epics", options);
    setOptions(this.selects.tracker, "All trackers", trackers.map((name) => ({ value: name, text: name })));
    this.selects.tracker.parentElement.hidden = trackers.length < 2;
    this.selects.epic.parentElement.hidden = epics.length === 0 && !here().epic;
    this.show();
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => go({ q: this.box.value.trim() }, { replace: true }), PAUSE);
  }

  /** @param {KeyboardEvent} event */
  #clear(event) {
    event.stopPropagation();
    this.box.value = "";
    this.#typed();
  }

  /** @param {KeyboardEvent} event */
  #slash(event) {
    const typing = /** @type {HTMLElement} */ (event.target).closest?.("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.box.select();
    this.box.focus();
  }

  /** @param {string} name @param {string} value @returns {HTMLElement} */
  #chip(name, value) {
    const drop = () => {
      go({ [name]: "" });
      this.box.focus();
    };
    return h("button", { type: "button", class: "token", onclick: drop, "aria-label": `Remove filter ${name} ${value}` }, `${name}:${value}`, icon("x"));
  }
}

/** @param {HTMLSelectElement} select @param {string} all @param {{value: string, text: string}[]} options */
function setOptions(select, all, options) {
  const text = JSON.stringify(options);
  if (select.dataset.options === text) return;
  select.dataset.options = text;
  select.replaceChildren(h("option", { value: "" }, all), ...options.map(({ value, text: label }) => h("option", { value }, label)));
}

/** Choose a value, adding it if it is not offered: an address may name anything. @param {HTMLSelectElement} select @param {string} value */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.append(h("option", { value }, value));
  select.value = value;
  select.classList.toggle("set", Boolean(value));
}
