/** A column: a region with a list, its count and its limit. */

import { h } from "./dom.js";
import { Sight, Stack } from "./stack.js";

/** @typedef {import("./types.js").ColumnHead} ColumnHead */

/** The name, count and limit of a column. */
export class ColumnTitle {
  /** @param {ColumnHead} column @param {string} id */
  constructor({ state, name }, id) {
    this.count = h("span", { class: "count" });
    this.limit = h("span", { class: "limit" });
    this.element = h("header", { class: "column-head" }, h("h2", { id }, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), name), this.count, h("span", { class: "gap" }), this.limit);
  }

  /**
   * @param {number} count of the cards shown
   * @param {number} all of the cards that are in the column
   * @param {number | null} limit
   */
  show(count, all, limit) {
    this.count.textContent = String(count);
    const isOver = limit !== null && all > limit;
    this.limit.textContent = limit === null ? "" : isOver ? `${all} / ${limit}, ${all - limit} over` : `${all} / ${limit}`;
    this.limit.title = limit === null ? "" : isOver ? "More is in work here than the team agreed to" : "In work here, of what the team agreed to";
    this.limit.classList.toggle("over", isOver);
  }
}

export class Column {
  /**
   * @param {ColumnHead} column
   * @param {import("./pool.js").Pool} pool
   */
  constructor(column, pool) {
    this.name = column.name;
    const id = `column-${column.state}`;
    this.title = new ColumnTitle(column, id);
    const list = h("ul", { class: "cards", role: "list", "aria-label": column.name });
    this.empty = h("p", { class: "none" }, "Nothing here");
    this.scroller = h("div", { class: "scroller", tabindex: "-1" }, list, this.empty);
    this.element = h("section", { class: "column", "aria-labelledby": id, "data-state": column.state }, this.title.element, this.scroller);
    this.stack = new Stack(list, pool, new Sight(this.scroller));
  }

  /** Show these cards in this order. @param {import("./types.js").Card[]} cards @param {string} focused */
  show(cards, focused) {
    this.empty.hidden = cards.length > 0;
    this.stack.show(cards, focused);
  }
}
