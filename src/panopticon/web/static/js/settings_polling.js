/** Whether the trackers are asked in the background, and the switch for all of them. */

import { h, icon } from "./dom.js";
import { items } from "./items.js";
import { busily, send } from "./waiting.js";

/** @typedef {import("./types.js").Source} Source */

export class Polling {
  constructor() {
    this.said = h("div", { class: "said" });
    this.words = h("span", { role: "status" });
    this.button = h("button", { type: "button", class: "button" });
    this.button.addEventListener("click", () => busily(this.button, this.said, (signal) => this.#turn(signal)));
    this.element = h("div", { class: "polling", role: "group", "aria-label": "Asking in the background", hidden: true }, h("div", { class: "acts" }, this.words, this.button), this.said);
    this.seconds = 60;
    /** @type {Source[]} */
    this.sources = [];
    this.isPaused = false;
    items.addEventListener("change", () => this.#show(items.head.sources));
    document.addEventListener("sources", (event) => this.#show(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {{poll_seconds: number}} own */
  take({ poll_seconds }) {
    this.seconds = poll_seconds;
    this.#show(this.sources.length ? this.sources : items.head.sources);
  }

  /** @param {Source[]} sources */
  #show(sources) {
    this.sources = sources;
    this.element.hidden = sources.length === 0;
    const resting = sources.filter(({ paused }) => paused).map(({ name }) => name);
    this.isPaused = resting.length === sources.length;
    const every = `every ${this.seconds.toLocaleString("en")} s`;
    const some = resting.length ? `Asked ${every}, except ${resting.join(", ")}: paused.` : `Asked for news ${every}.`;
    const text = this.isPaused ? "Paused: no tracker is asked for news; the board stays as it is." : some;
    if (this.words.textContent === text) return;
    this.words.textContent = text;
    this.button.replaceChildren(icon(this.isPaused ? "play" : "pause"), this.isPaused ? "Resume all" : "Pause all");
  }

  /** @param {AbortSignal} signal */
  async #turn(signal) {
    const { sources } = await send("POST", "/api/poll", { paused: !this.isPaused }, signal);
    document.dispatchEvent(new CustomEvent("sources", { detail: sources }));
  }
}
