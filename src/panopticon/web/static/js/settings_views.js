/** The saved views of the board: open one, or forget it. */

import { FILTERS, go, unfiltered } from "./address.js";
import { write } from "./api.js";
import { h, icon } from "./dom.js";
import { section } from "./form_row.js";
import { toast } from "./toast.js";
import { busily, send } from "./waiting.js";

/** @typedef {{name: string, query: string}} View */

export class Views {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.said = h("div", { class: "said" });
    this.list = h("div", {});
    this.element = section("views", "Saved views", "", this.list, this.said);
    this.told = "";
  }

  /** @param {{views: View[]}} own */
  take({ views }) {
    const told = JSON.stringify(views);
    if (told === this.told) return;
    this.told = told;
    const list = h("ul", { class: "views", role: "list" }, ...views.map((view) => this.#line(view)));
    this.list.replaceChildren(views.length ? list : h("p", { class: "help" }, "None yet: filter the board, then save it under Views."));
  }

  /** @param {View} view @returns {HTMLElement} */
  #line(view) {
    const { name, query } = view;
    const opened = (/** @type {MouseEvent} */ event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      go(placeOf(query));
    };
    const remove = h("button", { type: "button", class: "quiet", "aria-label": `Remove the view ${name}`, title: "Remove" }, icon("trash-2"));
    remove.addEventListener("click", () => busily(remove, this.said, (signal) => this.#remove(view, signal)));
    return h("li", {}, h("a", { href: `/?${query}`, dir: "auto", onclick: opened }, name), h("code", { class: "help", title: query }, readable(query)), remove);
  }

  /** @param {View} view @param {AbortSignal} signal */
  async #remove(view, signal) {
    const path = `/api/views/${encodeURIComponent(view.name)}`;
    const answer = await send("DELETE", path, undefined, signal);
    const again = () => write("PUT", path, { query: view.query }).then(this.changed, (error) => toast(error.message, { isTrouble: true, hint: error.hint }));
    this.take(answer);
    toast(`The view ${view.name} is removed.`, { undo: again });
    /** @type {HTMLElement | null} */ (this.list.querySelector("button") ?? this.element.querySelector("h2"))?.focus();
  }
}

/** @param {string} query @returns {Partial<import("./address.js").Place>} */
function placeOf(query) {
  const known = new URLSearchParams(query);
  const looks = [...FILTERS, "view", "group", "sort"].map((name) => [name, known.get(name) ?? ""]);
  return { ...unfiltered(), tab: "", ...Object.fromEntries(looks), page: "board", item: "", label: known.getAll("label") };
}

/** @param {string} query @returns {string} as a person writes it */
function readable(query) {
  return [...new URLSearchParams(query)].map(([name, value]) => `${name}: ${value}`).join(", ") || "everything";
}
