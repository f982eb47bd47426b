/** The connected trackers, and the form that connects one more. */

import { go } from "./address.js";
import { h } from "./dom.js";
import { draftOf, keepDraft } from "./draft.js";
import { section } from "./form_row.js";
import { ConnectForm } from "./settings_connect.js";
import { TrackerCard } from "./settings_tracker.js";
import { offers, wantedType } from "./settings_types.js";
import { toast } from "./toast.js";
import { stop } from "./waiting.js";

const LEAD = "Moves and edits on the board are made in the tracker itself: in its server, or in the files of a repository. Keys are kept in a file that only you can read.";
const DEMO_LEAD = "The demo sets itself up: `pan init`, or `pan up` without `--demo`, connects your own.";

const DRAFT = "connect a tracker";

/** @typedef {import("./settings_connect.js").Source} Source */
/** @typedef {import("./settings_types.js").Type} Type */

export class Trackers {
  /** @param {{types: Type[], is_demo: boolean}} own @param {() => Promise<void>} changed */
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
    this.buttons = offers(types, (type) => this.#open(type));
    this.add = h("div", { class: "acts", role: "group", "aria-label": "Connect a tracker" }, ...this.buttons);
    this.add.hidden = is_demo;
    this.element = section("trackers", "Trackers", is_demo ? DEMO_LEAD : LEAD, this.none, this.list, this.place, this.add);
  }

  /** Show what there is now; an open form and what was typed in it stay. @param {{sources: Source[]}} own */
  take({ sources }) {
    this.sources = sources;
    this.none.hidden = sources.length > 0 || this.form !== null;
    this.buttons[0]?.classList.toggle("primary", sources.length === 0);
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
    const begun = this.types.find(({ type }) => type === draft?.type);
    if (begun) this.#draw(begun).resume(draft);
    const wanted = wantedType();
    if (wanted) this.#asked(wanted);
  }

  /** The address asks for a form: once, so that it stays closed when somebody closes it. @param {string} wanted */
  #asked(wanted) {
    history.replaceState(history.state, "", location.pathname + location.search);
    const type = this.types.find((one) => one.type === wanted);
    if (type && !this.form && !this.add.hidden) this.#open(type);
  }

  /** @param {Source} source @returns {TrackerCard} */
  #cardOf(source) {
    const known = this.cards.get(source.name);
    if (known) return known;
    const card = new TrackerCard(source, this.types, { changed: () => this.changed(), removed: () => this.#removed(source) });
    this.cards.set(source.name, card);
    return card;
  }

  /** @param {Type} type */
  #open(type) {
    this.#draw(type).focus();
  }

  /** @param {Type} type @returns {ConnectForm} */
  #draw(type) {
    const form = new ConnectForm(type, null, { saved: (name, warnings) => this.#saved(name, warnings), closed: () => this.#close() });
    form.know(this.sources.map(({ name }) => name));
    form.element.addEventListener("input", () => keepDraft(DRAFT, form.draft()));
    this.form = form;
    this.add.hidden = true;
    this.none.hidden = true;
    this.place.replaceChildren(form.element);
    return form;
  }

  #close() {
    const closed = this.form;
    if (closed) stop(closed.said);
    this.form = null;
    keepDraft(DRAFT, null);
    this.place.replaceChildren();
    this.add.hidden = false;
    this.none.hidden = this.sources.length > 0;
    this.#buttonOf(closed?.type.type)?.focus();
  }

  /** @param {string} name @param {string[]} warnings */
  async #saved(name, warnings) {
    this.#close();
    toast(`${name} is connected. Its items appear as they come.`, { next: { name: "To the board", run: () => go({ page: "board", item: "" }) } });
    await this.changed();
    this.cards.get(name)?.welcome(warnings);
  }

  /** @param {Source} source */
  async #removed({ name, type, has_key }) {
    await this.changed();
    toast(has_key ? `${name} is removed, with its key.` : `${name} is removed.`);
    this.#buttonOf(type)?.focus();
  }

  /** @param {string | undefined} type @returns {HTMLElement | undefined} the button that connects one of this type */
  #buttonOf(type) {
    return this.buttons.find(({ dataset }) => dataset.type === type) ?? this.buttons[0];
  }
}
