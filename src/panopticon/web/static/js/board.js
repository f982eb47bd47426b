/** The board: five columns, kept in step with the server without losing scroll or focus. */

import { Column } from "./column.js";
import { go } from "./address.js";
import { h } from "./dom.js";
import { items } from "./items.js";
import { Pool } from "./pool.js";

const SLIDE = { duration: 150, easing: "ease-out" };
const MOST_SLIDES = 120;

export class Board {
  /** @param {HTMLElement} place @param {HTMLElement} switcher */
  constructor(place, switcher) {
    this.place = place;
    this.switcher = switcher;
    this.pool = new Pool();
    /** @type {Map<string, Column>} */
    this.columns = new Map();
    place.addEventListener("click", (event) => {
      const card = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest?.("li.card"));
      if (!card || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go({ item: card.dataset.ref });
    });
  }

  /**
   * Show the lanes (so far: the first).
   * @param {import("./order.js").Lane[]} lanes
   * @param {{slide?: boolean}} [how]
   */
  show(lanes, how = { slide: true }) {
    if (!this.columns.size) this.#build(items.head.columns);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const before = how.slide ? this.#places() : new Map();
    const refs = new Set();
    for (const [state, cards] of lanes[0]?.columns ?? []) {
      for (const card of cards) refs.add(card.ref);
      this.columns.get(state)?.show(cards);
    }
    this.pool.keep(refs);
    this.#label();
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
    this.#slide(before);
  }

  /** Mark the card whose item is open, and have it in sight beside the panel. @param {string} ref */
  mark(ref) {
    for (const [known, { element }] of this.pool.known) {
      element.classList.toggle("open", known === ref);
      if (known === ref) element.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  /** Put the focus back on a card. @param {string} ref */
  focus(ref) {
    this.pool.known.get(ref)?.element.querySelector("a")?.focus();
  }

  /** @param {{state: string, name: string}[]} columns */
  #build(columns) {
    for (const { state, name } of columns) this.columns.set(state, new Column(state, name, this.pool));
    this.place.replaceChildren(...[...this.columns.values()].map((column) => column.element));
    this.switcher.replaceChildren(...[...this.columns].map(([state, column]) => this.#button(state, column)));
    this.choose("in_progress");
  }

  /** @param {string} state @param {Column} column @returns {HTMLElement} */
  #button(state, column) {
    const choose = () => this.choose(state);
    return h("button", { type: "button", "data-state": state, title: column.name, onclick: choose }, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), h("span", { class: "word" }, column.name), " ", h("span", { class: "count" }));
  }

  /** Show one column where there is room for one. @param {string} state */
  choose(state) {
    for (const button of this.#buttons()) button.setAttribute("aria-pressed", String(button.dataset.state === state));
    for (const [name, column] of this.columns) column.element.classList.toggle("chosen", name === state);
  }

  /** @returns {HTMLElement[]} */
  #buttons() {
    return [...this.switcher.querySelectorAll("button")];
  }

  #label() {
    for (const button of this.#buttons()) {
      const column = this.columns.get(button.dataset.state);
      button.querySelector(".count").textContent = String(column.cards.length);
    }
  }

  /** @returns {Map<HTMLElement, DOMRect>} where the cards in sight are */
  #places() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return new Map();
    /** @type {HTMLElement[]} */
    const cards = [...this.place.querySelectorAll("li")].slice(0, MOST_SLIDES);
    return new Map(cards.map((card) => [card, card.getBoundingClientRect()]));
  }

  /** Let cards that moved slide from where they were. @param {Map<HTMLElement, DOMRect>} before */
  #slide(before) {
    for (const [card, was] of before) {
      if (!card.isConnected) continue;
      const is = card.getBoundingClientRect();
      const [x, y] = [was.left - is.left, was.top - is.top];
      if (x || y) card.animate([{ transform: `translate(${x}px, ${y}px)`, zIndex: 2 }, { transform: "none", zIndex: 2 }], SLIDE);
    }
  }
}
