/** The open item: everything about it beside the board, at an address of its own. */

import { edit } from "./act.js";
import { go, here } from "./address.js";
import { ask } from "./api.js";
import { register, run } from "./commands.js";
import { h, worded } from "./dom.js";
import { items } from "./items.js";
import { Detail } from "./panel_detail.js";
import { Fields } from "./panel_fields.js";
import { bar, closer, marks, titleField } from "./panel_head.js";
import { History } from "./panel_history.js";
import { registerWalk } from "./panel_walk.js";
import { selection } from "./selection.js";
import { toast } from "./toast.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {{elements: HTMLElement[], fields: import("./field.js").Field[], take: (item: Item) => void, freeze: () => void}} View */
/** @typedef {{trouble: (error: any) => void, opened: (ref: string) => void, closed: (ref: string) => void, titled: () => void}} Teller */

const TABS = /** @type {const} */ ({ detail: "Detail", fields: "Fields", history: "History" });
/** @typedef {keyof typeof TABS} Tab */
/** @typedef {import("./field.js").Host & {refresh: () => Promise<void>}} Host */

export class Panel {
  /** @type {Item | null} as the server told it */
  item = null;
  isGone = false;
  wasPending = false;
  /** @type {unknown[]} of what the board knows, all that is drawn here */
  seen = [];
  notice = h("div", { class: "gone-note", role: "alert" });
  /** @type {import("./field.js").Field | null} */
  title = null;
  /** @type {{element: HTMLElement, take: (item: Item) => void}[]} */
  head = [];
  /** @type {HTMLElement[]} */
  tabs = [];
  /** @type {HTMLElement[]} */
  sheets = [];
  /** @type {Map<Tab, View>} */
  views = new Map();
  /** @type {Host} */
  host = { save: (fields, expected) => this.#write(fields, expected), refresh: () => this.refresh() };

  /** @param {HTMLElement} place @param {Teller} tell */
  constructor(place, tell) {
    this.place = place;
    this.tell = tell;
    this.ref = "";
    /** @type {Promise<void> | null} */
    this.reading = null;
    this.isStale = false;
    this.byKey = false;
    this.ways = { close: () => this.close(), walk: (/** @type {number} */ step) => run(step > 0 ? "next-item" : "previous-item"), widen: () => this.place.classList.toggle("wide"), isWide: () => this.place.classList.contains("wide") };
    for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, () => (this.byKey = name === "keydown"), true);
    items.addEventListener("change", () => this.#boardChanged());
    const isMeant = () => this.ref !== "" && (!selection.refs.size || place.contains(document.activeElement));
    register({ id: "close-item", name: "Close the open item", group: "Item", keys: ["Escape"], icon: "x", when: isMeant, run: () => this.close() });
    registerWalk(() => this.item?.ref ?? this.ref);
  }

  /** Show the item that the address names, or nothing. @param {{focus?: boolean}} [how] */
  async show(how = {}) {
    const { item: ref, page } = here();
    if (!ref || page !== "board") return this.#hide();
    if (ref === this.ref && this.item) return this.#turn();
    if (ref === this.ref) return;
    this.#wait(ref);
    await this.refresh();
    const { item } = this;
    if (ref !== this.ref || !item) return;
    this.tell.opened(item.ref);
    if (how.focus && this.byKey) this.place.querySelector("h2")?.focus();
  }

  /** Bring the open item up to date if an event concerns it. @param {import("./types.js").News[]} events */
  follow(events) {
    if (!this.ref) return;
    const near = this.item ? nearby(this.item) : null;
    const card = items.told.get(this.ref);
    const isJoinedAnew = card !== undefined && card.twin?.ref !== this.item?.twin?.ref;
    const concerns = isJoinedAnew || events.some(({ ref, kind }) => near === null || kind === "issue.created" || (ref !== null && near.has(ref)));
    if (!events.length || concerns) this.refresh();
  }

  /** Read the item again; one reading at a time, and one more if it was asked for meanwhile. @returns {Promise<void>} */
  refresh() {
    this.isStale = true;
    this.reading ??= this.#readAll().finally(() => (this.reading = null));
    return this.reading;
  }

  /** Put the panel away. What was typed and not saved is kept for this item. */
  close() {
    const { item, ref } = this;
    go({ item: "", tab: "" });
    this.tell.closed(item?.ref ?? ref);
  }

  async #readAll() {
    while (this.isStale && this.ref) {
      this.isStale = false;
      await this.#read(this.ref);
    }
  }

  /** @param {string} ref */
  async #read(ref) {
    try {
      const item = await ask(`/api/item?ref=${encodeURIComponent(ref)}`);
      if (ref === this.ref) this.#take(item);
      else this.isStale = true;
    } catch (error) {
      if (ref !== this.ref) this.isStale = true;
      else if (!this.item) this.#missing(error);
      else if (/** @type {any} */ (error).status === 404) this.#gone(this.item);
      else this.tell.trouble(error);
    }
  }

  /** @param {Item} item */
  #take(item) {
    const isFirst = this.item === null || this.isGone;
    this.item = item;
    if (isFirst) this.#build(item);
    this.#draw();
    this.tell.titled();
  }

  /** Show the item with what the board knows that is newer, and what was just done to it. */
  #draw() {
    const { item } = this;
    if (!item || this.isGone) return;
    const card = items.told.get(item.ref);
    const newer = card && card.updated_at > item.updated_at ? { ...card, twin: item.twin } : {}; // the item tells more of its twin
    const now = Object.assign({}, item, newer, ...(items.pending.get(item.ref) ?? []));
    this.place.setAttribute("aria-label", now.title);
    this.place.dataset.ref = now.ref;
    for (const part of this.head) part.take(now);
    for (const view of this.views.values()) view.take(now);
  }

  #boardChanged() {
    if (!this.item) return;
    const { ref } = this.item;
    const seen = [items.head, items.told.get(ref), items.pending.get(ref)];
    if (seen.every((one, at) => one === this.seen[at])) return; // a thousand other cards may change one by one
    this.seen = seen;
    const isPending = items.isPending(ref);
    this.#draw();
    if (this.wasPending && !isPending) this.refresh();
    this.wasPending = isPending;
  }

  /** Show what the time of day has changed. */
  tick() {
    this.#draw();
  }

  /** @param {Item} item */
  #build(item) {
    this.isGone = false;
    this.place.classList.remove("gone");
    this.notice.replaceChildren();
    this.views.clear();
    this.title = titleField(item, this.host);
    this.head = [bar(this.ways), this.title, marks(this.host)];
    const [top, ...rest] = this.head.map(({ element }) => element);
    this.tabs = Object.entries(TABS).map(([name, word]) => this.#tab(/** @type {Tab} */ (name), word));
    const tablist = h("div", { role: "tablist", "aria-label": "Views of this item", class: "tabs" }, ...this.tabs);
    this.sheets = Object.keys(TABS).map((name) => h("div", { class: "sheet", role: "tabpanel", id: `sheet-${name}`, "aria-labelledby": `tab-${name}`, tabindex: 0, hidden: true }));
    this.place.replaceChildren(top, this.notice, ...rest, tablist, ...this.sheets);
    this.#turn();
  }

  /** Show the view that the address names; each is made when it is first looked at and then stays. */
  #turn() {
    const wanted = here().tab;
    const name = /** @type {Tab} */ (wanted in TABS ? wanted : "detail");
    if (!this.item || !this.sheets.length) return;
    const index = Object.keys(TABS).indexOf(name);
    this.tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    this.sheets.forEach((sheet, at) => (sheet.hidden = at !== index));
    if (this.views.has(name) || this.isGone) return;
    const view = this.#view(name, this.item);
    this.views.set(name, view);
    this.sheets[index].replaceChildren(...view.elements);
  }

  /** @param {Tab} name @param {Item} item @returns {View} */
  #view(name, item) {
    if (name === "fields") return new Fields(item, this.host);
    return name === "history" ? new History(item) : new Detail(item, this.host);
  }

  /** @param {Tab} name @param {string} word @returns {HTMLElement} */
  #tab(name, word) {
    const names = Object.keys(TABS);
    const choose = (/** @type {string} */ one) => {
      go({ tab: one === "detail" ? "" : one }, { replace: true });
      this.tabs[names.indexOf(one)].focus();
    };
    const step = (/** @type {KeyboardEvent} */ event) => {
      const moves = /** @type {Record<string, number>} */ ({ ArrowRight: names.indexOf(name) + 1, ArrowLeft: names.indexOf(name) - 1, Home: 0, End: names.length - 1 });
      if (!(event.key in moves)) return;
      event.preventDefault();
      choose(names[(moves[event.key] + names.length) % names.length]);
    };
    return h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `sheet-${name}`, onclick: () => choose(name), onkeydown: step }, word);
  }

  /** @param {string} ref */
  #wait(ref) {
    this.#forget();
    this.ref = ref;
    this.place.dataset.ref = ref;
    this.place.setAttribute("aria-label", "Loading");
    this.place.hidden = false;
    document.body.classList.add("with-panel");
    this.place.replaceChildren(h("div", { class: "bar" }, h("span", { class: "gap" }), closer(this.ways.close)), h("p", { class: "none loading", role: "status" }, "Loading …"));
  }

  /** @param {any} error */
  #missing(error) {
    this.place.setAttribute("aria-label", error.message);
    this.place.replaceChildren(
      h("div", { class: "bar" }, h("span", { class: "gap" }), closer(this.ways.close)),
      h("div", { class: "sheet" }, h("h2", { tabindex: -1 }, error.message), h("p", {}, ...worded(error.hint ?? ""))),
    );
  }

  /** The item went away while it was open: say so, and leave what one reads or writes in sight. @param {Item} item */
  #gone(item) {
    if (this.isGone) return;
    this.isGone = true;
    this.title?.freeze();
    for (const view of this.views.values()) view.freeze();
    this.place.querySelector(".marks")?.remove();
    this.notice.replaceChildren(h("strong", {}, `${item.key} is gone.`), " It was deleted in the tracker, or left the projects that are shown here. What you typed is still below, to be copied.");
    this.place.classList.add("gone");
  }

  /** Say that a text waits, where one leaves it behind. */
  #kept() {
    const fields = [...this.views.values()].flatMap((view) => view.fields);
    if (this.item && !this.isGone && [this.title, ...fields].some((field) => field?.isDirty)) toast(`What you typed for ${this.item.key} is kept; open it again to go on.`);
  }

  #forget() {
    this.#kept();
    this.item = null;
    this.isGone = this.wasPending = false;
    this.seen = [];
    this.place.classList.remove("gone");
    this.notice.replaceChildren();
    this.title = null;
    [this.head, this.tabs, this.sheets] = [[], [], []];
    this.views.clear();
  }

  /** @param {Record<string, any>} fields @param {Record<string, any>} expected */
  async #write(fields, expected) {
    const item = /** @type {Item} */ (this.item);
    try {
      await edit(item, fields, expected);
    } finally {
      await this.refresh();
    }
  }

  #hide() {
    this.#forget();
    this.ref = "";
    this.place.dataset.ref = "";
    this.tell.titled();
    this.place.hidden = true;
    this.place.replaceChildren();
    document.body.classList.remove("with-panel");
  }
}

/** @param {Item} item @returns {Set<string>} the refs whose changes show in it */
function nearby({ ref, parent, parent_item, children, blocked_by, blocks, tasks, links, twin }) {
  const around = [parent_item, ...children, ...blocked_by, ...blocks, ...tasks, ...links, twin].map((one) => one?.ref);
  return new Set([ref, parent, ...around].filter((one) => typeof one === "string"));
}
