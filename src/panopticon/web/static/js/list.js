/**
 * The cards as a table. Rows have one height, so that only those in sight stand in the page; the
 * focused one stays wherever it lies.
 */

import { go, here } from "./address.js";
import { avatar } from "./avatar.js";
import { blockedChip, glyph, hereOnly, markCard, nameOf, progressBar, since, urgencyOf } from "./card.js";
import { h, icon } from "./dom.js";
import { columnName, holderOf } from "./items.js";
import { hearClicks } from "./picking.js";
import { Pool } from "./pool.js";
import { selection } from "./selection.js";
import { left, moment, now } from "./time.js";
import { twinMark } from "./twin.js";

/** @typedef {import("./types.js").Card} Card */

const ROW = 38;
const ROW_BY_TOUCH = 52;
const SPARE = 6; // rows drawn above and below what is in sight
const TOUCH = matchMedia("(max-width: 599px)");
/** What the heads say, and by which order a click on them sorts. */
const HEADS = [
  { name: "Key", sort: "key" },
  { name: "Title", sort: "title" },
  { name: "State", sort: "state" },
  { name: "Holder", sort: "holder" },
  { name: "Points", sort: "points" },
  { name: "Labels", sort: "" },
  { name: "Iteration", sort: "iteration" },
  { name: "Changed", sort: "updated" },
];

export class List {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.pool = new Pool({ blank: blankRow, draw: drawRow });
    /** @type {Card[]} */
    this.cards = [];
    this.heads = h("div", { role: "row", class: "list-row list-heads" }, h("span", { role: "columnheader", class: "c-choose" }, h("span", { class: "spoken" }, "Chosen")), ...HEADS.map(headOf));
    this.body = h("div", { role: "rowgroup", class: "list-body" });
    this.table = h("div", { role: "table", class: "table", "aria-label": "Items" }, h("div", { role: "rowgroup", class: "list-top" }, this.heads), this.body);
    this.scroller = h("div", { class: "list-scroller", tabindex: "-1" }, this.table);
    this.frame = 0;
    place.append(this.scroller);
    this.scroller.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#soon()).observe(this.scroller);
    hearClicks(place, () => this.cards.map(({ ref }) => ref));
    selection.addEventListener("change", () => this.#remark());
  }

  /** @param {Card[]} cards in their order */
  show(cards) {
    this.cards = cards;
    this.table.setAttribute("aria-rowcount", String(cards.length + 1));
    this.#markHeads(here().sort || "rank");
    this.#draw();
    this.pool.trim();
  }

  /** Mark the item that is open. @param {string} ref */
  mark(ref) {
    this.#remark();
    if (ref) this.#reveal(this.#at(ref));
  }

  /** Put the focus on an item, wherever it lies. @param {string} ref */
  focus(ref) {
    const at = this.#at(ref);
    if (at < 0) return;
    this.#reveal(at);
    this.#draw();
    this.pool.known.get(ref)?.element.querySelector("a")?.focus({ preventScroll: true });
  }

  /** @returns {boolean} whether something drawn depends on the time of day and is out of date */
  isStale() {
    return this.pool.isStale();
  }

  #soon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const height = rowHeight();
    this.body.style.height = `${this.cards.length * height}px`;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - SPARE);
    const last = Math.min(this.cards.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / height) + SPARE);
    const wanted = new Map(this.cards.slice(first, last).map((card, offset) => [card.ref, first + offset]));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest?.(".list-body [data-ref]") ?? null);
    const lost = focused && !wanted.has(focused.dataset.ref ?? "") ? this.#at(focused.dataset.ref ?? "") : -1;
    if (lost >= 0) wanted.set(this.cards[lost].ref, lost);
    this.#settle(wanted, height);
    if (focused && !focused.isConnected) this.#refocus(focused);
  }

  /** @param {Map<string, number>} wanted @param {number} height */
  #settle(wanted, height) {
    for (const child of /** @type {HTMLElement[]} */ ([...this.body.children])) if (!wanted.has(child.dataset.ref ?? "")) child.remove();
    for (const [, at] of wanted) {
      const row = this.pool.drawn(this.cards[at]);
      const index = String(at + 2);
      if (row.getAttribute("aria-rowindex") !== index) row.setAttribute("aria-rowindex", index);
      const transform = `translateY(${at * height}px)`;
      if (row.style.transform !== transform) row.style.transform = transform;
      if (row.parentElement !== this.body) this.body.append(row);
    }
  }

  /** The focused row is gone: its place in the list takes the focus. @param {HTMLElement} row */
  #refocus(row) {
    const at = Math.min(Number(row.getAttribute("aria-rowindex")) - 2, this.cards.length - 1);
    if (at >= 0) this.focus(this.cards[at].ref);
  }

  /** @param {string} ref @returns {number} */
  #at(ref) {
    return this.cards.findIndex((card) => card.ref === ref);
  }

  /** @param {number} at */
  #reveal(at) {
    if (at < 0) return;
    const [height, view] = [rowHeight(), this.scroller.clientHeight - this.heads.offsetHeight];
    const { scrollTop } = this.scroller;
    if (at * height < scrollTop) this.scroller.scrollTop = at * height;
    else if ((at + 1) * height > scrollTop + view) this.scroller.scrollTop = (at + 1) * height - view;
  }

  #remark() {
    this.place.classList.toggle("choosing", selection.refs.size > 0);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll("[data-ref]"))) markCard(row, row.dataset.ref ?? "");
  }

  /** @param {string} sort */
  #markHeads(sort) {
    for (const head of /** @type {HTMLElement[]} */ ([...this.heads.children])) {
      if (!head.dataset.sort) continue;
      const isThis = sort.replace("-", "") === head.dataset.sort;
      head.setAttribute("aria-sort", isThis ? (isDescending(sort) ? "descending" : "ascending") : "none");
    }
  }
}

/** @returns {number} */
function rowHeight() {
  return TOUCH.matches ? ROW_BY_TOUCH : ROW;
}

/** Newest and most come first unless turned round. @param {string} sort @returns {boolean} */
function isDescending(sort) {
  const isTurned = sort.startsWith("-");
  return ["points", "updated", "created"].includes(sort.replace("-", "")) !== isTurned;
}

/** @param {{name: string, sort: string}} head @returns {HTMLElement} */
function headOf({ name, sort }) {
  const turn = () => go({ sort: here().sort === sort ? `-${sort}` : sort });
  const inside = sort ? h("button", { type: "button", class: "sorter", title: `Sort by ${name.toLowerCase()}`, onclick: turn }, name, icon("arrow-up")) : name;
  return h("span", { role: "columnheader", class: `c-${name.toLowerCase()}`, "data-sort": sort || null, "aria-sort": sort ? "none" : null }, inside);
}

/** @returns {HTMLElement} */
function blankRow() {
  const link = h("a", { class: "title-link", draggable: "false" });
  return h(
    "div",
    { role: "row", class: "list-row" },
    h("span", { role: "cell", class: "c-choose" }, h("input", { type: "checkbox", class: "chooser", tabindex: "-1" })),
    h("span", { role: "cell", class: "c-key" }),
    h("span", { role: "cell", class: "c-title" }, link, h("span", { class: "row" })),
    ...HEADS.slice(2).map(({ name }) => h("span", { role: "cell", class: `c-${name.toLowerCase()}` })),
  );
}

/** @param {HTMLElement} element @param {Card} card */
function drawRow(element, card) {
  const [choose, key, title, state, holder, points, labels, iteration, aged] = /** @type {HTMLElement[]} */ ([...element.children]);
  element.dataset.ref = card.ref;
  element.setAttribute("aria-label", nameOf(card));
  element.classList.toggle("cancelled", card.cancelled);
  choose.firstElementChild?.setAttribute("aria-label", `Select ${card.key}`);
  key.replaceChildren(glyph(card.source), h("span", { class: "key" }, card.key));
  const [link, marks] = /** @type {HTMLElement[]} */ ([...title.children]);
  link.setAttribute("href", `/item?ref=${encodeURIComponent(card.ref)}`);
  link.replaceChildren(h("span", { class: "spoken" }, `${card.key} `), h("span", { class: "title", dir: "auto" }, card.title));
  marks.replaceChildren(...[twinMark(card), hereOnly(card), urgencyOf(card), card.blocked && blockedChip(card.blocked), card.progress && progressOf(card.progress)].filter((mark) => mark instanceof Node));
  state.replaceChildren(h("span", { class: "chip native", title: columnName(card.state) }, h("span", { class: `dot ${card.state}`, "aria-hidden": "true" }), card.native_state));
  holder.replaceChildren(...holderCell(card));
  points.textContent = card.points === null ? "" : String(card.points);
  labels.replaceChildren(...card.labels.slice(0, 2).map((label) => h("span", { class: "chip label", title: label }, label)), card.labels.length > 2 ? h("span", { class: "count", title: card.labels.join(", ") }, `+${card.labels.length - 2}`) : "");
  iteration.textContent = card.iteration ?? "";
  aged.replaceChildren(since(card.updated_at));
  markCard(element, card.ref);
}

/** The count says what it counts, also where there is no room for the bar. @param {{done: number, total: number}} progress @returns {HTMLElement} */
function progressOf(progress) {
  const bar = progressBar(progress);
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", bar.title);
  return bar;
}

/** @param {Card} card @returns {HTMLElement[]} */
function holderCell(card) {
  const holder = holderOf(card, now());
  if (!holder) return [];
  const end = holder.lease?.expires_at;
  const time = end ? [h("time", { datetime: end, "data-shows": "left", title: `The claim ends ${moment(end)}` }, left(end))] : [];
  return [avatar(holder), h("span", { class: "holder", title: holder.name }, holder.name), ...time];
}
