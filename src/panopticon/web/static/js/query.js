/** The query bar: text, and conditions as words (`epic:17`, `is:blocked`) that become tokens one can take away. */

import { FILTERS, go, here } from "./address.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";

/** @typedef {import("./address.js").Place} Place */

const TYPED = 40; // milliseconds between two letters of one who types fast
const NAMES = FILTERS.filter((name) => name !== "q");
const WORD = /(?:^|\s)(tracker|project|epic|assignee|label|iteration|kind|blocked|is):("[^"]+"|[^\s"]+)/gi;
const BEGUN = /(?:^|\s)(?:tracker|project|epic|assignee|label|iteration|kind|blocked|is):(?:"[^"]*"?|[^\s"]*)$/i;
/** @type {Record<string, Partial<Place>>} */
const IS = { blocked: { blocked: "yes" }, free: { assignee: "none" }, mine: { assignee: "me" } };

export class Query {
  /** @param {HTMLInputElement} box @param {HTMLElement} tokens */
  constructor(box, tokens) {
    this.box = box;
    this.tokens = tokens;
    this.timer = 0;
    this.last = 0;
    this.signature = "";
    box.addEventListener("input", () => this.#typed());
    box.addEventListener("change", () => this.#finish());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#finish();
      else if (event.key === "Backspace" && !box.value) this.#dropLast();
      else if (event.key === "Escape") this.#leave(event);
    });
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

  #typed() {
    clearTimeout(this.timer);
    if (/[\s"]$/.test(this.box.value) && this.box.value.match(WORD)) return this.#finish();
    const wait = performance.now() - this.last > TYPED ? 0 : TYPED;
    this.last = performance.now();
    if (wait) this.timer = window.setTimeout(() => this.#ask(), wait);
    else this.#ask();
  }

  #ask() {
    go({ q: this.box.value.replace(BEGUN, "").trim() }, { replace: true });
  }

  /** Turn the words that are conditions into tokens. */
  #finish() {
    clearTimeout(this.timer);
    const change = conditionsIn(this.box.value);
    if (Object.keys(change).length > 1) this.box.value = change.q ? `${change.q} ` : "";
    go(change, { replace: Object.keys(change).length === 1 });
  }

  #dropLast() {
    const last = tokensOf(here()).at(-1);
    if (last) go(without(last));
  }

  /** Esc takes the text away, and once more leaves the box. @param {KeyboardEvent} event */
  #leave(event) {
    event.preventDefault();
    if (!this.box.value) return this.box.blur();
    this.box.value = "";
    this.#ask();
  }
}

/**
 * Read the conditions in a text.
 * @param {string} text
 * @returns {Partial<Place>}
 */
function conditionsIn(text) {
  /** @type {Partial<Place>} */
  const change = {};
  const rest = text.replace(WORD, (whole, name, quoted) => {
    const value = quoted.replaceAll('"', "");
    const field = name.toLowerCase();
    if (field === "is" && !IS[value.toLowerCase()]) return whole;
    if (field === "is") Object.assign(change, IS[value.toLowerCase()]);
    else if (field === "label") change.label = [...new Set([...(change.label ?? here().label), value])];
    else Object.assign(change, { [field]: value });
    return " ";
  });
  return { ...change, q: rest.replace(/\s+/g, " ").trim() };
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
