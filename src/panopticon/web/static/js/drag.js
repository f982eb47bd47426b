/** Drag a card to a column. (To be completed by its owner.) */

/** @param {HTMLElement} place the board */
export function makeDraggable(place) {}
