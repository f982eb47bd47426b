/** The button on each card that asks what to do with it, for those who have no keys at hand. */

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
  if (!matchMedia("(pointer: coarse)").matches) return;
  // A finger does not hover: there every card that is drawn has its button.
  const look = () => place.querySelectorAll(`${CARD}:not(:has(> .more))`).forEach(give);
  new MutationObserver(look).observe(place, { childList: true, subtree: true });
  look();
}

/** @param {HTMLElement} card @returns {HTMLElement} */
function button(card) {
  const key = items.get(card.dataset.ref ?? "")?.key ?? "this card";
  const ask = (/** @type {Event} */ event) => void askCard(card.dataset.ref ?? "", /** @type {HTMLElement} */ (event.currentTarget));
  return h("button", { type: "button", class: "more", tabindex: -1, "aria-label": `Actions for ${key}`, "aria-haspopup": "listbox", onclick: ask }, icon("ellipsis"));
}
