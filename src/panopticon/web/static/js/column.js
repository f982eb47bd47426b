/**
 * A column: a region with a list. Cards lie in blocks of fifty; blocks far from sight are empty
 * boxes of the height they had, so that ten thousand cards cost what fifty do.
 */

import { h } from "./dom.js";

const BLOCK = 50;
const ALWAYS = 200; // lists up to this length are whole: nothing to hide
const GUESS = 95;
const NEAR = "1200px";

export class Column {
  /**
   * @param {string} state
   * @param {string} name
   * @param {import("./pool.js").Pool} pool
   */
  constructor(state, name, pool) {
    this.name = name;
    this.pool = pool;
    /** @type {import("./card.js").Card[]} */
    this.cards = [];
    this.count = h("span", { class: "count" });
    this.list = h("ul", { class: "cards", role: "list", "aria-label": name });
    this.empty = h("p", { class: "none" }, "Nothing here");
    const id = `column-${state}`;
    this.heading = h("h2", { id }, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), name);
    this.scroller = h("div", { class: "scroller", tabindex: -1 }, this.list, this.empty);
    this.element = h(
      "section",
      { class: "column", "aria-labelledby": id, "data-state": state },
      h("header", {}, this.heading, this.count),
      this.scroller,
    );
    this.watcher = new IntersectionObserver((seen) => this.#look(seen), { root: this.scroller, rootMargin: NEAR });
  }

  /** Show these cards in this order. @param {import("./card.js").Card[]} cards */
  show(cards) {
    this.cards = cards;
    this.count.textContent = String(cards.length);
    this.empty.hidden = cards.length > 0;
    const wanted = Math.ceil(cards.length / BLOCK);
    while (this.list.children.length > wanted) this.#drop(this.list.lastElementChild);
    while (this.list.children.length < wanted) this.#add();
    for (const [index, child] of [...this.list.children].entries()) {
      const block = /** @type {HTMLElement} */ (child);
      if (this.#isWhole() || block.dataset.near) this.#fill(block, index);
      else this.#clear(block, index);
    }
  }

  #isWhole() {
    return this.cards.length <= ALWAYS;
  }

  #add() {
    const block = h("div", { class: "block", role: "none" });
    this.list.append(block);
    this.watcher.observe(block);
  }

  /** @param {Element} block */
  #drop(block) {
    this.watcher.unobserve(block);
    block.remove();
  }

  /** @param {IntersectionObserverEntry[]} seen */
  #look(seen) {
    for (const { target, isIntersecting } of seen) {
      const block = /** @type {HTMLElement} */ (target);
      const index = [...this.list.children].indexOf(block);
      block.dataset.near = isIntersecting ? "yes" : "";
      if (this.#isWhole() || index < 0) continue;
      if (isIntersecting) this.#fill(block, index);
      else if (!block.contains(document.activeElement)) this.#clear(block, index);
    }
  }

  /** @param {HTMLElement} block @param {number} index */
  #fill(block, index) {
    const cards = this.cards.slice(index * BLOCK, (index + 1) * BLOCK);
    const nodes = cards.map((card, place) => {
      const node = this.pool.drawn(card);
      node.setAttribute("aria-setsize", String(this.cards.length));
      node.setAttribute("aria-posinset", String(index * BLOCK + place + 1));
      return node;
    });
    block.style.height = "";
    settle(block, nodes);
  }

  /** @param {HTMLElement} block @param {number} index */
  #clear(block, index) {
    const count = Math.min(BLOCK, this.cards.length - index * BLOCK);
    const height = block.childElementCount === count ? block.offsetHeight : count * GUESS;
    if (!block.style.height || block.childElementCount) block.style.height = `${height}px`;
    block.replaceChildren();
  }
}

/**
 * Give a parent these children in this order, touching only what differs.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} nodes
 */
function settle(parent, nodes) {
  const kept = new Set(nodes);
  for (const child of [...parent.children]) if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  let at = parent.firstElementChild;
  for (const node of nodes) {
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
}
