/** The query bar and the filters; what they say stands in the address. (To be completed by its owner.) */

import { go, here } from "./address.js";

const PAUSE = 150;

export class Filter {
  /** @param {HTMLElement} tools */
  constructor(tools) {
    this.tools = tools;
    const box = /** @type {HTMLInputElement} */ (document.getElementById("query"));
    this.box = box;
    this.timer = 0;
    box.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => go({ q: box.value.trim() }, { replace: true }), PAUSE);
    });
  }

  /** Offer what the cards have, and say what the address says. @param {number} count */
  show(count) {
    if (document.activeElement !== this.box) this.box.value = here().q;
  }
}
