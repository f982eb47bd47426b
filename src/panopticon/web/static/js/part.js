/** A part of the open item that is drawn anew only when what it shows has changed; the focus stays. */

/** @typedef {import("./types.js").Item} Item */
/** @typedef {Node | string | null | undefined | false} Piece */

export class Part {
  /**
   * @param {HTMLElement} element
   * @param {(item: Item) => unknown} shows what it depends on
   * @param {(item: Item) => Piece[]} draw its content; elements with `data-mark` keep the focus
   */
  constructor(element, shows, draw) {
    this.element = element;
    this.shows = shows;
    this.draw = draw;
    this.text = "";
  }

  /** @param {Item} item */
  take(item) {
    const text = JSON.stringify(this.shows(item)) ?? "";
    if (text === this.text) return;
    this.text = text;
    replaced(this.element, this.draw(item));
  }
}

/**
 * Put a new content into an element and the focus back to where it was; where that is gone, to what has `data-stays`.
 * @param {HTMLElement} element
 * @param {Piece[]} content
 */
export function replaced(element, content) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const mark = focused && element.contains(focused) ? focused.dataset.mark : undefined;
  element.replaceChildren(.../** @type {(Node | string)[]} */ (content.filter(Boolean)));
  if (!mark) return;
  const same = /** @type {HTMLElement | null} */ (element.querySelector(`[data-mark="${CSS.escape(mark)}"]`) ?? element.querySelector("[data-stays]"));
  same?.focus({ preventScroll: true });
}
