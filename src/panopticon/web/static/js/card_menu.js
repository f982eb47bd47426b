/** Ask what to do with a card without keys: a button on each card, and a click with the right button. */

import { askCard } from "./asking.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";

const CARD = "li.card[data-ref]";

/** @param {HTMLElement} place where cards are drawn */
export function offerMenus(place) {
  const give = (/** @type {Element} */ card) => {
    if (!card.querySelector(":scope > .more")) card.append(button(/** @type {HTMLElement} */ (card)));
  };
  place.addEventListener("pointerover", ({ target }) => {
    const card = /** @type {Element} */ (target).closest(CARD);
    if (card) give(card);
  });
  document.addEventListener("contextmenu", byRightClick);
  if (!matchMedia("(pointer: coarse)").matches) return;
  // A finger does not hover: there every card that is drawn has its button.
  const look = () => place.querySelectorAll(`${CARD}:not(:has(> .more))`).forEach(give);
  new MutationObserver(look).observe(place, { childList: true, subtree: true });
  look();
}

/** With Shift the browser's own menu comes. @param {MouseEvent} event */
function byRightClick(event) {
  const card = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(":is(#board, #list) [data-ref]"));
  if (!card?.dataset.ref || event.shiftKey || event.defaultPrevented) return;
  event.preventDefault();
  void askCard(card.dataset.ref, card, event.button === 2 ? { x: event.clientX, y: event.clientY } : undefined);
}

/** @param {HTMLElement} card @returns {HTMLElement} */
function button(card) {
  const key = items.get(card.dataset.ref ?? "")?.key ?? "this card";
  const ask = (/** @type {Event} */ event) => void askCard(card.dataset.ref ?? "", /** @type {HTMLElement} */ (event.currentTarget));
  return h("button", { type: "button", class: "more", tabindex: -1, "aria-label": `Actions for ${key}`, "aria-haspopup": "listbox", onclick: ask }, icon("ellipsis"));
}
