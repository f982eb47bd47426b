/** Say what happened at the foot of the page, with the way back; refusals interrupt, the rest waits its turn. */

import { h, icon, worded } from "./dom.js";

const SHOWN = 8000;
const SETTLED = 20;
const SWIPED = 60; // pixels to either side
const MOST_TROUBLE = 6; // what still asks something of somebody is not pushed out by good news

/**
 * @typedef {{undo?: () => void, next?: {name: string, run: () => void}, isTrouble?: boolean, isWarning?: boolean,
 *   hint?: string, details?: string[], about?: string, content?: (gone: () => void) => (Node | string | null | false | undefined)[]}} How
 *   `next` is a button of its own words; `details` are said line by line, `content` follows; a warning stays as
 *   trouble does and interrupts nobody; what is `about` the same thing takes the place of old trouble about it
 */

/**
 * Show a toast; it goes after some seconds unless somebody points at it, and a refusal stays until put away.
 * @param {string} text
 * @param {How} [how]
 * @returns {() => void} puts it away
 */
export function toast(text, how = {}) {
  const place = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  const stays = how.isTrouble || how.isWarning;
  const timer = { id: 0 };
  /** @type {HTMLElement | null} where the focus was before it came here */
  let before = null;
  const gone = () => {
    clearTimeout(timer.id);
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    if (hadFocus && before?.isConnected) before.focus({ preventScroll: true });
  };
  const hold = () => clearTimeout(timer.id);
  const entered = (/** @type {FocusEvent} */ { relatedTarget: from }) => {
    hold();
    if (from instanceof HTMLElement && !place.contains(from)) before = from;
  };
  const wait = () => {
    hold();
    if (!stays) timer.id = window.setTimeout(gone, SHOWN);
  };
  const ways = [how.next, how.undo && { name: "Undo", run: how.undo }];
  const buttons = ways.map((way) => way && h("button", { type: "button", class: "link", onclick: () => (gone(), way.run()) }, way.name));
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Put away", onclick: gone }, icon("x"));
  const words = h("div", { class: "words" });
  const element = h(
    "div",
    { class: stays ? "toast trouble" : "toast", "data-about": how.about, role: how.isTrouble ? "alert" : "status", onpointerenter: hold, onpointerleave: wait, onfocusin: entered, onfocusout: wait },
    stays && icon(how.isTrouble ? "circle-alert" : "clock"),
    words,
    ...buttons,
    close,
  );
  hearSwipe(element, gone);
  if (how.about) place.querySelector(`.trouble[data-about="${CSS.escape(how.about)}"]`)?.remove();
  makeRoom(place, stays ?? false);
  place.append(element);
  // A live region is heard when its words change, so it must stand there first.
  setTimeout(() => words.append(...sentences(text, how, gone)), SETTLED);
  wait();
  return gone;
}

/** @param {string} text @param {How} how @param {() => void} gone @returns {(Node | string)[]} */
function sentences(text, { hint, details = [], content }, gone) {
  const first = h("p", {}, text, hint ? " " : null, ...worded(hint ?? ""));
  const list = details.length > 0 && h("ul", {}, ...details.map((line) => h("li", {}, line)));
  return [first, list, ...(content?.(gone) ?? [])].filter((part) => part instanceof Node || typeof part === "string");
}

/** Put it away with a finger. @param {HTMLElement} element @param {() => void} gone */
function hearSwipe(element, gone) {
  let from = NaN;
  const way = (/** @type {PointerEvent} */ { clientX }) => (Number.isNaN(from) ? 0 : clientX - from);
  const end = (/** @type {PointerEvent} */ event) => {
    if (event.type === "pointerup" && Math.abs(way(event)) > SWIPED) gone();
    from = NaN;
    element.style.translate = "";
  };
  element.addEventListener("pointerdown", ({ pointerType, clientX }) => (from = pointerType === "mouse" ? NaN : clientX));
  element.addEventListener("pointermove", (event) => {
    if (way(event)) element.style.translate = `${way(event)}px`;
  });
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}

/**
 * News take the place of older news; trouble goes only when there is a heap of it.
 * @param {HTMLElement} place
 * @param {boolean} isTrouble
 */
function makeRoom(place, isTrouble) {
  if (!isTrouble) return place.querySelector(".toast:not(.trouble)")?.remove();
  const troubles = place.querySelectorAll(".toast.trouble");
  if (troubles.length >= MOST_TROUBLE) troubles[0].remove();
}

/** @param {any} error an ApiError or a bug */
export function refusal(error) {
  toast(error.message, { isTrouble: true, hint: error.hint });
}
