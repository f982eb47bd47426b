/** What was said about the open item, and a box to say more; a text stays in it until it is sent. */

import { read, reasonOf, write } from "./api.js";
import { avatar } from "./avatar.js";
import { h, worded } from "./dom.js";
import { draftOf, keepDraft } from "./draft.js";
import { prose } from "./panel_text.js";
import { replaced } from "./part.js";
import { age, moment } from "./time.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Remark} Remark */

export class Comments {
  /** @param {Item} item */
  constructor(item) {
    this.item = item;
    this.draft = `${item.ref} comment`;
    this.text = "";
    /** @type {Remark[]} those the tracker told since the item was opened */
    this.newest = [];
    this.heading = h("h3", {});
    this.list = h("ol", { class: "remarks", role: "list" });
    this.note = h("p", { class: "small-note", role: "status" });
    this.beside = h("div", { class: "beside", role: "alert" });
    this.box = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "input area", dir: "auto", rows: 2, "aria-label": "Write a comment", placeholder: "Write a comment", oninput: () => this.#keep(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) }));
    this.box.value = draftOf(this.draft) ?? "";
    this.button = /** @type {HTMLButtonElement} */ (h("button", { type: "submit", class: "button primary" }, "Comment"));
    this.form = h("form", { class: "remark-form", onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), this.send()) }, this.box, this.beside, h("div", { class: "row buttons" }, this.button, h("span", { class: "small-note" }, "Markdown · Ctrl+Enter sends")));
    this.element = h("section", { class: "part", "aria-label": "Comments" }, this.heading, this.list, this.note, this.form);
    this.take(item);
    this.ask();
  }

  /** @param {Item} item */
  take(item) {
    this.item = item;
    const remarks = this.#known();
    this.form.hidden = !item.can.comment;
    const text = JSON.stringify(remarks);
    if (text === this.text) return;
    this.text = text;
    this.heading.textContent = remarks.length ? `Comments · ${remarks.length}` : "Comments";
    replaced(this.list, remarks.length ? remarks.map(drawn) : [h("li", { class: "none" }, "No comments yet.")]);
  }

  /** Ask the tracker itself for what is newer than our store. */
  async ask() {
    try {
      const { comments, error } = await read("/api/item/comments", { ref: this.item.ref });
      this.note.textContent = error ? `These are the ones kept here: ${error}` : "";
      if (!error) this.newest = comments;
      this.take(this.item);
    } catch {
      // those that are kept are shown; the page says elsewhere that the server is away
    }
  }

  /** Send what stands in the box; it stays there when that fails. */
  async send() {
    const body = this.box.value.trim();
    if (!body || this.box.readOnly) return;
    this.#busy(true);
    this.beside.replaceChildren();
    try {
      this.newest = [...this.#known(), await write("POST", "/api/item/comment", { ref: this.item.ref, body })];
      this.box.value = "";
      keepDraft(this.draft, null);
      this.take(this.item);
    } catch (error) {
      this.beside.replaceChildren(h("p", {}, ...worded(`Not sent: ${reasonOf(error)}`)));
    }
    this.#busy(false);
  }

  freeze() {
    this.form.hidden = !this.box.value;
    this.box.readOnly = true;
    this.button.remove();
  }

  /** @returns {Remark[]} each once, oldest first */
  #known() {
    const all = new Map([...this.item.comments, ...this.newest].map((remark) => [remark.id, remark]));
    return [...all.values()].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  }

  #keep() {
    keepDraft(this.draft, this.box.value || null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.box.blur(); // the text stays: it is kept for this item
    }
  }

  /** @param {boolean} isBusy */
  #busy(isBusy) {
    this.box.readOnly = isBusy;
    this.button.textContent = isBusy ? "Sending …" : "Comment";
  }
}

/** @param {Remark} remark @returns {HTMLElement} */
function drawn({ author, body_html, created_at }) {
  const time = h("time", { datetime: created_at, title: moment(created_at), "data-shows": "age" }, age(created_at));
  return h("li", {}, avatar(author), h("div", {}, h("p", { class: "who" }, h("strong", { dir: "auto" }, author.name), " ", time), prose(body_html)));
}
