/** The board: five columns, or lanes of five, kept in step with the server without losing scroll or focus. */

import { here } from "./address.js";
import { blankCard, drawCard, markCard } from "./card.js";
import { Column, ColumnTitle } from "./column.js";
import { h } from "./dom.js";
import { items } from "./items.js";
import { LaneView } from "./lane.js";
import { hearClicks } from "./picking.js";
import { Pool } from "./pool.js";
import { selection } from "./selection.js";
import { slideFrom } from "./slide.js";
import { Sight } from "./stack.js";
import { Switcher } from "./switcher.js";

/** @typedef {import("./order.js").Lane} Lane */
/** @typedef {import("./types.js").State} State */
/** @typedef {{stack: import("./stack.js").Stack, at: number}} Spot */

export class Board {
  /** @param {HTMLElement} place @param {HTMLElement} switcher */
  constructor(place, switcher) {
    this.place = place;
    this.pool = new Pool({ blank: blankCard, draw: drawCard });
    this.switcher = new Switcher(switcher, place);
    /** @type {Map<string, Column>} */
    this.columns = new Map();
    /** @type {Map<string, LaneView>} */
    this.lanes = new Map();
    /** @type {Map<string, ColumnTitle>} */
    this.titles = new Map();
    /** @type {Set<string>} */
    this.folded = new Set();
    /** @type {Lane[]} */
    this.shown = [];
    this.layout = "";
    this.hadPending = false;
    this.seen = { edition: -1, pending: 0, search: "" };
    this.sight = new Sight(place);
    hearClicks(place, () => this.#order());
    selection.addEventListener("change", () => this.#remark());
  }

  /** Show the lanes. @param {Lane[]} lanes */
  show(lanes) {
    const { group } = here();
    this.#lay(group);
    const focused = focusedIn(this.place);
    const place = focused && !items.told.has(focused.ref) ? this.#placeOf(focused.ref) : null;
    const slide = this.#isMoved() ? slideFrom(this.place) : () => undefined;
    this.shown = lanes;
    if (group) this.#showLanes(lanes, group, focused?.ref ?? "");
    else for (const [state, cards] of lanes[0]?.columns ?? []) this.columns.get(state)?.show(cards, focused?.ref ?? "");
    this.pool.trim();
    this.#count();
    this.#remark(false);
    if (focused && focused.element !== document.activeElement) this.#refocus(focused.element, place);
    slide();
  }

  /** Cards slide where somebody moved them; another filter or order is another picture. @returns {boolean} */
  #isMoved() {
    const before = this.seen;
    this.seen = { edition: items.edition, pending: items.pending.size, search: location.search };
    return before.search === this.seen.search && (before.edition !== this.seen.edition || before.pending !== this.seen.pending);
  }

  /** Mark the card whose item is open, and have it in sight beside the panel. @param {string} ref */
  mark(ref) {
    this.#remark();
    if (ref) this.#bring(ref)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Put the focus on a card, wherever in its column it lies. @param {string} ref */
  focus(ref) {
    this.#bring(ref)?.querySelector("a")?.focus();
  }

  /** @returns {boolean} whether something drawn depends on the time of day and is out of date */
  isStale() {
    return this.pool.isStale();
  }

  /** @param {string} ref @returns {HTMLElement | undefined} its element, in the page */
  #bring(ref) {
    if (this.lanes.size) [...this.lanes.values()].some((lane) => lane.bring(ref));
    else [...this.columns.values()].some(({ stack }) => stack.bring(ref));
    return this.pool.known.get(ref)?.element;
  }

  /** Build what the grouping needs. @param {string} group */
  #lay(group) {
    const { columns } = items.head;
    const layout = `${group} ${columns.map(({ state, name }) => state + name).join()}`;
    if (this.layout === layout) return;
    this.layout = layout;
    for (const lane of this.lanes.values()) lane.end();
    this.lanes.clear();
    this.columns = new Map(group ? [] : columns.map((column) => [column.state, new Column(column, this.pool)]));
    this.titles = new Map(columns.map((column) => [column.state, this.columns.get(column.state)?.title ?? new ColumnTitle(column, `column-${column.state}`)]));
    this.place.classList.toggle("in-lanes", Boolean(group));
    if (group) this.place.replaceChildren(h("div", { class: "heads" }, ...[...this.titles].map(([state, { element }]) => h("div", { class: "head-cell", "data-head": state }, element))));
    else this.place.replaceChildren(...[...this.columns.values()].map(({ element }) => element));
    this.switcher.build(columns);
  }

  /** @param {Lane[]} lanes @param {string} group @param {string} focused */
  #showLanes(lanes, group, focused) {
    const wanted = new Set(lanes.map(({ key }) => key));
    for (const [key, view] of this.lanes) {
      if (wanted.has(key)) continue;
      view.end();
      this.lanes.delete(key);
    }
    const total = lanes.reduce((sum, { count }) => sum + count, 0);
    let after = /** @type {Element | null} */ (this.place.firstElementChild);
    for (const lane of lanes) {
      const isNew = !this.lanes.has(lane.key);
      const view = this.lanes.get(lane.key) ?? this.#newLane(lane.key);
      if (after && after.nextElementSibling !== view.element) after.after(view.element);
      after = view.element;
      if (isNew) view.watch();
      view.show(lane, { group, isFolded: this.folded.has(lane.key), focused, total });
    }
  }

  /** @param {string} key @returns {LaneView} */
  #newLane(key) {
    const fold = (/** @type {boolean} */ isFolded) => {
      if (isFolded) this.folded.add(key);
      else this.folded.delete(key);
      this.show(this.shown);
    };
    const view = new LaneView(items.head.columns, this.pool, this.sight, fold);
    this.lanes.set(key, view);
    return view;
  }

  #count() {
    /** @type {Map<State, number>} */
    const all = new Map();
    for (const { state } of items.shownAll()) all.set(state, (all.get(state) ?? 0) + 1);
    for (const { state, limit } of items.head.columns) {
      const count = this.shown.reduce((sum, lane) => sum + (lane.columns.get(state)?.length ?? 0), 0);
      this.titles.get(state)?.show(count, all.get(state) ?? 0, limit);
      this.switcher.count(state, count);
    }
  }

  /** Pending cards are other objects and so drawn anew; all others change only when something was chosen or opened. @param {boolean} [isAll] */
  #remark(isAll = true) {
    this.place.classList.toggle("choosing", selection.refs.size > 0);
    if (isAll || this.hadPending || items.pending.size) for (const element of /** @type {NodeListOf<HTMLElement>} */ (this.place.querySelectorAll(".card"))) markCard(element, element.dataset.ref ?? "");
    this.hadPending = items.pending.size > 0;
  }

  /** @returns {string[]} */
  #order() {
    return this.shown.flatMap((lane) => [...lane.columns.values()].flatMap((cards) => cards.map(({ ref }) => ref)));
  }

  /** Where a card stood that is gone. @param {string} ref @returns {Spot | null} */
  #placeOf(ref) {
    for (const { stack } of this.columns.values()) {
      const at = stack.cards.findIndex((card) => card.ref === ref);
      if (at >= 0) return { stack, at };
    }
    return null;
  }

  /**
   * Keep the focus where it was: on the same element, else on what took the place of a card that is gone.
   * @param {HTMLElement} element
   * @param {Spot | null} place
   */
  #refocus(element, place) {
    if (element.isConnected) return element.focus({ preventScroll: true });
    const next = place?.stack.cards[Math.min(place.at, place.stack.cards.length - 1)];
    if (next) this.focus(next.ref);
  }
}

/** @param {HTMLElement} place @returns {{element: HTMLElement, ref: string} | null} */
function focusedIn(place) {
  const element = /** @type {HTMLElement | null} */ (document.activeElement);
  const ref = /** @type {HTMLElement | null} */ (element?.closest("[data-ref]") ?? null)?.dataset.ref;
  return element && ref && place.contains(element) ? { element, ref } : null;
}
