/** What the server could not read in the query: said under the bar, with the place marked in its text. */

import { h, worded } from "./dom.js";
import { partedAt } from "./query_text.js";

/** @typedef {{q: string, at: [number, number], message: string, hint: string}} Trouble */

const AROUND = 40; // characters shown before and behind the place

export class QueryTrouble {
  /** @param {HTMLInputElement} box @param {HTMLElement} place */
  constructor(box, place) {
    this.box = box;
    this.place = place;
    this.text = "";
  }

  /** @param {Trouble | null} trouble */
  show(trouble) {
    const text = JSON.stringify(trouble);
    if (text === this.text) return;
    this.text = text;
    this.place.hidden = !trouble;
    if (!trouble) {
      this.box.removeAttribute("aria-invalid");
      this.box.removeAttribute("aria-describedby");
      return this.place.replaceChildren();
    }
    this.box.setAttribute("aria-invalid", "true");
    this.box.setAttribute("aria-describedby", this.place.id);
    const [before, wrong, behind] = partedAt(trouble.q, trouble.at);
    const shown = h("code", { class: "query-text", dir: "auto" }, before.length > AROUND ? `…${before.slice(-AROUND)}` : before, h("mark", {}, wrong || "⎵"), behind.length > AROUND ? `${behind.slice(0, AROUND)}…` : behind);
    this.place.replaceChildren(shown, h("span", {}, h("strong", {}, trouble.message), " ", ...worded(trouble.hint)));
  }
}
