/** Links of the open item to others, of any tracker: added, taken away, and put back. */

import { read, reasonOf, write } from "./api.js";
import { h, icon, worded } from "./dom.js";
import { items } from "./items.js";
import { choose } from "./menu.js";
import { near } from "./panel_links.js";
import { replaced } from "./part.js";
import { refusal, toast } from "./toast.js";
import { asName } from "./value.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Linked} Linked */

const KINDS = ["related to", "blocks", "blocked by", "implements", "implemented by"]; // as the server reads them

export class Links {
  /** @param {Item} item @param {() => Promise<void>} refresh */
  constructor(item, refresh) {
    this.item = item;
    this.refresh = refresh;
    this.text = "";
    this.list = h("dl", { class: "facts" });
    this.beside = h("div", { class: "beside", role: "alert" });
    this.adder = h("button", { type: "button", class: "quiet worded", "aria-haspopup": "listbox", "data-mark": "add-link", onclick: () => void this.#ask() }, icon("plus"), "Add a link");
    this.element = h("section", { class: "part", "aria-label": "Links" }, h("div", { class: "part-head" }, h("h3", {}, "Links"), this.adder), this.list, this.beside);
    this.take(item);
  }

  /** @param {Item} item */
  take(item) {
    this.item = item;
    const links = item.links ?? [];
    const text = JSON.stringify(links);
    if (text === this.text) return;
    this.text = text;
    const relations = [...new Set(links.map(({ relation }) => relation))];
    replaced(this.list, relations.flatMap((relation) => [h("dt", {}, asName(relation)), h("dd", {}, h("ul", { class: "links", role: "list" }, ...links.filter((one) => one.relation === relation).map((one) => this.#row(one))))]));
    this.list.hidden = !links.length;
  }

  freeze() {
    this.adder.remove();
    for (const button of this.list.querySelectorAll("button")) button.disabled = true;
  }

  /** @param {Linked} link @returns {HTMLElement} */
  #row(link) {
    const where = link.tracker !== this.item.source && h("span", { class: "hint" }, link.tracker);
    const remove = h("button", { type: "button", class: "quiet", "aria-label": `Remove the link to ${link.key}`, title: "Remove this link", "data-mark": `unlink-${link.kind}-${link.ref}`, onclick: () => void this.#remove(link) }, icon("x"));
    return h("li", { class: "linked" }, near(link), where, remove);
  }

  async #ask() {
    const { ref, key } = this.item;
    this.beside.replaceChildren();
    const kinds = KINDS.map((value) => ({ value, text: asName(value) }));
    const relation = await choose({ anchor: this.adder, title: `${key} is …`, choices: kinds });
    if (!relation) return;
    const other = await choose({ anchor: this.adder, title: `${asName(relation)} which item?`, choices: others(ref), isFiltered: true });
    if (!other) return;
    await this.#write(() => add(ref, relation, other), `${key} ${relation} ${keyOf(other)}`, () => drop(ref, relation, other));
  }

  /** @param {Linked} link */
  async #remove(link) {
    const { ref, key } = this.item;
    await this.#write(() => drop(ref, link.relation, link.ref), `${key} is no longer ${link.relation} ${link.key}`, () => add(ref, link.relation, link.ref));
  }

  /** @param {() => Promise<unknown>} work @param {string} said @param {() => Promise<unknown>} back */
  async #write(work, said, back) {
    this.beside.replaceChildren();
    this.adder.setAttribute("aria-busy", "true");
    try {
      await work();
      toast(`${said}.`, { undo: () => void back().then(() => toast(`Undone: ${said}.`), refusal).then(this.refresh) });
      await this.refresh();
    } catch (error) {
      this.beside.replaceChildren(h("p", {}, ...worded(reasonOf(/** @type {any} */ (error)))));
    }
    this.adder.removeAttribute("aria-busy");
  }
}

/** @param {string} ref @param {string} kind @param {string} other */
function add(ref, kind, other) {
  return write("POST", "/api/item/link", { ref, kind, other });
}

/** @param {string} ref @param {string} kind @param {string} other */
function drop(ref, kind, other) {
  return read("/api/item/link", { ref, kind, other }, { method: "DELETE" });
}

/** @param {string} ref @returns {import("./menu.js").Choice[]} every item that this page knows, but that one */
function others(ref) {
  const isOne = items.head.sources.length < 2;
  const all = [...items.told.values(), ...items.head.epics];
  return [...new Map(all.map((one) => [one.ref, one])).values()]
    .filter((one) => one.ref !== ref)
    .map((one) => ({ value: one.ref, text: `${one.key} ${one.title}`, hint: isOne ? "" : one.source }));
}

/** @param {string} ref @returns {string} */
function keyOf(ref) {
  return items.get(ref)?.key ?? items.head.epics.find((one) => one.ref === ref)?.key ?? ref.replace(/^[^:]*:/, "");
}
