/** Where there is room for one column only: which one. */

import { h } from "./dom.js";

export class Switcher {
  /** @param {HTMLElement} place @param {HTMLElement} board */
  constructor(place, board) {
    this.place = place;
    this.board = board;
    this.chosen = "in_progress";
    /** @type {Map<string, HTMLElement>} */
    this.counts = new Map();
  }

  /** @param {import("./types.js").ColumnHead[]} columns */
  build(columns) {
    this.counts = new Map(columns.map(({ state }) => [state, h("span", { class: "count" })]));
    this.place.replaceChildren(...columns.map((column) => this.#button(column)));
    this.choose(this.chosen);
  }

  /** @param {string} state @param {number} count */
  count(state, count) {
    const place = this.counts.get(state);
    if (place) place.textContent = String(count);
  }

  /** Show one column. @param {string} state */
  choose(state) {
    this.chosen = state;
    this.board.dataset.only = state;
    for (const button of this.place.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.state === state));
  }

  /** @param {import("./types.js").ColumnHead} column @returns {HTMLElement} */
  #button({ state, name }) {
    return h("button", { type: "button", "data-state": state, title: name, onclick: () => this.choose(state) }, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), h("span", { class: "word" }, name), " ", this.counts.get(state));
  }
}
