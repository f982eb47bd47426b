/** Say things: refusals interrupt, everything else waits its turn. */

import { h, icon, worded } from "./dom.js";

export class Notice {
  /** @param {HTMLElement} alert @param {HTMLElement} status */
  constructor(alert, status) {
    this.alert = alert;
    this.status = status;
  }

  /** Show what is wrong until it is mended or put away. @param {{message: string, hint?: string}} trouble */
  trouble({ message, hint }) {
    const text = `${message} ${hint ?? ""}`.trim();
    if (this.alert.dataset.text === text) return;
    this.alert.dataset.text = text;
    const close = h("button", { type: "button", class: "quiet", "aria-label": "Put away", onclick: () => this.mended() }, icon("x"));
    this.alert.replaceChildren(icon("circle-alert"), h("span", {}, h("strong", {}, message), " ", ...worded(hint ?? "")), close);
  }

  /** The trouble is over. */
  mended() {
    this.alert.dataset.text = "";
    this.alert.replaceChildren();
  }

  /** Tell what happened, for those who do not see it move. @param {string} text */
  say(text) {
    this.status.textContent = text;
  }
}
