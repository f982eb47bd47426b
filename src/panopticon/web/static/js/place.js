/** Where something that floats stands: beside what it belongs to, and whole in the window. */

const GAP = 4;
const EDGE = 8;
const LEAST = 120; // pixels high, else one scrolls more than one sees

/**
 * Put an element below its anchor, above it where there is more room, or where somebody pointed.
 * @param {HTMLElement} element
 * @param {HTMLElement} anchor
 * @param {{x: number, y: number}} [at]
 */
export function place(element, anchor, at) {
  const by = at ? new DOMRect(at.x, at.y, 0, 0) : anchor.getBoundingClientRect();
  const below = innerHeight - by.bottom - GAP - EDGE;
  const above = by.top - GAP - EDGE;
  element.style.maxHeight = "";
  const { width, height } = element.getBoundingClientRect();
  const isBelow = height <= below || below >= above;
  const room = Math.max(LEAST, isBelow ? below : above);
  const drawn = Math.min(height, room);
  if (height > room) element.style.maxHeight = `${room}px`;
  const top = isBelow ? by.bottom + GAP : by.top - GAP - drawn;
  element.style.left = `${Math.max(EDGE, Math.min(by.left, innerWidth - width - EDGE))}px`;
  element.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - EDGE - drawn))}px`;
}
