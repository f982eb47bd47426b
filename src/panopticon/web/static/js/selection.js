/** Which cards are chosen for one action on all of them. One for the page: `selection`. */

import { items } from "./items.js";

class Selection extends EventTarget {
  constructor() {
    super();
    /** @type {Set<string>} */
    this.refs = new Set();
    this.edition = 0;
    items.addEventListener("change", () => this.#forgetGone());
  }

  /** @param {string} ref @returns {boolean} */
  has(ref) {
    return this.refs.has(ref);
  }

  /** @param {string} ref @param {boolean} [isChosen] */
  toggle(ref, isChosen = !this.refs.has(ref)) {
    if (isChosen) this.refs.add(ref);
    else this.refs.delete(ref);
    this.#changed();
  }

  /** @param {Iterable<string>} refs */
  add(refs) {
    for (const ref of refs) this.refs.add(ref);
    this.#changed();
  }

  clear() {
    if (!this.refs.size) return;
    this.refs.clear();
    this.#changed();
  }

  #forgetGone() {
    if (this.edition === items.edition) return;
    this.edition = items.edition;
    const before = this.refs.size;
    for (const ref of this.refs) if (!items.told.has(ref)) this.refs.delete(ref);
    if (this.refs.size !== before) this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export const selection = new Selection();

/**
 * Say which card the person means: the one with the focus, else the open one.
 * @returns {string} its ref, "" for none
 */
export function currentRef() {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest?.("[data-ref]") ?? null);
  return focused?.dataset.ref ?? document.getElementById("panel")?.dataset.ref ?? "";
}

/** @returns {string[]} what an action is for: the chosen cards, else the current one */
export function meantRefs() {
  if (selection.refs.size) return [...selection.refs];
  const ref = currentRef();
  return ref ? [ref] : [];
}
