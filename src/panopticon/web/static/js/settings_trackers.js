/** The connected trackers, and the form that connects one more. */

import { go } from "./address.js";
import { h, icon } from "./dom.js";
import { draftOf, keepDraft } from "./draft.js";
import { section } from "./form_row.js";
import { ConnectForm } from "./settings_connect.js";
import { TrackerCard } from "./settings_tracker.js";
import { toast } from "./toast.js";
import { stop } from "./waiting.js";

const LEAD = "Moves, edits and claims on the board are made in the tracker itself; keys are kept in a file that only you can read.";
const DEMO_LEAD = "The demo sets itself up: `pan init`, or `pan up` without `--demo`, connects your own.";

export const CONNECT = "/settings#connect"; // the address that opens the form for a new one
const DRAFT = "connect a tracker";

/** @typedef {import("./settings_connect.js").Source} Source */

export class Trackers {
  /** @param {{types: import("./settings_connect.js").Type[], is_demo: boolean}} own @param {() => Promise<void>} changed */
  constructor({ types, is_demo }, changed) {
    this.types = types;
    this.changed = changed;
    /** @type {Map<string, TrackerCard>} */
    this.cards = new Map();
    /** @type {Source[]} */
    this.sources = [];
    /** @type {ConnectForm | null} */
    this.form = null;
    this.none = h("p", { class: "none" }, "No tracker is connected yet.");
    this.list = h("div", { class: "trackers" });
    this.place = h("div", { class: "said" });
    this.add = h("button", { type: "button", class: "button", onclick: () => this.#open() }, icon("plus"), "Connect a tracker");
    this.add.hidden = is_demo;
    this.element = section("trackers", "Trackers", is_demo ? DEMO_LEAD : LEAD, this.none, this.list, this.place, this.add);
  }

  /** Show what there is now; an open form and what was typed in it stay. @param {{sources: Source[]}} own */
  take({ sources }) {
    this.sources = sources;
    this.none.hidden = sources.length > 0 || this.form !== null;
    this.add.classList.toggle("primary", sources.length === 0);
    const names = new Set(sources.map(({ name }) => name));
    for (const [name, card] of this.cards) {
      if (names.has(name)) continue;
      card.element.remove();
      this.cards.delete(name);
    }
    for (const [index, source] of sources.entries()) {
      const card = this.#cardOf(source);
      if (this.list.children[index] !== card.element) this.list.insertBefore(card.element, this.list.children[index] ?? null);
      card.take(source, sources);
    }
    this.form?.know([...names]);
    const draft = this.form || this.add.hidden ? null : draftOf(DRAFT);
    if (draft) this.#draw().resume(draft);
    if (location.pathname + location.hash === CONNECT) this.#asked();
  }

  /** The address asks for the form: once, so that it stays closed when somebody closes it. */
  #asked() {
    history.replaceState(history.state, "", location.pathname + location.search);
    if (!this.form && !this.add.hidden) this.#open();
  }

  /** @param {Source} source @returns {TrackerCard} */
  #cardOf(source) {
    const known = this.cards.get(source.name);
    if (known) return known;
    const card = new TrackerCard(source, this.types, { changed: () => this.changed(), removed: () => this.#removed(source.name) });
    this.cards.set(source.name, card);
    return card;
  }

  #open() {
    const form = this.#draw();
    (this.types.length > 1 ? form.type : form.server).focus();
  }

  /** @returns {ConnectForm} */
  #draw() {
    const form = new ConnectForm(this.types, null, { saved: (name, warnings) => this.#saved(name, warnings), closed: () => this.#close() });
    form.know(this.sources.map(({ name }) => name));
    form.element.addEventListener("input", () => keepDraft(DRAFT, form.draft()));
    this.form = form;
    this.add.hidden = true;
    this.none.hidden = true;
    this.place.replaceChildren(form.element);
    return form;
  }

  #close() {
    if (this.form) stop(this.form.said);
    this.form = null;
    keepDraft(DRAFT, null);
    this.place.replaceChildren();
    this.add.hidden = false;
    this.none.hidden = this.sources.length > 0;
    this.add.focus();
  }

  /** @param {string} name @param {string[]} warnings */
  async #saved(name, warnings) {
    this.#close();
    toast(`${name} is connected. Its items appear as they come.`, { next: { name: "To the board", run: () => go({ page: "board", item: "" }) } });
    await this.changed();
    this.cards.get(name)?.welcome(warnings);
  }

  /** @param {string} name */
  async #removed(name) {
    await this.changed();
    toast(`${name} is removed, with its key.`);
    this.add.focus();
  }
}
