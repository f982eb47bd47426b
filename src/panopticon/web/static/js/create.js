/** A new item: tracker, project, kind, and the fields that project needs. What was typed is kept as a draft. */

import { go } from "./address.js";
import { reasonOf, write } from "./api.js";
import { register } from "./commands.js";
import { CreateForm } from "./create_form.js";
import { filled, places } from "./create_start.js";
import { h, icon, worded } from "./dom.js";
import { draftOf, keepDraft } from "./draft.js";
import { reasonFor } from "./item_pick.js";
import { items } from "./items.js";
import { toast } from "./toast.js";
import { bodyOf } from "./value.js";
import { form } from "./words.js";

/** @typedef {import("./create_start.js").Start} Start */

const DRAFT = "new item";
const ON_BOARD = ["story", "defect", "issue"];

export function registerCreate() {
  const dialog = new Create();
  register({ id: "create", name: "New item", group: "Item", keys: ["c"], icon: "plus", run: () => dialog.open() });
}

class Create {
  constructor() {
    this.turn = 0;
    this.isBusy = false;
    this.isTyped = false;
    /** @type {Start} */
    this.start = { tracker: "", kind: "", project: "", values: {} };
    /** @type {Pick<Start, "tracker" | "kind" | "project"> | null} where the last one was made */
    this.last = null;
    /** @type {CreateForm | null} */
    this.form = null;
    this.where = h("div", { class: "where" });
    this.body = h("div", { class: "group" });
    this.note = h("p", { class: "small-note", role: "status" });
    this.beside = h("div", { class: "beside", role: "alert" });
    this.submit = h("button", { type: "submit", class: "button primary" }, "Create");
    const heading = h("h2", { id: "create-title" }, "New item");
    const close = h("button", { type: "button", class: "quiet", "aria-label": "Close", title: "Close (Esc); what you typed is kept", onclick: () => this.close() }, icon("x"));
    const cancel = h("button", { type: "button", class: "button", onclick: () => this.close() }, "Cancel");
    const send = (/** @type {Event} */ event) => (event.preventDefault(), this.send());
    const key = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    this.dialog = /** @type {HTMLDialogElement} */ (
      h(
        "dialog",
        { class: "create", "aria-labelledby": "create-title", oncancel: (/** @type {Event} */ event) => (event.preventDefault(), this.close()) },
        h("form", { novalidate: true, onsubmit: send, oninput: (/** @type {Event} */ event) => this.#typed(event), onkeydown: key }, h("header", {}, heading, h("span", { class: "gap" }), close), h("div", { class: "body" }, this.where, this.note, this.body), this.beside, h("footer", {}, h("span", { class: "small-note" }, "Ctrl+Enter creates"), h("span", { class: "gap" }), cancel, this.submit)),
      )
    );
  }

  /** Ask for a new item: with what was typed before, else as the filters of the board suggest. */
  open() {
    if (this.dialog.open) return;
    if (!items.head.sources.length) return toast("No tracker is connected yet.", { isTrouble: true, hint: "Connect one in Settings." });
    const kept = draftOf(DRAFT);
    this.start = kept ?? filled(this.last);
    this.isTyped = Boolean(kept);
    this.form = null;
    this.body.replaceChildren();
    this.beside.replaceChildren();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.#ask({ isRestored: Boolean(kept), focus: true });
  }

  /** Put it away; what was typed comes back with the next. */
  close() {
    if (this.isBusy) return;
    this.#keep();
    this.#leave();
    if (draftOf(DRAFT)) toast("What you typed is kept for the next new item.");
  }

  /** Make it; on failure everything stays as it was typed. */
  async send() {
    if (this.isBusy || !this.form) return;
    this.beside.replaceChildren();
    const values = this.form.checked();
    if (!values) return;
    const { tracker, kind, project } = this.start;
    this.#busy(true);
    try {
      const { item } = await write("POST", "/api/item", { tracker, kind, project: project || null, fields: bodyOf(values) });
      this.last = { tracker, kind, project };
      this.#forget();
      this.#leave();
      if (ON_BOARD.includes(item.kind)) items.put(item);
      toast(`${item.key} created in ${item.source}`, { next: { name: "Open", run: () => go({ page: "board", item: item.ref, tab: "" }) } });
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#busy(false);
    }
  }

  #leave() {
    this.dialog.close();
    this.dialog.remove();
  }

  /** Ask what this tracker wants to know of such an item. @param {{isRestored?: boolean, focus?: boolean}} how */
  async #ask({ isRestored = false, focus = false } = {}) {
    const turn = ++this.turn;
    const { tracker, kind, project } = this.start;
    this.note.textContent = "Asking the tracker for its fields …";
    this.submit.toggleAttribute("disabled", true);
    try {
      const asked = await form({ tracker, kind, project });
      if (turn !== this.turn) return;
      this.note.replaceChildren(...(isRestored ? ["This is what you typed before. ", h("button", { type: "button", class: "link", onclick: () => this.#anew() }, "Start anew")] : []));
      this.#draw(asked);
      if (focus) this.form?.focus();
    } catch (error) {
      if (turn !== this.turn) return;
      this.note.replaceChildren(...worded(`${reasonOf(error)} `), h("button", { type: "button", class: "link", onclick: () => this.#ask({ focus: true }) }, "Try again"));
      this.#drawPlaces({ tracker, kind, kinds: kind ? [kind] : [], project: project || null, projects: [], fields: [] });
    }
  }

  /** @param {import("./types.js").Form} asked */
  #draw(asked) {
    this.start = { ...this.start, kind: asked.kind, project: asked.project ?? this.start.project };
    this.#drawPlaces(asked);
    this.form = new CreateForm(asked, this.start.values);
    this.body.replaceChildren(...this.form.elements);
    this.submit.toggleAttribute("disabled", false);
  }

  /** @param {import("./types.js").Form} asked */
  #drawPlaces(asked) {
    const focused = this.where.contains(document.activeElement) ? (document.activeElement?.id ?? "") : "";
    const change = (/** @type {Partial<Start>} */ chosen) => {
      this.#keep();
      this.start = { ...this.start, ...chosen };
      this.#ask();
    };
    this.where.replaceChildren(...places(asked, change));
    if (focused) document.getElementById(focused)?.focus();
  }

  #anew() {
    this.#forget();
    this.start = filled(this.last);
    this.#ask({ focus: true });
  }

  #forget() {
    keepDraft(DRAFT, null);
    this.isTyped = false;
    this.form = null;
    this.start = { ...this.start, values: {} };
  }

  /** @param {Event} event */
  #typed({ target }) {
    if (!this.body.contains(/** @type {Node} */ (target))) return; // where it goes is soon said again
    this.isTyped = true;
    this.#keep();
  }

  #keep() {
    if (!this.form) return;
    this.start = { ...this.start, values: { ...this.start.values, ...this.form.values() } };
    if (this.isTyped) keepDraft(DRAFT, this.start);
  }

  /** @param {any} error */
  #refused(error) {
    const text = reasonFor(error, this.start.tracker);
    if (this.form?.refused(error.body?.field, text)) return;
    this.beside.replaceChildren(h("p", {}, ...worded(text)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    const isTitle = /** @type {HTMLElement} */ (event.target).matches(".title-input");
    if (!isTitle && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.send();
  }

  /** @param {boolean} isBusy */
  #busy(isBusy) {
    this.isBusy = isBusy;
    this.submit.textContent = isBusy ? "Creating …" : "Create";
    this.submit.toggleAttribute("disabled", isBusy);
    this.dialog.setAttribute("aria-busy", String(isBusy));
  }
}
