/** The cards that are drawn, by ref: a card that moves keeps its element. */

import { blankCard, drawCard } from "./card.js";

export class Pool {
  constructor() {
    /** @type {Map<string, {element: HTMLElement, text: string}>} */
    this.known = new Map();
  }

  /**
   * Give the element of a card, drawn anew only if something on it changed.
   * @param {import("./card.js").Card} card
   * @returns {HTMLElement}
   */
  drawn(card) {
    const text = JSON.stringify(card) + location.search;
    let entry = this.known.get(card.ref);
    if (!entry) this.known.set(card.ref, (entry = { element: blankCard(), text: "" }));
    if (entry.text !== text) {
      drawCard(entry.element, card);
      entry.text = text;
    }
    return entry.element;
  }

  /** Forget cards that are on no column any more. @param {Set<string>} refs */
  keep(refs) {
    for (const ref of this.known.keys()) if (!refs.has(ref)) this.known.delete(ref);
  }
}
