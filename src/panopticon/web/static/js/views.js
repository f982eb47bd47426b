/** Saved views: an address under a name, kept by the server for every browser. */

import { go, here, addressOf } from "./address.js";
import { ask, write } from "./api.js";
import { h, icon } from "./dom.js";
import { popover } from "./popover.js";
import { refusal, toast } from "./toast.js";

/** @typedef {{name: string, query: string}} View */

/** @returns {HTMLElement} the button that opens them */
export function viewsButton() {
  const button = h("button", { type: "button", class: "pick", "aria-haspopup": "dialog", "aria-expanded": "false" }, icon("bookmark"), h("span", {}, "Views"), icon("chevron-down"));
  button.addEventListener("click", () => openViews(button));
  return button;
}

/** @param {HTMLElement} anchor */
async function openViews(anchor) {
  try {
    const { views } = await ask("/api/views");
    popover(anchor, "Saved views", (close) => [new Menu(views, close).element]);
  } catch (error) {
    refusal(error);
  }
}

class Menu {
  /** @param {View[]} views @param {() => void} close */
  constructor(views, close) {
    this.views = views;
    this.close = close;
    this.list = h("ul", { class: "menu-list", role: "list", "aria-label": "Saved views" });
    this.name = /** @type {HTMLInputElement} */ (h("input", { class: "input", "aria-label": "Name of this view", placeholder: "Name of this view", maxlength: "80", required: true }));
    const form = h("form", { class: "save-view", onsubmit: (/** @type {Event} */ event) => this.#save(event) }, this.name, h("button", { class: "button" }, "Save"));
    this.element = h("div", { class: "views" }, this.list, form);
    this.#draw();
  }

  #draw() {
    const current = queryHere();
    const rows = this.views.map((view) => this.#row(view, view.query === current));
    this.list.replaceChildren(...(rows.length ? rows : [h("li", { class: "none" }, "None yet. Filter and sort, then save it under a name.")]));
  }

  /** @param {View} view @param {boolean} isCurrent @returns {HTMLElement} */
  #row(view, isCurrent) {
    const open = h("button", { type: "button", class: "menu-item", "aria-current": isCurrent ? "true" : null, title: view.query || "everything", onclick: () => this.#open(view) }, icon(isCurrent ? "check" : "bookmark"), h("span", { dir: "auto" }, view.name));
    const rename = h("button", { type: "button", class: "quiet", "aria-label": `Rename ${view.name}`, title: "Rename", onclick: () => this.#rename(view) }, icon("pencil"));
    const remove = h("button", { type: "button", class: "quiet", "aria-label": `Delete ${view.name}`, title: "Delete", onclick: () => this.#remove(view) }, icon("trash-2"));
    return h("li", { class: "menu-row" }, open, rename, remove);
  }

  /** @param {View} view */
  #open({ query }) {
    this.close();
    const known = new URLSearchParams(query);
    const change = /** @type {any} */ ({ page: "board", label: known.getAll("label") });
    for (const name of ["q", "tracker", "project", "epic", "assignee", "iteration", "kind", "blocked", "view", "group", "sort"]) change[name] = known.get(name) ?? "";
    go(change);
  }

  /** @param {Event} event */
  #save(event) {
    event.preventDefault();
    const view = { name: this.name.value.trim(), query: queryHere() };
    if (!view.name) return;
    this.#write(async () => {
      this.views = (await put(view)).views;
      this.name.value = "";
      toast(`Saved as ${view.name}.`);
    });
  }

  /** @param {View} view */
  #rename(view) {
    const row = [...this.list.children][this.views.indexOf(view)];
    const box = /** @type {HTMLInputElement} */ (h("input", { class: "input", "aria-label": `New name of ${view.name}`, value: view.name, maxlength: "80" }));
    const finish = (/** @type {Event} */ event) => {
      event.preventDefault();
      const name = box.value.trim();
      if (!name || name === view.name) return this.#draw();
      this.#write(async () => {
        await put({ name, query: view.query });
        this.views = (await drop(view.name)).views;
      });
    };
    row.replaceChildren(h("form", { class: "save-view", onsubmit: finish }, box, h("button", { class: "button" }, "Rename")));
    box.select();
  }

  /** @param {View} view */
  #remove(view) {
    this.#write(async () => {
      this.views = (await drop(view.name)).views;
      toast(`View ${view.name} deleted.`, { undo: () => void put(view).catch(refusal) });
    });
  }

  /** @param {() => Promise<void>} work */
  async #write(work) {
    try {
      await work();
      this.#draw();
      this.name.focus();
    } catch (error) {
      refusal(error);
    }
  }
}

/** @returns {string} what of the address a view keeps: everything but the open item */
function queryHere() {
  return addressOf({ ...here(), page: "board", item: "", tab: "" }).split("?")[1] ?? "";
}

/** @param {View} view */
function put({ name, query }) {
  return write("PUT", `/api/views/${encodeURIComponent(name)}`, { query });
}

/** @param {string} name */
function drop(name) {
  return write("DELETE", `/api/views/${encodeURIComponent(name)}`);
}
