/** The cards that are drawn, by ref: a card that moves keeps its element. */

import { now } from "./time.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {{element: HTMLElement, card: Card | null, until: number}} Drawn */

const MOST = 1500; // beyond this, cards far from sight are made anew when they come back

export class Pool {
  /**
   * @param {{blank: () => HTMLElement, draw: (element: HTMLElement, card: Card) => void}} look
   */
  constructor(look) {
    this.look = look;
    /** @type {Map<string, Drawn>} */
    this.known = new Map();
  }

  /**
   * Give the element of a card, drawn anew only if the card is another object, or its claim has ended.
   * @param {Card} card
   * @returns {HTMLElement}
   */
  drawn(card) {
    let entry = this.known.get(card.ref);
    if (!entry) this.known.set(card.ref, (entry = { element: this.look.blank(), card: null, until: Infinity }));
    if (entry.card !== card || entry.until <= now()) {
      const end = card.lease?.expires_at ? Date.parse(card.lease.expires_at) : Infinity;
      entry.until = end > now() ? end : Infinity;
      entry.card = card;
      this.look.draw(entry.element, card);
    }
    return entry.element;
  }

  /** @returns {boolean} whether a claim that is drawn has ended */
  isStale() {
    return [...this.known.values()].some(({ until }) => until <= now());
  }

  /** Forget cards that are nowhere in the page, when there are many. */
  trim() {
    if (this.known.size <= MOST) return;
    for (const [ref, { element }] of this.known) if (!element.isConnected) this.known.delete(ref);
  }
}
