/** Writes that wait for their tracker: how many there are, in the header, and what each wants and why it waits. */

import { go } from "./address.js";
import { h, icon } from "./dom.js";
import { columnName, items } from "./items.js";
import { popover } from "./popover.js";
import { age, moment } from "./time.js";
import { labelOf } from "./value.js";

/** @typedef {import("./types.js").Waiting} Waiting */

export class Queued {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.text = "[]";
    this.says = h("span", { class: "says" });
    this.count = h("span", { class: "count", "aria-hidden": "true" });
    this.button = h("button", { type: "button", class: "source-button", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => popover(this.button, "Writes that wait", (close) => [list(items.head.waiting, close)]) }, icon("clock"), this.says, this.count);
    items.addEventListener("change", () => this.#show());
  }

  #show() {
    const { waiting } = items.head;
    const text = JSON.stringify(waiting);
    if (text === this.text) return;
    this.text = text;
    this.says.textContent = saying(waiting);
    this.count.textContent = String(waiting.length);
    this.button.title = saying(waiting);
    if (!waiting.length) this.place.replaceChildren();
    else if (!this.button.isConnected) this.place.append(this.button);
  }
}

/** @param {Waiting[]} waiting @returns {string} `2 writes wait for rally` */
function saying(waiting) {
  const sources = [...new Set(waiting.map(({ source }) => source))];
  return `${waiting.length} ${waiting.length === 1 ? "write waits" : "writes wait"} for ${sources.join(" and ")}`;
}

/** @param {Waiting[]} waiting @param {() => void} close @returns {HTMLElement} */
function list(waiting, close) {
  const open = (/** @type {string} */ ref) => () => (close(), go({ page: "board", item: ref, tab: "" }));
  const one = (/** @type {Waiting} */ write) =>
    h(
      "li",
      {},
      h("p", {}, h("button", { type: "button", class: "key", "aria-label": `Open ${write.key}`, onclick: open(write.ref) }, write.key), " ", wish(write)),
      h("p", { class: "small-note" }, "Since ", h("time", { datetime: write.at, title: moment(write.at) }, age(write.at)), write.tries ? `, tried ${write.tries === 1 ? "once" : `${write.tries} times`}` : ""),
      write.error && h("p", { class: "trouble", dir: "auto" }, write.error),
    );
  return h("div", { class: "queued" }, h("h3", {}, "Writes that wait"), h("ol", { role: "list" }, ...waiting.map(one)), h("p", { class: "small-note" }, "They are sent in this order when the tracker answers; what somebody changed there since is kept."));
}

/** @param {Waiting} write @returns {string} what it wants */
function wish({ state, fields, remarks }) {
  const parts = [state && `to ${columnName(state)}`, ...fields.map((name) => labelOf(name).toLowerCase()), remarks && "a remark"];
  return parts.filter(Boolean).join(", ");
}
