/** How fresh one connected tracker is, what is wrong with it, and the switch that lets it rest. */

import { h, icon, worded } from "./dom.js";
import { items } from "./items.js";
import { age, clock } from "./time.js";
import { busily, send } from "./waiting.js";

/** @typedef {import("./types.js").Source} Source */

export class Fresh {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    /** @type {Source | undefined} */
    this.source = undefined;
    this.told = "";
    this.said = h("div", { class: "said" });
    this.dot = h("span", { class: "dot", "aria-hidden": "true" });
    this.words = h("span", {});
    this.trouble = h("p", { class: "refused", hidden: true });
    this.button = h("button", { type: "button", class: "button" });
    this.button.addEventListener("click", () => busily(this.button, this.said, (signal) => this.#turn(signal)));
    this.element = h("div", { class: "fresh", role: "group", "aria-label": `News of ${name}`, hidden: true }, h("div", { class: "acts" }, h("span", { class: "source" }, this.dot, this.words), this.button), this.trouble, this.said);
    items.addEventListener("change", () => this.#find(items.head.sources));
    document.addEventListener("sources", (event) => this.#find(/** @type {CustomEvent} */ (event).detail));
    this.#find(items.head.sources ?? []);
  }

  /** @param {Source[]} sources */
  #find(sources) {
    this.source = sources.find(({ name }) => name === this.name);
    this.element.hidden = !this.source;
    if (!this.source) return;
    const told = JSON.stringify(this.source);
    if (told === this.told) return;
    this.told = told;
    const { error, paused, waits_until, ok_at } = this.source;
    this.element.dataset.how = error ? (waits_until ? "waits" : "fails") : ok_at ? "good" : "never";
    this.words.replaceChildren(...saying(this.source));
    this.trouble.hidden = !error;
    this.trouble.replaceChildren(icon("circle-alert"), h("span", { dir: "auto" }, ...worded(error ?? "")));
    if (this.button.dataset.paused !== String(paused)) {
      this.button.dataset.paused = String(paused);
      this.button.replaceChildren(icon(paused ? "play" : "pause"), paused ? "Resume" : "Pause");
      this.button.setAttribute("aria-label", `${paused ? "Resume" : "Pause"} ${this.name}`);
    }
  }

  /** @param {AbortSignal} signal */
  async #turn(signal) {
    const { sources } = await send("POST", "/api/poll", { paused: !this.source?.paused, source: this.name }, signal);
    document.dispatchEvent(new CustomEvent("sources", { detail: sources }));
  }
}

/** @param {Source} source @returns {(Node | string)[]} */
function saying({ ok_at, error, syncing, waits_until, paused }) {
  const next = paused ? "; paused" : error && waits_until ? `; asked again at ${clock(waits_until)}` : "";
  if (!ok_at) return [syncing ? "The first look is under way" : "No data yet", next];
  return ["Last good data ", h("time", { datetime: ok_at, "data-shows": "age" }, age(ok_at)), next];
}
