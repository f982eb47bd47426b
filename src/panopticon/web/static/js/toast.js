/** Say what happened at the foot of the page, with the way back; refusals interrupt, the rest waits its turn. */

import { h, icon, worded } from "./dom.js";

const SHOWN = 8000;
const MOST = 3;

/**
 * @typedef {{undo?: () => void, next?: {name: string, run: () => void}, isTrouble?: boolean, hint?: string}} How
 */

/**
 * Show a toast; it goes after some seconds unless somebody points at it, and a refusal stays until put away.
 * @param {string} text
 * @param {How} [how]
 */
export function toast(text, how = {}) {
  const place = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  const timer = { id: 0 };
  const gone = () => {
    clearTimeout(timer.id);
    element.remove();
  };
  const wait = () => {
    if (!how.isTrouble) timer.id = window.setTimeout(gone, SHOWN);
  };
  const next = how.undo ? { name: "Undo", run: how.undo } : how.next;
  const button = next && h("button", { type: "button", class: "link", onclick: () => (gone(), next.run()) }, next.name);
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Put away", onclick: gone }, icon("x"));
  const words = h("span", {}, text, how.hint ? " " : null, ...worded(how.hint ?? ""));
  const element = h("div", { class: how.isTrouble ? "toast trouble" : "toast", role: how.isTrouble ? "alert" : "status", onpointerenter: () => clearTimeout(timer.id), onpointerleave: wait }, how.isTrouble && icon("circle-alert"), words, button, close);
  while (place.children.length >= MOST) place.firstElementChild?.remove();
  place.append(element);
  wait();
}

/** @param {any} error an ApiError or a bug */
export function refusal(error) {
  toast(error.message, { isTrouble: true, hint: error.hint });
}
