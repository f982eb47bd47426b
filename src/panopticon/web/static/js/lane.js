/** A swim lane: a region with a head that folds it, and one list for each column. Far from sight it is an empty box. */

import { avatar } from "./avatar.js";
import { h, icon } from "./dom.js";
import { Stack } from "./stack.js";

/** @typedef {import("./types.js").ColumnHead} ColumnHead */

const CARD = 97; // what a card takes, roughly, in pixels
const SMALL = 300; // boards up to this are drawn whole once the page is idle
const WHOLE = 160;

let made = 0;

export class LaneView {
  /**
   * @param {ColumnHead[]} columns
   * @param {import("./pool.js").Pool} pool
   * @param {import("./stack.js").Sight} sight
   * @param {(isFolded: boolean) => void} folded
   */
  constructor(columns, pool, sight, folded) {
    const id = `lane-${++made}`;
    this.face = h("span", { class: "lane-face" });
    this.name = h("span", { class: "lane-name", id, dir: "auto" });
    this.count = h("span", { class: "count" });
    this.button = h("button", { type: "button", class: "lane-fold", "aria-expanded": "true", onclick: () => folded(this.button.getAttribute("aria-expanded") === "true") }, icon("chevron-down"), this.face, this.name, this.count);
    this.cells = h("div", { class: "cells" });
    /** @type {Map<string, Stack>} */
    this.stacks = new Map();
    for (const { state, name } of columns) {
      const list = h("ul", { class: "cards", role: "list", "aria-label": name });
      this.cells.append(h("div", { class: "cell", "data-state": state }, list));
      this.stacks.set(state, new Stack(list, pool, sight, 0));
    }
    this.sight = sight;
    this.isNear = false;
    this.isDrawn = false;
    this.height = 0;
    /** @type {import("./order.js").Lane | null} */
    this.lane = null;
    this.element = h("section", { class: "lane", "aria-labelledby": id }, h("h3", { class: "lane-head" }, this.button), this.cells);
  }

  /**
   * @param {import("./order.js").Lane} lane
   * @param {{group: string, isFolded: boolean, focused: string, total: number}} how
   */
  show(lane, { group, isFolded, focused, total }) {
    if (this.name.textContent !== lane.name) this.#introduce(lane, group);
    this.lane = lane;
    this.count.textContent = String(lane.count);
    this.element.dataset.lane = lane.key;
    this.button.setAttribute("aria-expanded", String(!isFolded));
    this.cells.hidden = isFolded;
    for (const stack of this.stacks.values()) stack.whole = total <= SMALL ? WHOLE : 0;
    if (!isFolded) this.#draw(focused);
  }

  /** Have a card in the page. @param {string} ref @returns {boolean} whether it is in this lane */
  bring(ref) {
    if (this.cells.hidden || !this.lane || ![...this.lane.columns.values()].some((cards) => cards.some((card) => card.ref === ref))) return false;
    this.isNear = true;
    this.#draw(ref);
    return true;
  }

  end() {
    this.sight.leave(this.element);
    for (const stack of this.stacks.values()) stack.end();
    this.element.remove();
  }

  /** Watched once it is in the page. */
  watch() {
    this.sight.watch(this.element, (isNear) => this.#look(isNear));
  }

  /** @param {boolean} isNear */
  #look(isNear) {
    if (!isNear && this.cells.contains(document.activeElement)) return;
    if (this.isNear === isNear) return;
    this.isNear = isNear;
    this.#draw("");
  }

  /** @param {string} focused */
  #draw(focused) {
    const { lane } = this;
    if (!lane) return;
    const hasFocused = focused && [...lane.columns.values()].some((cards) => cards.some(({ ref }) => ref === focused));
    const isDrawn = this.isNear || hasFocused || [...this.stacks.values()].some(({ whole }) => whole > 0);
    if (!isDrawn) {
      const most = Math.max(...[...lane.columns.values()].map(({ length }) => length));
      if (this.cells.firstElementChild && this.isDrawn) this.height = this.cells.offsetHeight;
      this.cells.style.height = `${this.isDrawn ? this.height : most * CARD}px`;
    } else this.cells.style.height = "";
    this.isDrawn = isDrawn;
    for (const [state, stack] of this.stacks) stack.show(isDrawn ? (lane.columns.get(/** @type {any} */ (state)) ?? []) : [], focused);
  }

  /** @param {import("./order.js").Lane} lane @param {string} group */
  #introduce(lane, group) {
    this.name.textContent = lane.name;
    const initials = lane.name.split(" ").map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
    this.face.replaceChildren(...(group === "assignee" && lane.key ? [avatar({ id: lane.key, initials })] : []));
  }
}
