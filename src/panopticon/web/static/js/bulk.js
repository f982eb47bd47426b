/** One action on all chosen cards. (To be completed by its owner.) */

/** @param {HTMLElement} place */
export function showBulk(place) {}
