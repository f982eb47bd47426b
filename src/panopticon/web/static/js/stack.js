/**
 * A list of cards as long as it likes. Cards lie in blocks; blocks far from sight are empty boxes of
 * the height they had, so that ten thousand cards cost what fifty do. Short lists become whole once
 * the page is idle, so that finding in the page and reading on works.
 */

import { h } from "./dom.js";

const BLOCK = 12; // one fills a window of common height
const WHOLE = 160;
const GUESS = 96;
const NEAR = "900px 400px";

/** @typedef {import("./types.js").Card} Card */

/** Who watches what is near in one scroller; the stacks in it share it. */
export class Sight {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {WeakMap<Element, (isNear: boolean) => void>} */
    this.tell = new WeakMap();
    const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      for (const { target, isIntersecting } of entries) this.tell.get(target)?.(isIntersecting);
    };
    this.watcher = new IntersectionObserver(seen, { root, rootMargin: NEAR });
  }

  /** @param {Element} element @param {(isNear: boolean) => void} tell */
  watch(element, tell) {
    this.tell.set(element, tell);
    this.watcher.observe(element);
  }

  /** @param {Element} element */
  leave(element) {
    this.watcher.unobserve(element);
  }
}

export class Stack {
  /**
   * @param {HTMLElement} list
   * @param {import("./pool.js").Pool} pool
   * @param {Sight} sight
   * @param {number} [first] blocks drawn at once, before anybody knows what is in sight
   */
  constructor(list, pool, sight, first = 1) {
    this.first = first;
    /** How long a list may be to become whole. */
    this.whole = WHOLE;
    this.list = list;
    this.pool = pool;
    this.sight = sight;
    /** @type {Card[]} */
    this.cards = [];
    /** @type {{element: HTMLElement, isNear: boolean, height: number}[]} */
    this.blocks = [];
    this.isWhole = false;
    this.idle = 0;
  }

  /** Show these cards in this order; the focused one is drawn wherever it lies. @param {Card[]} cards @param {string} focused */
  show(cards, focused) {
    this.cards = cards;
    const wanted = Math.ceil(cards.length / BLOCK);
    while (this.blocks.length > wanted) this.#drop();
    while (this.blocks.length < wanted) this.#add();
    if (cards.length > this.whole) this.isWhole = false;
    const held = focused ? Math.floor(cards.findIndex(({ ref }) => ref === focused) / BLOCK) : -1;
    for (let index = 0; index < wanted; index += 1) {
      if (this.#isDrawn(index) || index === held) this.#fill(index);
      else this.#clear(index);
    }
    if (!this.isWhole && wanted > this.first && cards.length <= this.whole) this.#later();
  }

  /** Have a card in the page, to be focused or scrolled to. @param {string} ref @returns {boolean} whether it is here */
  bring(ref) {
    const at = this.cards.findIndex((card) => card.ref === ref);
    if (at >= 0) this.#fill(Math.floor(at / BLOCK));
    return at >= 0;
  }

  /** The list is taken out of the page. */
  end() {
    cancelIdle(this.idle);
    for (const { element } of this.blocks) this.sight.leave(element);
  }

  /** @param {number} index @returns {boolean} */
  #isDrawn(index) {
    return this.isWhole || index < this.first || this.blocks[index].isNear;
  }

  #later() {
    cancelIdle(this.idle);
    this.idle = whenIdle(() => {
      if (this.cards.length > this.whole || !this.list.isConnected) return;
      this.isWhole = true;
      for (let index = 0; index < this.blocks.length; index += 1) this.#fill(index);
    });
  }

  #add() {
    const block = { element: h("div", { class: "block", role: "none" }), isNear: false, height: 0 };
    this.blocks.push(block);
    this.list.append(block.element);
    this.sight.watch(block.element, (isNear) => this.#look(block, isNear));
  }

  #drop() {
    const block = this.blocks.pop();
    if (!block) return;
    this.sight.leave(block.element);
    block.element.remove();
  }

  /** @param {{element: HTMLElement, isNear: boolean, height: number}} block @param {boolean} isNear */
  #look(block, isNear) {
    const index = this.blocks.indexOf(block);
    block.isNear = isNear;
    if (index < 0) return;
    if (this.#isDrawn(index)) this.#fill(index);
    else if (!block.element.contains(document.activeElement)) this.#clear(index);
  }

  /** @param {number} index */
  #fill(index) {
    const cards = this.cards.slice(index * BLOCK, (index + 1) * BLOCK);
    const nodes = cards.map((card, place) => {
      const node = this.pool.drawn(card);
      tell(node, "aria-setsize", String(this.cards.length));
      tell(node, "aria-posinset", String(index * BLOCK + place + 1));
      return node;
    });
    const { element } = this.blocks[index];
    if (element.style.height) element.style.height = "";
    settle(element, nodes);
  }

  /** @param {number} index */
  #clear(index) {
    const block = this.blocks[index];
    const count = Math.min(BLOCK, this.cards.length - index * BLOCK);
    const { element } = block;
    if (element.childElementCount === count) block.height = element.offsetHeight;
    const height = `${count === BLOCK && block.height ? block.height : count * GUESS}px`;
    if (element.style.height !== height) element.style.height = height;
    if (element.childElementCount) element.replaceChildren();
  }
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
function tell(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
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

/** @param {() => void} work @returns {number} */
function whenIdle(work) {
  return "requestIdleCallback" in window ? requestIdleCallback(work, { timeout: 500 }) : setTimeout(work, 100);
}

/** @param {number} id */
function cancelIdle(id) {
  if ("cancelIdleCallback" in window) cancelIdleCallback(id);
  else clearTimeout(id);
}
