/** A swim lane: a region with a head that folds it, and one list for each column. */

import { avatar } from "./avatar.js";
import { h, icon } from "./dom.js";
import { Stack } from "./stack.js";

/** @typedef {import("./types.js").ColumnHead} ColumnHead */

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
      this.stacks.set(state, new Stack(list, pool, sight));
    }
    this.element = h("section", { class: "lane", "aria-labelledby": id }, h("h3", { class: "lane-head" }, this.button), this.cells);
  }

  /**
   * @param {import("./order.js").Lane} lane
   * @param {string} group
   * @param {boolean} isFolded
   * @param {string} focused
   */
  show(lane, group, isFolded, focused) {
    if (this.name.textContent !== lane.name) this.#introduce(lane, group);
    this.count.textContent = String(lane.count);
    this.element.dataset.lane = lane.key;
    this.button.setAttribute("aria-expanded", String(!isFolded));
    this.cells.hidden = isFolded;
    if (isFolded) return;
    for (const [state, stack] of this.stacks) stack.show(lane.columns.get(/** @type {any} */ (state)) ?? [], focused);
  }

  end() {
    for (const stack of this.stacks.values()) stack.end();
    this.element.remove();
  }

  /** @param {import("./order.js").Lane} lane @param {string} group */
  #introduce(lane, group) {
    this.name.textContent = lane.name;
    const initials = lane.name.split(" ").map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
    this.face.replaceChildren(...(group === "assignee" && lane.key ? [avatar({ id: lane.key, initials })] : []));
  }
}
