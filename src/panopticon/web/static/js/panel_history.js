/** What happened to the open item: the tracker's revisions and what this board saw, newest first. */

import { read, reasonOf } from "./api.js";
import { avatar } from "./avatar.js";
import { h, worded } from "./dom.js";
import { columnName } from "./items.js";
import { replaced } from "./part.js";
import { age, moment } from "./time.js";
import { beginning, labelOf } from "./value.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {{field: string, before: string | null, after: string | null}} Change */
/** @typedef {{at: string, author: import("./types.js").Person | null, text: string | null, changes: Change[], origin: "tracker" | "board"}} Entry */

const UTC = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g; // a time as the server's sentences spell it
const ORIGINS = { tracker: "from the tracker", board: "seen by this board" };

export class History {
  /** @param {Item} item */
  constructor(item) {
    this.ref = item.ref;
    this.version = "";
    this.text = "";
    this.note = h("p", { class: "small-note", role: "status" }, "Reading the history …");
    this.list = h("ol", { class: "history", role: "list" });
    this.elements = [this.note, this.list];
    this.fields = [];
    this.take(item);
  }

  /** Ask again when the item is another. @param {Item} item */
  take({ version, updated_at, lease }) {
    const now = `${version} ${updated_at} ${lease?.fence} ${lease?.expires_at}`;
    if (now === this.version) return;
    this.version = now;
    this.#ask();
  }

  freeze() {}

  async #ask() {
    const asked = this.version;
    try {
      const { entries, error } = await read("/api/item/history", { ref: this.ref });
      if (asked !== this.version) return;
      this.note.textContent = error ? `The tracker's own history is not here: ${error}` : entries.length ? "" : "Nothing is known of what happened before.";
      this.#draw(entries);
    } catch (error) {
      if (asked === this.version) this.note.replaceChildren(...worded(reasonOf(error)));
    }
  }

  /** @param {Entry[]} entries */
  #draw(entries) {
    const text = JSON.stringify(entries);
    if (text !== this.text) replaced(this.list, entries.map(drawn));
    this.text = text;
  }
}

/** @param {Entry} entry @returns {HTMLElement} */
function drawn({ at, author, text, changes, origin }) {
  const time = h("time", { datetime: at, title: moment(at), "data-shows": "age" }, age(at));
  const who = h("p", { class: "who" }, author && h("strong", { dir: "auto" }, author.name), author && " ", time, h("span", { class: "small-note" }, ` · ${ORIGINS[origin] ?? origin}`));
  const said = text && h("p", { dir: "auto", class: "said" }, ...worded(beginning(text.replace(UTC, (_, day, hour) => moment(`${day}T${hour}Z`)))));
  const sign = author ? avatar(author) : h("span", { class: "avatar", "aria-hidden": "true" }, h("span", { class: "face quiet-face" }, "·"));
  return h("li", {}, sign, h("div", {}, who, said, changes.length > 0 && h("ul", { role: "list", class: "changes" }, ...changes.map(changed))));
}

/** @param {Change} change @returns {HTMLElement} */
function changed({ field, before, after }) {
  const name = labelOf(field);
  if ((before === null && after === null) || field === "tasks") return h("li", {}, h("span", { class: "field-name" }, name), " changed");
  return h("li", {}, h("span", { class: "field-name" }, name), " ", shownAs(field, before), " → ", shownAs(field, after));
}

/** @param {string} field @param {string | null} value @returns {HTMLElement} */
function shownAs(field, value) {
  if (value === null || value === "") return h("span", { class: "none" }, "none");
  const text = field === "state" ? columnName(/** @type {any} */ (value)) : beginning(value);
  return h("span", { dir: "auto" }, text);
}
