/** A card moved by someone else slides to its new place; nothing else moves by itself. */

const SLIDE = { duration: 150, easing: "ease-out" };
const MOST = 120;

/**
 * Remember where the cards in sight are; the function that comes back lets those that moved slide.
 * @param {HTMLElement} place
 * @returns {() => void}
 */
export function slideFrom(place) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return () => undefined;
  const { innerHeight } = window;
  /** @type {Map<HTMLElement, DOMRect>} */
  const before = new Map();
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(".card"))) {
    const box = card.getBoundingClientRect();
    if (box.bottom > 0 && box.top < innerHeight) before.set(card, box);
    if (before.size >= MOST) break;
  }
  return () => {
    for (const [card, was] of before) if (card.isConnected) slide(card, was);
  };
}

/** @param {HTMLElement} card @param {DOMRect} was */
function slide(card, was) {
  const is = card.getBoundingClientRect();
  const [x, y] = [was.left - is.left, was.top - is.top];
  if (!x && !y) return;
  card.animate([{ transform: `translate(${x}px, ${y}px)`, zIndex: 2 }, { transform: "none", zIndex: 2 }], SLIDE);
}
