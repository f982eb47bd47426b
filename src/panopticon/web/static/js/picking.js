/** Choosing cards with the pointer: the chooser, Ctrl or Cmd and click for one more, Shift and click for a range. */

import { take } from "./act.js";
import { go } from "./address.js";
import { hasArbiter } from "./claim.js";
import { claim } from "./claim_act.js";
import { selection } from "./selection.js";

/** @type {{ref: string}} the card from which a range goes */
const anchor = { ref: "" };

/**
 * Hear clicks on the cards of a place.
 * @param {HTMLElement} place
 * @param {() => string[]} order the refs as they stand there
 */
export function hearClicks(place, order) {
  place.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const ref = /** @type {HTMLElement | null} */ (target.closest?.("[data-ref]") ?? null)?.dataset.ref;
    if (!ref || event.defaultPrevented) return;
    if (target.closest(".verb")) return void (hasArbiter() ? claim(ref, "checkout") : take(ref));
    if (target.closest("a[href]:not(.title-link), button")) return;
    const isChooser = target.matches(".chooser");
    if (!isChooser) event.preventDefault();
    if (event.shiftKey) range(ref, order());
    else if (isChooser || event.ctrlKey || event.metaKey) pick(ref);
    else go({ item: ref });
  });
  // Shift and click would mark text from the last click on.
  place.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
}

/** @param {string} ref */
function pick(ref) {
  anchor.ref = ref;
  selection.toggle(ref);
}

/** @param {string} ref @param {string[]} order */
function range(ref, order) {
  const [from, to] = [order.indexOf(anchor.ref), order.indexOf(ref)].sort((a, b) => a - b);
  if (from < 0) return pick(ref);
  selection.add(order.slice(from, to + 1));
}
