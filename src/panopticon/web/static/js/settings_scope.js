/** What of a tracker the board shows: a workspace and projects, chosen from what the key sees. */

import { h, icon } from "./dom.js";
import { box, row, select } from "./form_row.js";
import { capital } from "./settings_types.js";

/** @typedef {import("./settings_types.js").Words} Words */
/** @typedef {{kind: string, id: string, name: string, parent: string | null}} Place */

const MANY = 12; // projects from which on they can be searched

export class ScopeChoice {
  /** @param {import("./settings_connect.js").Source | null} source @param {Words} words */
  constructor(source, words) {
    this.source = source;
    this.words = words;
    /** @type {Place[]} */
    this.places = [];
    /** @type {Set<string>} ids or names of the projects that are ticked */
    this.ticked = new Set((source?.projects ?? []).map(tail));
    this.choose = h("button", { type: "button", class: "button" }, icon("folder"), `Choose ${words.parts}`);
    this.workspace = select([], "", { onchange: () => this.#draw() });
    this.search = box({ type: "search", placeholder: `Find a ${words.part}`, "aria-label": `Find a ${words.part}`, oninput: () => this.#draw() });
    this.projects = h("div", { class: "ticks", role: "group", "aria-label": capital(words.parts), tabindex: "0" });
    this.list = h("div", { class: "setting", hidden: true }, h("span", { class: "label" }, capital(words.parts)), h("div", { class: "setting-value" }, this.search, this.projects, h("p", { class: "help" }, `None chosen means all of the ${words.above}.`)));
    this.workspaceRow = row(capital(words.above), this.workspace);
    this.workspaceRow.hidden = true;
    const help = source ? "As it is, unless you choose anew." : `Without a choice: everything in the key's ${words.above}.`;
    this.closed = h("div", { class: "setting" }, h("span", { class: "label" }, "Shows"), h("div", { class: "setting-value" }, h("div", { class: "acts" }, this.choose), h("p", { class: "help" }, help)));
    this.element = h("div", { class: "scope" }, this.closed, this.workspaceRow, this.list);
  }

  /** Forget what was offered: it was another server's. */
  forget() {
    this.places = [];
    this.#fold(true);
  }

  /** Offer what the key sees; gives a sentence about it. @param {Place[]} places @returns {string} */
  offer(places) {
    this.places = places;
    const workspaces = places.filter(({ kind }) => kind === "workspace");
    const wanted = this.workspace.value || tail(this.source?.workspace ?? "");
    this.workspace.replaceChildren(...workspaces.map(({ id, name }) => h("option", { value: id }, name)));
    this.workspace.value = (workspaces.find(({ id, name }) => id === wanted || name === wanted) ?? workspaces[0])?.id ?? "";
    this.#fold(false);
    this.#draw();
    const count = places.length - workspaces.length;
    const { above, part, parts } = this.words;
    return `The key sees ${workspaces.length === 1 ? `one ${above}` : `${workspaces.length} ${above}s`} and ${count === 1 ? `one ${part}` : `${count} ${parts}`}.`;
  }

  /** @returns {boolean} whether what the key sees is offered */
  get isOpen() {
    return this.places.length > 0;
  }

  focus() {
    this.workspace.focus();
  }

  /** @returns {{workspace?: string, projects?: string[]}} */
  chosen() {
    const { source } = this;
    if (!this.isOpen) return { ...(source?.workspace && { workspace: source.workspace }), ...(source?.projects.length && { projects: source.projects }) };
    const inside = this.#inside().filter((place) => this.#isTicked(place));
    return { workspace: this.workspace.value, ...(inside.length && { projects: inside.map(({ id }) => id) }) };
  }

  /** @param {boolean} isClosed */
  #fold(isClosed) {
    this.closed.hidden = !isClosed;
    this.workspaceRow.hidden = isClosed;
    this.list.hidden = isClosed;
  }

  /** @returns {Place[]} the projects of the chosen workspace */
  #inside() {
    const above = new Map(this.places.map(({ id, parent }) => [id, parent]));
    const isInside = (/** @type {string | null | undefined} */ id) => {
      for (let at = id, steps = 0; at && steps < 50; at = above.get(at), steps += 1) if (at === this.workspace.value) return true;
      return false;
    };
    return this.places.filter(({ kind, id }) => kind === "project" && isInside(id));
  }

  /** @param {Place} place @returns {boolean} */
  #isTicked({ id, name }) {
    return this.ticked.has(id) || this.ticked.has(name);
  }

  #draw() {
    const all = this.#inside();
    const wanted = this.search.value.trim().toLocaleLowerCase();
    this.search.hidden = all.length <= MANY;
    const shown = all.filter((place) => !wanted || this.#isTicked(place) || place.name.toLocaleLowerCase().includes(wanted));
    this.projects.replaceChildren(...shown.map((place) => this.#tick(place)));
    if (!shown.length) this.projects.replaceChildren(h("p", { class: "help" }, wanted ? `No ${this.words.part} is called so.` : `No ${this.words.part}: all of the ${this.words.above} is shown.`));
  }

  /** @param {Place} place @returns {HTMLElement} */
  #tick(place) {
    const { id, name } = place;
    const tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", class: "tick", value: id, checked: this.#isTicked(place) }));
    tick.addEventListener("change", () => {
      this.ticked.delete(name);
      if (tick.checked) this.ticked.add(id);
      else this.ticked.delete(id);
    });
    return h("label", { class: "tick-row" }, tick, h("span", { dir: "auto" }, name));
  }
}

/** @param {string} text @returns {string} the id at the end of a reference such as `/workspace/123` */
function tail(text) {
  return String(text).replace(/\/+$/, "").split("/").pop() ?? "";
}
