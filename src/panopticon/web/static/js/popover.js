/** One small panel at a time beside a button; Esc and a click elsewhere put it away, the focus goes back. */

import { here, onPlace } from "./address.js";
import { h } from "./dom.js";
import { place } from "./place.js";

/** @type {{close: (() => void) | null, anchor: HTMLElement | null}} */
const open = { close: null, anchor: null };

/**
 * Open a panel beside its button, or close it when it is open.
 * @param {HTMLElement} anchor
 * @param {string} title
 * @param {(close: () => void) => Node[]} fill
 */
export function popover(anchor, title, fill) {
  const isSame = open.anchor === anchor;
  closePopover();
  if (isSame) return;
  const element = h("div", { class: "popover", role: "dialog", "aria-label": title, tabindex: "-1" });
  const away = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!element.contains(target) && !anchor.contains(target)) close();
  };
  const close = () => {
    const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
    document.removeEventListener("pointerdown", away, true);
    window.removeEventListener("resize", stand);
    unfollow();
    anchor.setAttribute("aria-expanded", "false");
    element.replaceChildren();
    element.remove();
    open.close = open.anchor = null;
    if (hadFocus && anchor.isConnected) anchor.focus();
  };
  const stand = () => place(element, anchor);
  const { page } = here();
  const unfollow = onPlace(() => here().page !== page && close());
  element.append(...fill(close));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  document.body.append(element);
  document.addEventListener("pointerdown", away, true);
  window.addEventListener("resize", stand);
  anchor.setAttribute("aria-expanded", "true");
  open.close = close;
  open.anchor = anchor;
  stand();
  const first = /** @type {HTMLElement | null} */ (element.querySelector("input, select, button, a[href]"));
  (first ?? element).focus({ preventScroll: true });
}

/** Put away what is open. */
function closePopover() {
  open.close?.();
}

/** @returns {HTMLElement | null} the button whose panel is open */
export function popoverAnchor() {
  return open.anchor;
}
