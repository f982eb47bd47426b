/** Links of the open item to others, of any tracker: added, taken away, and put back. */

import { read, reasonOf, write } from "./api.js";
import { carryOut } from "./doing.js";
import { h, icon, worded } from "./dom.js";
import { items } from "./items.js";
import { choose } from "./menu.js";
import { near } from "./panel_links.js";
import { replaced } from "./part.js";
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
    const { links } = item;
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
    const kinds = KINDS.map((value) => ({ value, text: asName(value) }));
    const relation = await choose({ anchor: this.adder, title: `${key} is …`, choices: kinds });
    if (!relation) return;
    const other = await choose({ anchor: this.adder, title: `${asName(relation)} which item?`, choices: others(ref), isFiltered: true });
    if (other) await this.#write(linking(this.item, relation, { ref: other, key: keyOf(other) }, true));
  }

  /** @param {Linked} link */
  async #remove(link) {
    await this.#write(linking(this.item, link.relation, link, false));
  }

  /** @param {import("./doing.js").Change} change */
  async #write(change) {
    this.beside.replaceChildren();
    this.adder.setAttribute("aria-busy", "true");
    const [refused] = await carryOut([change], (many) => `${many} changed`, { isQuiet: true });
    if (refused) this.beside.replaceChildren(h("p", {}, ...worded(reasonOf(refused.error))));
    else await this.refresh();
    this.adder.removeAttribute("aria-busy");
  }
}

/**
 * @param {Pick<Item, "ref" | "key">} item
 * @param {string} relation
 * @param {{ref: string, key: string}} other
 * @param {boolean} isMade else taken away
 * @returns {import("./doing.js").Change}
 */
function linking({ ref, key }, relation, other, isMade) {
  const is = relation.endsWith("s") ? [] : ["is"]; // blocks and implements are verbs already
  const said = [key, ...is, ...(isMade ? [] : ["no longer"]), relation, other.key].join(" ");
  const link = { ref, kind: relation, other: other.ref };
  return {
    ref,
    key,
    said,
    patch: {},
    force: "",
    send: () => (isMade ? write("POST", "/api/item/link", link) : read("/api/item/link", link, { method: "DELETE" })),
    back: () => ({ ...linking({ ref, key }, relation, other, !isMade), said: `Undone: ${said}` }),
  };
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
