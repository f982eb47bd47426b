/**
 * Drag a card to a column: at once with a mouse, after a long press with a finger. Only pointer events
 * and classes on what stands already, so that a live update in between breaks nothing.
 */

import { askCard } from "./asking.js";
import { scrollAtEdges } from "./autoscroll.js";
import { offerMenus } from "./card_menu.js";
import { h } from "./dom.js";
import { items } from "./items.js";
import { Lifted } from "./lifted.js";
import { selection } from "./selection.js";
import { toast } from "./toast.js";
import { cardOf } from "./walk.js";
import { targetsOf } from "./words.js";

const SLACK = 4; // a mouse that moves less clicks
const FINGER_SLACK = 8; // a finger that moves more scrolls
const LONG = 300;
const TAIL = 300; // a finger's click comes a while after it left
const OWN = "button, input, select, a:not(.title-link)"; // what has a press of its own

/** @typedef {import("./lifted.js").Spot} Spot */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{ref: string, id: number, start: Point, isFinger: boolean, timer: number}} Press */

/** @param {HTMLElement} place the board */
export function makeDraggable(place) {
  new Drag(place);
  offerMenus(place);
}

class Drag {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {Press | null} */
    this.press = null;
    /** @type {Lifted | null} */
    this.lifted = null;
    this.at = { x: 0, y: 0 };
    this.moved = false;
    this.ghost = h("div", { class: "ghost", "aria-hidden": "true", hidden: true });
    /** @type {Element | null} */
    this.over = null;
    document.body.append(this.ghost);
    place.addEventListener("pointerdown", (event) => this.#down(event));
    place.addEventListener("dragstart", (event) => event.preventDefault());
    place.addEventListener("contextmenu", (event) => this.press?.isFinger && event.preventDefault()); // the long press is taken
    place.addEventListener("touchmove", this.#hold, { passive: false });
    window.addEventListener("pointermove", (event) => this.#move(event));
    window.addEventListener("pointerup", (event) => event.pointerId === this.press?.id && this.#up());
    window.addEventListener("pointercancel", (event) => event.pointerId === this.press?.id && this.#end());
    window.addEventListener("blur", () => this.#end());
    window.addEventListener("keydown", (event) => this.#key(event), true);
    items.addEventListener("change", () => this.#changed());
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const ref = /** @type {HTMLElement | null} */ (target.closest("[data-ref]"))?.dataset.ref;
    if (this.press) return this.#end(); // a second finger
    if (!ref || event.button || event.ctrlKey || event.metaKey || event.shiftKey || target.closest(OWN)) return;
    const isFinger = event.pointerType === "touch";
    const start = { x: event.clientX, y: event.clientY };
    const timer = isFinger ? window.setTimeout(() => this.#lift(), LONG) : 0;
    this.press = { ref, id: event.pointerId, start, isFinger, timer };
    this.at = start;
    this.moved = false;
    // The answer is there when the card is lifted; touches go to their first target even if it is drawn anew.
    void targetsOf(items.those(this.#meant(ref)));
    if (isFinger) target.addEventListener("touchmove", this.#hold, { passive: false });
    else document.addEventListener("selectstart", this.#hold);
  }

  /** @param {string} ref @returns {string[]} the card, and all that are chosen with it */
  #meant(ref) {
    return selection.has(ref) ? [ref, ...[...selection.refs].filter((one) => one !== ref)] : [ref];
  }

  /** Scrolling and marking text are not meant while a card is held. @param {Event} event */
  #hold = (event) => {
    if (this.lifted || (event.type === "selectstart" && this.press)) event.cancelable && event.preventDefault();
  };

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.press?.id) return;
    const { start, isFinger } = this.press;
    const far = Math.hypot(event.clientX - start.x, event.clientY - start.y);
    this.at = { x: event.clientX, y: event.clientY };
    if (far > FINGER_SLACK) this.moved = true;
    if (this.lifted) return this.#follow();
    if (isFinger && far > FINGER_SLACK) return this.#end();
    if (!isFinger && far > SLACK) {
      this.moved = true;
      this.#lift();
    }
  }

  #lift() {
    if (!this.press) return;
    const refs = this.#meant(this.press.ref).filter((ref) => items.get(ref));
    if (!refs.length) return this.#end();
    this.lifted = new Lifted(refs, () => this.#light());
    this.place.setPointerCapture(this.press.id);
    const { key, title } = this.lifted.first;
    this.ghost.replaceChildren(h("span", { class: "key" }, key), h("span", { class: "title", dir: "auto" }, title), refs.length > 1 ? h("span", { class: "many" }, `${refs.length} items`) : "", h("span", { class: "why" }));
    this.ghost.hidden = false;
    this.place.dataset.lifted = "yes";
    this.#mark();
    this.#light();
    this.#follow();
    this.#scroll();
    if (this.press.isFinger) navigator.vibrate?.(10);
  }

  #follow() {
    this.ghost.style.transform = `translate3d(${Math.min(this.at.x + 10, innerWidth - 240)}px, ${this.at.y + 10}px, 0)`;
    this.#look();
  }

  /** Say of the place under the pointer whether a drop would do. */
  #look() {
    const { element, spot } = this.#spot();
    if (element !== this.over) this.over?.removeAttribute("data-over");
    this.over = element;
    const verdict = spot && this.lifted?.verdict(spot);
    if (verdict) element?.setAttribute("data-over", verdict.kind);
    const why = /** @type {HTMLElement} */ (this.ghost.querySelector(".why"));
    const said = verdict?.reason ?? "";
    if (why.textContent !== said) why.textContent = said;
  }

  /** @returns {{element: Element | null, spot: Spot | null}} the column under the pointer, on a phone its switch */
  #spot() {
    const under = document.elementFromPoint(this.at.x, this.at.y);
    const element = under?.closest(":is(#board, #switcher) [data-state]") ?? null;
    if (!element) return { element: null, spot: null };
    const lane = /** @type {HTMLElement | null} */ (element.closest("[data-lane]"))?.dataset.lane ?? null;
    return { element, spot: { state: /** @type {any} */ (/** @type {HTMLElement} */ (element).dataset.state), lane } };
  }

  /** Dim the columns that none of them may go to, with the reason. */
  #light() {
    if (!this.lifted) return;
    const closed = items.head.columns.filter(({ state }) => this.lifted?.refusal(state));
    this.place.dataset.closed = closed.map(({ state }) => state).join(" ");
    for (const head of this.#heads()) {
      const reason = this.lifted.refusal(/** @type {any} */ (head.dataset.state ?? head.dataset.head));
      if (reason) head.dataset.refusal = reason;
      else delete head.dataset.refusal;
    }
    this.#look();
  }

  /** @returns {HTMLElement[]} */
  #heads() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.place.querySelectorAll(".column[data-state], [data-head]"))];
  }

  #mark() {
    const refs = new Set(this.lifted?.refs);
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.place.querySelectorAll(".card"))) if (refs.has(card.dataset.ref ?? "")) card.classList.add("lifted");
  }

  #scroll() {
    if (!this.lifted) return;
    if (scrollAtEdges(this.place, document.elementFromPoint(this.at.x, this.at.y), this.at)) this.#look();
    requestAnimationFrame(() => this.#scroll());
  }

  #up() {
    const { lifted, press, moved } = this;
    const { spot } = this.#spot();
    this.#end();
    if (!lifted || !press) return;
    swallowClick(this.place, press.isFinger);
    const card = cardOf(press.ref);
    if (!moved && press.isFinger && card) void askCard(press.ref, card, this.at);
    else if (spot) lifted.drop(spot);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || !this.lifted) return;
    event.preventDefault();
    event.stopPropagation();
    const isFinger = this.press?.isFinger ?? false;
    window.addEventListener("pointerup", () => swallowClick(this.place, isFinger), { capture: true, once: true });
    this.#end();
    toast("Nothing was moved.");
  }

  #changed() {
    if (!this.lifted) return;
    const { key } = this.lifted.first;
    if (!this.lifted.refresh()) {
      this.#end();
      return void toast(`${key} is not here any more: somebody took it away.`, { isTrouble: true });
    }
    requestAnimationFrame(() => this.lifted && (this.#mark(), this.#light()));
  }

  /** Everything as it was before the press. */
  #end() {
    if (!this.press) return;
    clearTimeout(this.press.timer);
    if (this.place.hasPointerCapture(this.press.id)) this.place.releasePointerCapture(this.press.id);
    document.removeEventListener("selectstart", this.#hold);
    this.press = this.lifted = null;
    this.over?.removeAttribute("data-over");
    this.over = null;
    this.ghost.hidden = true;
    delete this.place.dataset.lifted;
    delete this.place.dataset.closed;
    for (const head of this.#heads()) delete head.dataset.refusal;
    for (const card of this.place.querySelectorAll(".lifted")) card.classList.remove("lifted");
  }
}

/** The click that ends a drag opens nothing. @param {HTMLElement} place @param {boolean} isFinger */
function swallowClick(place, isFinger) {
  const swallow = (/** @type {Event} */ event) => {
    if (!place.contains(/** @type {Node} */ (event.target))) return;
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, true), isFinger ? TAIL : 0);
}
