/** The query bar: the search language, completed while one types; plain conditions become tokens one can take away. */

import { FILTERS, go, here } from "./address.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";
import { Offers } from "./query_offer.js";
import { termsOf } from "./query_text.js";
import { QueryTrouble } from "./query_trouble.js";
import { filterFor } from "./query_words.js";

/** @typedef {import("./address.js").Place} Place */

const TYPED = 40; // milliseconds between two letters of one who types fast
const RESTED = 700; // after so long what was begun is meant as it stands
const NAMES = FILTERS.filter((name) => name !== "q");

export class Query {
  /** @param {HTMLInputElement} box @param {HTMLElement} tokens */
  constructor(box, tokens) {
    this.box = box;
    this.tokens = tokens;
    this.timer = 0;
    this.rest = 0;
    this.last = 0;
    this.signature = "";
    this.offers = new Offers(box, (isValue) => (isValue ? this.#finish() : this.#typed()));
    this.trouble = new QueryTrouble(box, /** @type {HTMLElement} */ (document.getElementById("query-why")));
    box.addEventListener("input", () => this.#typed());
    box.addEventListener("change", () => this.#finish());
    box.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Say what the server could not read, or that it could. @param {any} error an ApiError, or null */
  misread(error) {
    const at = error?.body?.at;
    const place = /** @type {[number, number]} */ (Array.isArray(at) ? at : [0, [...here().q].length]);
    this.trouble.show(error && { q: here().q, at: place, message: error.message, hint: error.hint ?? "" });
  }

  /** Say what the address says, except to one who types. */
  show() {
    const place = here();
    if (document.activeElement !== this.box && this.box.value !== place.q) this.box.value = place.q;
    const tokens = tokensOf(place);
    const signature = tokens.map(({ name, value }) => `${name}:${value}`).join("\n");
    if (signature === this.signature) return;
    this.signature = signature;
    const hadFocus = this.tokens.contains(document.activeElement);
    this.tokens.replaceChildren(...tokens.map(tokenButton));
    if (hadFocus) this.box.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.offers.walk(step);
    } else if (event.key === "Enter") {
      if (this.offers.take()) event.preventDefault(); // else the browser tells at once that the text has changed
      else this.#finish();
    } else if (event.key === "Backspace" && !this.box.value) this.#dropLast();
    else if (event.key === "Escape") this.#leave(event);
  }

  #typed() {
    clearTimeout(this.timer);
    clearTimeout(this.rest);
    if (/[\s"]$/.test(this.box.value) && Object.keys(conditionsIn(this.box.value)).length > 1) return this.#finish();
    this.offers.show();
    this.rest = window.setTimeout(() => this.offers.isOpen() || this.#ask(this.box.value), RESTED);
    const wait = performance.now() - this.last > TYPED ? 0 : TYPED;
    this.last = performance.now();
    if (wait) this.timer = window.setTimeout(() => this.#ask(settled(this.box.value)), wait);
    else this.#ask(settled(this.box.value));
  }

  /** @param {string} text */
  #ask(text) {
    go({ q: text.trim() }, { replace: true });
  }

  /** Turn the words that are conditions into tokens. */
  #finish() {
    clearTimeout(this.timer);
    clearTimeout(this.rest);
    this.offers.close();
    const change = conditionsIn(this.box.value);
    if (Object.keys(change).length > 1) this.box.value = change.q ? `${change.q} ` : "";
    go(change, { replace: Object.keys(change).length === 1 });
  }

  #dropLast() {
    const last = tokensOf(here()).at(-1);
    if (last) go(without(last));
  }

  /** Esc puts the list away, then the text, and once more leaves the box. @param {KeyboardEvent} event */
  #leave(event) {
    event.preventDefault();
    if (this.offers.isOpen()) return this.offers.close();
    if (!this.box.value) return this.box.blur();
    this.box.value = "";
    this.#ask("");
  }
}

/** @param {string} text @returns {string} without what is only begun at its end: a field without a whole value, an open quote */
function settled(text) {
  const last = termsOf(text).at(-1);
  const isBegun = last && last.end === text.length && (last.isOpen || last.field !== "");
  return isBegun ? text.slice(0, last.start) : text;
}

/**
 * Read the conditions in a text that the board has filters for; all others stay in the text.
 * @param {string} text
 * @returns {Partial<Place>}
 */
function conditionsIn(text) {
  /** @type {Partial<Place>} */
  let change = {};
  const kept = termsOf(text).filter(({ field, values, isNegated, isOpen }) => {
    if (!field || isNegated || isOpen || values.length > 1 || !values[0].text) return true;
    const found = filterFor(field, values[0].text);
    if (found?.label && change.label) found.label = [...new Set([...change.label, ...found.label])];
    if (found) change = { ...change, ...found };
    return !found;
  });
  return { ...change, q: kept.map(({ start, end }) => text.slice(start, end)).join(" ") };
}

/** @typedef {{name: string, value: string, text: string}} Token */

/** @param {Place} place @returns {Token[]} */
function tokensOf(place) {
  const plain = NAMES.filter((name) => place[name]).map((name) => ({ name, value: place[name], text: said(name, place[name]) }));
  return [...plain, ...place.label.map((value) => ({ name: "label", value, text: value }))];
}

/** @param {string} name @param {string} value @returns {string} people by their name */
function said(name, value) {
  if (name !== "assignee" || !value.includes("@")) return value;
  for (const { assignee } of items.told.values()) if (assignee?.id === value) return assignee.name;
  return value;
}

/** @param {Token} token @returns {Partial<Place>} the change that takes it away */
function without({ name, value }) {
  return name === "label" ? { label: here().label.filter((word) => word !== value) } : { [name]: "" };
}

/** @param {Token} token @returns {HTMLElement} */
function tokenButton(token) {
  const text = token.name === "blocked" && token.value === "yes" ? "is:blocked" : `${token.name}:${token.text}`;
  return h("button", { type: "button", class: "token", title: text, "aria-label": `Remove filter ${token.name} ${token.text}`, onclick: () => go(without(token)) }, h("span", {}, text), icon("x"));
}
