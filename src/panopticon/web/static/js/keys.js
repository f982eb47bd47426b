/** Walk the board and act on cards by keys, and the overlay that shows them. (To be completed by its owner.) */

export function registerKeys() {}
