/** Scroll what lies under a pointer that is held near its edge. */

import { scrollerOf } from "./walk.js";

const EDGE = 56;
const MOST = 18; // pixels in a frame

/** @param {number} at @param {number} from @param {number} to @returns {number} pixels to scroll, the more the nearer */
function pull(at, from, to) {
  if (at < from + EDGE) return -Math.ceil(((from + EDGE - Math.max(at, from)) / EDGE) * MOST);
  if (at > to - EDGE) return Math.ceil(((Math.min(at, to) - to + EDGE) / EDGE) * MOST);
  return 0;
}

/**
 * Scroll one frame further, sideways and up or down.
 * @param {HTMLElement} board
 * @param {Element | null} under what is under the pointer
 * @param {{x: number, y: number}} point
 * @returns {boolean} whether anything moved
 */
export function scrollAtEdges(board, under, { x, y }) {
  const edges = board.getBoundingClientRect();
  const before = board.scrollLeft;
  if (y >= edges.top && y <= edges.bottom) board.scrollLeft += pull(x, edges.left, Math.min(edges.right, innerWidth));
  const scroller = scrollerOf(under && board.contains(under) ? (under.querySelector(".scroller") ?? under) : null);
  const height = scroller?.scrollTop;
  if (scroller) {
    const { top, bottom } = scroller.getBoundingClientRect();
    scroller.scrollTop += pull(y, top, Math.min(bottom, innerHeight));
  }
  return board.scrollLeft !== before || scroller?.scrollTop !== height;
}
