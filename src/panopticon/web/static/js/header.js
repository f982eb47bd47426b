/** The header: the name of the board and how fresh each source is. */

import { h } from "./dom.js";
import { clock, now, span } from "./time.js";

/** @typedef {{name: string, ok_at: string | null, error: string | null, syncing: boolean, waits_until: string | null}} Source */

export class Header {
  /** @param {HTMLElement} title @param {HTMLElement} list */
  constructor(title, list) {
    this.title = title;
    this.list = list;
    /** @type {Source[]} */
    this.sources = [];
  }

  /** @param {string} name @param {string} page */
  name(name, page) {
    this.title.textContent = name;
    const view = document.getElementById("view");
    if (view) view.textContent = page === "board" ? (document.body.dataset.view === "list" ? "List" : "Board") : page === "settings" ? "Settings" : "Health";
  }

  /** @param {Source[]} sources */
  show(sources) {
    const before = new Map(this.sources.map((source) => [source.name, source.error]));
    // While a source is asked again, its last failure stands: nobody knows better yet.
    sources = sources.map((source) => (source.syncing && !source.error ? { ...source, error: before.get(source.name) ?? null } : source));
    this.sources = sources;
    this.list.replaceChildren(...sources.map(sourceItem));
  }

  /** Count the seconds on. */
  tick() {
    for (const [index, item] of [...this.list.children].entries()) {
      const text = saying(this.sources[index]);
      const place = item.querySelector(".says");
      if (place && place.textContent !== text) place.textContent = text;
    }
  }
}

/** @param {Source} source @returns {HTMLElement} */
function sourceItem(source) {
  return h(
    "li",
    { class: `source ${health(source)}`, title: source.error ?? "The last good data of this source" },
    h("span", { class: "dot", "aria-hidden": "true" }),
    h("span", { class: "name" }, source.name),
    " ",
    h("span", { class: "says" }, saying(source)),
  );
}

/** @param {Source} source @returns {"good" | "waits" | "fails" | "never"} */
function health(source) {
  if (source.error) return source.waits_until ? "waits" : "fails";
  return source.ok_at ? "good" : "never";
}

/** @param {Source} source @returns {string} */
function saying(source) {
  const old = source.ok_at ? span(now() - Date.parse(source.ok_at)) : "";
  if (source.error && source.waits_until) return `waits until ${clock(source.waits_until)}${old && `, data ${old} old`}`;
  if (source.error) return `failed${old && `, data ${old} old`}`;
  if (old) return old;
  return source.syncing ? "syncing" : "not synced yet";
}
