/** Find and do anything by typing: commands, items, epics, saved views. */

import { go, placeOf, unfiltered } from "./address.js";
import { read } from "./api.js";
import { glyph } from "./card.js";
import { available, register, run } from "./commands.js";
import { h, icon } from "./dom.js";
import { findCards, rankOf, wordsOf } from "./finding.js";
import { items } from "./items.js";
import { markOption, optionOf } from "./listbox.js";
import { keyCaps } from "./overlay.js";
import { recent, remember } from "./recent.js";

/** @typedef {{id: string, text: string, group: string, hint?: string, sign: Node, keys?: string[], run: () => void}} Offer */

const MOST_ITEMS = 30;
const MOST_OTHERS = 8;
const ORDER = ["Item", "Board", "Go", "Help"]; // what is for the card at hand comes first
/** @type {Palette | null} */
let open = null;

export function registerPalette() {
  const show = () => (open ? open.close() : new Palette().show());
  register({ id: "palette", name: "Find or do anything", group: "Help", keys: ["Mod+k"], icon: "command", isQuiet: true, run: show });
}

class Palette {
  constructor() {
    this.before = /** @type {HTMLElement | null} */ (document.activeElement);
    /** What can be done now: for the card that has the focus before the palette takes it. */
    this.commands = available()
      .filter(({ isQuiet }) => !isQuiet)
      .sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
    /** @type {{name: string, query: string}[]} */
    this.views = [];
    /** @type {Offer[]} */
    this.offers = [];
    this.at = 0;
    this.list = h("ul", { id: "palette-list", role: "listbox", "aria-label": "Commands and items" });
    this.note = h("p", { class: "note", role: "status" });
    this.box = /** @type {HTMLInputElement} */ (
      h("input", { type: "text", role: "combobox", "aria-label": "Find or do anything", "aria-controls": "palette-list", "aria-expanded": "true", "aria-autocomplete": "list", placeholder: "Find an item, or type a command", autocomplete: "off", spellcheck: "false", maxlength: 200, oninput: () => this.#search() })
    );
    this.element = /** @type {HTMLDialogElement} */ (h("dialog", { class: "palette", "aria-label": "Find or do anything" }, h("div", { class: "field" }, icon("search"), this.box), this.list, this.note));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", (event) => this.#click(event));
    this.element.addEventListener("close", () => this.#gone());
  }

  async show() {
    open = this;
    document.body.append(this.element);
    this.element.showModal();
    this.box.focus();
    this.#search();
    const answer = await read("/api/views", {}).catch(() => ({ views: [] }));
    this.views = answer.views ?? [];
    if (open === this && this.views.length) this.#search();
  }

  close() {
    this.element.close();
  }

  #gone() {
    if (open !== this) return;
    open = null;
    this.element.remove();
    if (this.before?.isConnected) this.before.focus({ preventScroll: true });
  }

  #search() {
    const query = this.box.value.trim();
    this.offers = query ? this.#found(query) : this.#first();
    this.at = 0;
    let group = "";
    const options = this.offers.flatMap((offer, index) => {
      const head = offer.group !== group && h("li", { role: "presentation", class: "heading" }, offer.group);
      group = offer.group;
      return head ? [head, option(offer, index)] : [option(offer, index)];
    });
    this.list.replaceChildren(...options);
    this.note.textContent = this.offers.length ? "" : "Nothing fits.";
    this.#mark(0);
  }

  /** @returns {Offer[]} what was used last, then all that can be done */
  #first() {
    const commands = this.commands.map(commandOffer);
    const all = [...commands, ...this.views.map(viewOffer), ...items.head.epics.map(epicOffer)];
    const last = recent().flatMap((id) => all.find((offer) => offer.id === id) ?? recentCard(id));
    const ids = new Set(last.map(({ id }) => id));
    return [...last.map((offer) => ({ ...offer, group: "Recent" })), ...commands.filter(({ id }) => !ids.has(id)), ...this.views.map(viewOffer).filter(({ id }) => !ids.has(id))];
  }

  /** @param {string} query @returns {Offer[]} */
  #found(query) {
    const words = wordsOf(query);
    const best = (/** @type {Offer[]} */ offers) =>
      offers
        .map((offer) => ({ offer, rank: rankOf(`${offer.text} ${offer.hint ?? ""}`.toLowerCase(), words) }))
        .filter(({ rank }) => rank)
        .sort((a, b) => b.rank - a.rank)
        .slice(0, MOST_OTHERS)
        .map(({ offer }) => offer);
    const cards = findCards(query, MOST_ITEMS).map(cardOffer);
    const others = [...best(this.commands.map(commandOffer)), ...best(this.views.map(viewOffer)), ...best(items.head.epics.map(epicOffer))];
    const isKey = cards[0] && cards[0].hint?.toLowerCase().replace(/[\s-]/g, "") === query.toLowerCase().replace(/[\s-]/g, "");
    const search = { id: "", text: `Filter the board by “${query}”`, group: "Board", sign: icon("filter"), run: () => go({ page: "board", q: query, item: "" }) };
    return [...(isKey ? [...cards, ...others] : [...others, ...cards]), search];
  }

  /** @param {number} index */
  #mark(index) {
    this.at = Math.max(0, index);
    markOption(this.list, this.at, [this.box]);
  }

  #take() {
    const offer = this.offers[this.at];
    if (!offer) return;
    if (offer.id) remember(offer.id);
    this.element.addEventListener("close", () => offer.run(), { once: true }); // after the focus is back on its card
    this.close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.offers.length - 1;
    /** @type {Record<string, () => void>} */
    const does = {
      ArrowDown: () => this.#mark(this.at >= last ? 0 : this.at + 1),
      ArrowUp: () => this.#mark(this.at <= 0 ? last : this.at - 1),
      PageDown: () => this.#mark(Math.min(last, this.at + 8)),
      PageUp: () => this.#mark(this.at - 8),
      Enter: () => this.#take(),
    };
    if (!does[event.key] || event.isComposing) return;
    event.preventDefault();
    does[event.key]();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (event.target === this.element) return this.close();
    const index = optionOf(event);
    if (index < 0) return;
    this.#mark(index);
    this.#take();
  }
}

/** @param {Offer} offer @param {number} index @returns {HTMLElement} */
function option({ text, hint, sign, keys }, index) {
  return h("li", { id: `palette-${index}`, role: "option", "data-index": index, "aria-selected": "false" }, sign, hint && h("span", { class: "hint" }, hint, " "), h("span", { class: "text", dir: "auto" }, text), keys && h("span", { class: "caps", "aria-hidden": "true" }, ...keyCaps(keys.slice(0, 1))));
}

/** @param {import("./commands.js").Command} command @returns {Offer} */
function commandOffer({ id, name, icon: sign, keys }) {
  return { id, text: name, group: "Commands", sign: icon(sign ?? "command"), keys, run: () => run(id) };
}

/** @param {import("./types.js").Card} card @returns {Offer} */
function cardOffer({ ref, key, title, source }) {
  return { id: `item ${ref}`, text: title, hint: key, group: "Items", sign: glyph(source), run: () => go({ page: "board", item: ref, tab: "" }) };
}

/** @param {string} id @returns {Offer[]} */
function recentCard(id) {
  const card = id.startsWith("item ") && items.get(id.slice(5));
  return card ? [cardOffer(card)] : [];
}

/** @param {import("./types.js").Epic} epic @returns {Offer} */
function epicOffer({ ref, key, title }) {
  return { id: `epic ${ref}`, text: title, hint: key, group: "Epics: show only these items", sign: icon("milestone"), run: () => go({ ...unfiltered(), page: "board", epic: ref, item: "" }) };
}

/** @param {{name: string, query: string}} view @returns {Offer} */
function viewOffer({ name, query }) {
  return { id: `view ${name}`, text: name, group: "Saved views", sign: icon("bookmark"), run: () => go({ ...placeOf(query), page: "board", item: "", tab: "" }) };
}
