/** The cards as a list. (To be completed by its owner.) */

export class List {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /** @param {import("./types.js").Card[]} cards in their order */
  show(cards) {}

  /** Mark the item that is open. @param {string} ref */
  mark(ref) {}

  /** Put the focus back on an item. @param {string} ref */
  focus(ref) {}
}
