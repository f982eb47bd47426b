/**
 * One field of the open item, edited in place and saved alone. What others write meanwhile is told
 * at once; what one has typed stays until it is saved or thrown away.
 */

import { isWritten } from "./api.js";
import { controlFor } from "./control.js";
import { h, worded } from "./dom.js";
import { draftOf, keepDraft } from "./draft.js";
import { reasonFor } from "./item_pick.js";
import { replaced } from "./part.js";
import { beginning, inWords, isSame, named, valueIn, valueOf } from "./value.js";

/** @typedef {import("./types.js").FormField} FormField */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {{save: (fields: Record<string, any>, expected: Record<string, any>) => Promise<void>}} Host */

export class Field {
  /**
   * @param {FormField} field
   * @param {Item} item
   * @param {Host} host
   * @param {(item: Item, edit: () => void) => import("./part.js").Piece[]} draw what is shown while nobody writes
   * @param {(item: Item) => unknown} [shows] what that depends on, if on more than the value
   */
  constructor(field, item, host, draw, shows = (now) => valueOf(now, field.name)) {
    this.field = field;
    this.item = item;
    this.host = host;
    this.draw = draw;
    this.shows = shows;
    this.draftName = `${item.ref} ${field.name}`;
    this.text = "";
    this.isSaving = false;
    /** @type {import("./control.js").Control | null} */
    this.control = null;
    /** What the person saw when they began to write. @type {any} */
    this.seen = null;
    this.shown = h("div", { class: "shown" });
    this.editor = h("form", { class: "editor", hidden: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), this.save()), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    this.state = h("p", { class: "saving", role: "status" });
    this.beside = h("div", { class: "beside", role: "alert" });
    this.element = h("div", { class: "field" }, this.shown, this.editor, this.state, this.beside);
    this.take(item);
    const kept = draftOf(this.draftName);
    if (kept) this.edit({ value: kept.value, seen: kept.seen, focus: false });
  }

  /** @returns {boolean} whether somebody has typed something that is not saved */
  get isDirty() {
    if (!this.control) return false;
    try {
      return !isSame(this.control.read(), this.seen);
    } catch {
      return true;
    }
  }

  /** Take the item as it is now. @param {Item} item */
  take(item) {
    this.item = item;
    const text = JSON.stringify(this.shows(item)) ?? "";
    if (text !== this.text) {
      this.text = text;
      replaced(this.shown, this.draw(item, () => this.edit()));
    }
    if (!this.control || this.isSaving) return;
    const now = valueOf(item, this.field.name);
    if (!isSame(now, this.seen)) this.#met(now, `Somebody changed the ${this.field.label.toLowerCase()} meanwhile.`, true);
    else if (this.beside.dataset.kind === "met") this.#hush();
  }

  /** Begin to write. @param {{value?: any, seen?: any, focus?: boolean}} [how] */
  edit(how = {}) {
    if (this.control) return this.control.input.focus();
    const { field, item } = this;
    this.seen = "seen" in how ? how.seen : valueOf(item, field.name);
    this.control = controlFor(field, "value" in how ? how.value : this.seen, item.source, { "aria-label": field.label });
    this.control.element.addEventListener("input", () => this.#keep());
    const cancel = h("button", { type: "button", class: "button", onclick: () => this.close() }, "Cancel");
    const hint = this.control.input instanceof HTMLTextAreaElement && field.name !== "title" && h("span", { class: "small-note" }, "Markdown · Ctrl+Enter saves");
    const label = field.type === "markdown" && h("h3", { "aria-hidden": "true" }, field.label);
    this.editor.replaceChildren(label || "", this.control.element, h("div", { class: "row buttons" }, h("button", { type: "submit", class: "button primary" }, "Save"), cancel, hint || ""));
    this.#turn(true);
    this.take(item);
    if (how.focus !== false) this.control.input.focus();
  }

  /** Stop writing and show the field again. */
  close() {
    const hadFocus = this.element.contains(document.activeElement);
    keepDraft(this.draftName, null);
    this.control = null;
    this.#turn(false);
    this.editor.replaceChildren();
    this.#hush();
    this.take(this.item);
    if (hadFocus) /** @type {HTMLElement | null} */ (this.shown.querySelector("[data-edit]"))?.focus();
  }

  /** Write what was typed. @param {any} [expected] what may be overwritten */
  async save(expected = this.seen) {
    if (!this.control || this.isSaving) return;
    let value;
    try {
      value = this.control.read();
    } catch (error) {
      return this.refused(error);
    }
    if (isSame(value, expected)) return this.close();
    if (await this.write(value, expected)) this.close();
  }

  /** @param {any} value @param {any} expected @returns {Promise<boolean>} whether it was written */
  async write(value, expected) {
    try {
      await this.#send(value, expected);
      return true;
    } catch (error) {
      const { status, body, message } = /** @type {any} */ (error);
      if (status === 409 && body.current) this.#met(valueIn(body.current, this.field.name), message);
      else this.refused(error);
      return false;
    }
  }

  /** Write at once, without an editor: a box that was ticked. @param {any} value @param {any} expected @returns {Promise<boolean>} */
  async tick(value, expected) {
    try {
      await this.#send(value, expected);
      return true;
    } catch (error) {
      const { status, message } = /** @type {any} */ (error);
      this.refused(status === 409 ? { message, hint: "It is shown as it is now." } : error);
      return false;
    }
  }

  /** @param {any} value @param {any} expected */
  async #send(value, expected) {
    this.#busy(true);
    this.#hush();
    try {
      await this.host.save(named(this.field.name, value), named(this.field.name, expected));
    } finally {
      this.#busy(false);
    }
  }

  /** Say beside the field why it was not written. @param {any} error */
  refused(error) {
    const saved = { no: "Not saved: ", perhaps: "Perhaps not saved: ", partly: "" }[isWritten(error)];
    this.#say("refused", h("p", {}, ...worded(`${saved}${reasonFor(error, this.item.source)}`)));
  }

  /** The item is gone: what was typed can still be read and copied. */
  freeze() {
    for (const button of this.element.querySelectorAll("button")) button.remove();
    for (const input of this.element.querySelectorAll("input, textarea")) input.setAttribute("readonly", "");
    this.#hush();
  }

  /**
   * Two people wrote the same field: show what the other wrote, and let this one choose.
   * @param {any} now
   * @param {string} message
   * @param {boolean} [isGuess] whether it is not known who it was
   */
  #met(now, message, isGuess = false) {
    const key = JSON.stringify(now);
    if (isGuess && this.beside.dataset.kind === "met" && this.beside.dataset.key === key) return;
    const theirs = inWords(this.field, now);
    const buttons = h(
      "div",
      { class: "row buttons" },
      h("button", { type: "button", class: "button", onclick: () => this.#yield(now) }, "Use theirs"),
      h("button", { type: "button", class: "button", onclick: () => ((this.seen = now), this.save(now)) }, "Write mine"),
    );
    this.#say("met", h("p", {}, message), h("blockquote", { dir: "auto" }, beginning(theirs) || "Now empty."), buttons);
    this.beside.dataset.key = key;
  }

  /** @param {any} now */
  #yield(now) {
    this.seen = now;
    this.close();
  }

  #keep() {
    if (this.beside.dataset.kind === "asked") this.#hush();
    if (!this.control) return;
    try {
      keepDraft(this.draftName, this.isDirty ? { value: this.control.read(), seen: this.seen } : null);
    } catch {
      // what cannot be read cannot be kept, and is still in the box
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTitle = this.field.name === "title";
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || (isTitle && event.target === this.control?.input))) {
      event.preventDefault();
      this.save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (this.isDirty) this.#ask();
      else this.close();
    }
  }

  #ask() {
    if (this.beside.dataset.kind === "asked") return this.#hush();
    const drop = h("button", { type: "button", class: "button", onclick: () => this.close() }, "Throw it away");
    const stay = h("button", { type: "button", class: "button", onclick: () => (this.#hush(), this.control?.input.focus()) }, "Keep writing");
    this.#say("asked", h("p", {}, "What you typed is not saved."), h("div", { class: "row buttons" }, drop, stay));
  }

  /** @param {boolean} isBusy */
  #busy(isBusy) {
    this.isSaving = isBusy;
    this.state.textContent = isBusy ? "Saving …" : "";
    this.element.setAttribute("aria-busy", String(isBusy));
    if (this.control) this.control.input.toggleAttribute("readonly", isBusy);
  }

  /** @param {boolean} isOpen */
  #turn(isOpen) {
    this.editor.hidden = !isOpen;
    this.shown.hidden = isOpen;
  }

  /** @param {string} kind @param {...HTMLElement} parts */
  #say(kind, ...parts) {
    this.beside.dataset.kind = kind;
    this.beside.replaceChildren(...parts);
  }

  #hush() {
    this.beside.dataset.kind = "";
    this.beside.replaceChildren();
  }
}
