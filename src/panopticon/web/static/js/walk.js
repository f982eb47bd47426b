/** Go from card to card: along a column, across columns, through swim lanes and the list. */

import { here } from "./address.js";
import { items } from "./items.js";
import { lanes, shownInOrder } from "./order.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {{key: string, columns: {state: string, refs: string[]}[]}} Row */
/** @typedef {"up" | "down" | "left" | "right" | "first" | "last"} Way */

const CARD = ":is(#board, #list) :is(li, tr, [role=row], [role=listitem])[data-ref]";
const FRAMES = 40;
/** @type {{key: string, rows: Row[]}} */
const kept = { key: "", rows: [] };
/** The card that had the focus last, as long as nothing else was meant since. */
let last = "";
/** The card that is scrolled to and gets the focus once it is drawn: quick keys go on from there. */
let sought = "";

/** @returns {Row[]} what is shown, as one walks it */
export function rows() {
  const { view, group, sort } = here();
  const key = `${items.version} ${view} ${group} ${sort}`;
  if (kept.key !== key) {
    kept.key = key;
    kept.rows = view === "list" ? [{ key: "", columns: [{ state: "", refs: refsOf(shownInOrder(sort)) }] }] : lanes(group, sort).map(rowOf);
  }
  return kept.rows;
}

/** @param {Card[]} cards @returns {string[]} */
const refsOf = (cards) => cards.map(({ ref }) => ref);

/** @param {import("./order.js").Lane} lane @returns {Row} */
function rowOf({ key, columns }) {
  return { key, columns: [...columns].map(([state, cards]) => ({ state, refs: refsOf(cards) })) };
}

/** @returns {string} the ref of the card that has the focus */
export function focusedRef() {
  return /** @type {HTMLElement | null} */ (document.activeElement?.closest(CARD))?.dataset.ref ?? "";
}

/** @param {string} ref @returns {HTMLElement | null} the card in the page, if it is drawn */
export function cardOf(ref) {
  return document.querySelector(`${CARD}[data-ref="${CSS.escape(ref)}"]`);
}

/** @returns {boolean} whether keys that walk are meant for the cards */
export function isWalking() {
  const at = document.activeElement;
  return !at || at === document.body || at.matches("#board, #list, .scroller") || focusedRef() !== "";
}

/**
 * Focus the next card that way; the first one where none has the focus.
 * @param {Way} way
 * @param {string} [from]
 * @returns {string} the ref it goes to, "" for none
 */
export function walk(way, from = sought || focusedRef()) {
  const place = placeOf(from) ?? placeOf(last) ?? placeOf(document.getElementById("panel")?.dataset.ref ?? "");
  const target = !place ? firstOf() : from ? next(place, way) : { row: place.row, column: place.column, index: place.index };
  const ref = target && rows()[target.row].columns[target.column].refs[target.index];
  if (ref) focusCard(ref);
  return ref ?? "";
}

/** @typedef {{row: number, column: number, index: number}} Place */

/** @param {string} ref @returns {Place | null} */
function placeOf(ref) {
  if (!ref) return null;
  for (const [row, { columns }] of rows().entries()) {
    for (const [column, { refs }] of columns.entries()) {
      const index = refs.indexOf(ref);
      if (index >= 0) return { row, column, index };
    }
  }
  return null;
}

/** @returns {Place | null} */
function firstOf() {
  for (const [row, { columns }] of rows().entries()) {
    const column = columns.findIndex(({ refs }) => refs.length > 0);
    if (column >= 0) return { row, column, index: 0 };
  }
  return null;
}

/** @param {Place} place @param {Way} way @returns {Place | null} */
function next({ row, column, index }, way) {
  const { refs } = rows()[row].columns[column];
  if (way === "first") return { row, column, index: 0 };
  if (way === "last") return { row, column, index: refs.length - 1 };
  if (way === "left" || way === "right") return across(row, column, refs[index], way === "left" ? -1 : 1);
  const wanted = index + (way === "down" ? 1 : -1);
  if (wanted >= 0 && wanted < refs.length) return { row, column, index: wanted };
  return otherLane(row, column, way === "down" ? 1 : -1);
}

/** @param {number} row @param {number} column @param {1 | -1} step @returns {Place | null} the same column in the next lane that has any */
function otherLane(row, column, step) {
  for (let at = row + step; at >= 0 && at < rows().length; at += step) {
    const { refs } = rows()[at].columns[column];
    if (refs.length) return { row: at, column, index: step > 0 ? 0 : refs.length - 1 };
  }
  return null;
}

/**
 * Find the card beside: in the next column that has any, the one that lies nearest in height.
 * @param {number} row
 * @param {number} column
 * @param {string} ref
 * @param {1 | -1} step
 * @returns {Place | null}
 */
function across(row, column, ref, step) {
  const { columns } = rows()[row];
  for (let at = column + step; at >= 0 && at < columns.length; at += step) {
    if (columns[at].refs.length) return { row, column: at, index: nearest(columns[at].refs, cardOf(ref)) };
  }
  return null;
}

/** @param {string[]} refs @param {HTMLElement | null} card @returns {number} */
function nearest(refs, card) {
  const height = card?.getBoundingClientRect().top ?? 0;
  const drawn = new Map([.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(CARD))].map((element) => [element.dataset.ref, element]));
  let found = 0;
  let least = Infinity;
  for (const [index, ref] of refs.entries()) {
    const element = drawn.get(ref);
    const distance = element ? Math.abs(element.getBoundingClientRect().top - height) : Infinity;
    if (distance < least) [found, least] = [index, distance];
  }
  return found;
}

/**
 * Focus a card, and have it in sight; one far from sight is scrolled to first, so that it is drawn.
 * @param {string} ref
 */
export async function focusCard(ref) {
  last = sought = ref;
  let card = cardOf(ref);
  if (!card) scrollTowards(ref);
  for (let frame = 0; !card && frame < FRAMES && sought === ref; frame += 1) {
    await new Promise(requestAnimationFrame);
    card = cardOf(ref);
  }
  if (sought !== ref) return;
  sought = "";
  if (!card || last !== ref) return;
  (card.querySelector("a") ?? card).focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {string} ref */
function scrollTowards(ref) {
  const place = placeOf(ref);
  if (!place) return;
  const { state, refs } = rows()[place.row].columns[place.column];
  const column = state ? document.querySelectorAll(`#board [data-state="${state}"]`)[place.row] : document.getElementById("list");
  const scroller = scrollerOf(column?.querySelector("ul, table, [role=table]") ?? column ?? null);
  if (scroller) scroller.scrollTop = (place.index / refs.length) * scroller.scrollHeight - scroller.clientHeight / 2;
}

/** @param {Element | null} element @returns {Element | null} what scrolls it up and down */
export function scrollerOf(element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

/** Put the focus back on a card that was drawn elsewhere while it had it, and only then. */
export function keepFocus() {
  document.addEventListener("focusin", () => (last = focusedRef() || (isWalking() ? last : "")));
  document.addEventListener("pointerdown", ({ target }) => {
    if (!(target instanceof Element && target.closest(CARD))) last = "";
  });
  let isLooking = false;
  const look = () => {
    isLooking = false;
    const isLost = last && document.activeElement === document.body && !document.querySelector("dialog[open], .menu");
    if (isLost && placeOf(last)) focusCard(last);
  };
  items.addEventListener("change", () => {
    if (!last || isLooking) return;
    isLooking = true;
    requestAnimationFrame(() => requestAnimationFrame(look)); // the change is drawn in the first
  });
}
