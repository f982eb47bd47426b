/**
 * Connect a tracker, or change a connection: the key looks around, then workspace and projects are
 * chosen from what it sees. The key leaves the page with the request and is not kept in it.
 */

import { write } from "./api.js";
import { h, icon } from "./dom.js";
import { busily, refused, row, select } from "./form_row.js";
import { testedCard } from "./settings_tested.js";

/** @typedef {{name: string, type: string, server: string | null, workspace: string | null, projects: string[], key_env: string | null, has_key: boolean, default: boolean, editable: boolean, why_not: string | null}} Source */
/** @typedef {{type: string, label: string, server: string | null, key_help: string}} Type */
/** @typedef {{kind: string, id: string, name: string, parent: string | null}} Place */

export class ConnectForm {
  /**
   * @param {Type[]} types
   * @param {Source | null} source the connection to change, null for a new one
   * @param {{saved: (name: string) => void, closed: () => void}} tell
   */
  constructor(types, source, tell) {
    this.types = types;
    this.source = source;
    this.tell = tell;
    /** @type {Place[]} */
    this.places = [];
    this.type = select(types.map(({ type, label }) => ({ value: type, text: label })), source?.type ?? types[0]?.type ?? "", { disabled: source !== null, onchange: () => this.#typed() });
    this.name = this.#box({ value: source?.name ?? "", disabled: source !== null, maxlength: 60, placeholder: types[0]?.type, pattern: "[A-Za-z0-9][A-Za-z0-9_\\-]*" });
    this.server = this.#box({ type: "url", value: source?.server ?? "", maxlength: 2048 });
    this.key = this.#box({ type: "password", autocomplete: "off", spellcheck: "false", maxlength: 4096, placeholder: source?.has_key ? "Unchanged" : "" });
    this.workspace = select([], "", { onchange: () => this.#showProjects([]) });
    this.projects = h("div", { class: "ticks", role: "group", "aria-label": "Projects" });
    this.scope = h("div", { hidden: true }, row("Workspace", this.workspace), h("div", { class: "setting" }, h("span", { class: "label" }, "Projects"), h("div", { class: "setting-value" }, this.projects, h("p", { class: "help" }, "None chosen means all of the workspace."))));
    this.said = h("div", { class: "said" });
    this.element = this.#draw();
    this.#typed();
  }

  /** @param {Record<string, unknown>} attributes @returns {HTMLInputElement} */
  #box(attributes) {
    return /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "text", ...attributes }));
  }

  /** @returns {HTMLElement} */
  #draw() {
    const look = h("button", { type: "button", class: "button" }, icon("search"), "Look around");
    const test = h("button", { type: "button", class: "button" }, "Test connection");
    const save = h("button", { type: "submit", class: "button primary" }, this.source ? "Save" : "Test and save");
    look.addEventListener("click", () => busily(look, this.said, () => this.#look()));
    test.addEventListener("click", () => busily(test, this.said, () => this.#test()));
    const form = h(
      "form",
      { class: "connect", autocomplete: "off", "aria-label": this.source ? `Change ${this.source.name}` : "Connect a tracker" },
      row("Tracker", this.type),
      row("Server", this.server),
      row("Key", this.key),
      row("Name", this.name, "What the tracker is called here, and in front of its items' ids where two could clash."),
      this.scope,
      this.said,
      h("div", { class: "acts" }, look, test, save, h("button", { type: "button", class: "button", onclick: () => this.tell.closed() }, "Cancel")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busily(save, this.said, () => this.#save());
    });
    return form;
  }

  #typed() {
    const type = this.types.find((one) => one.type === this.type.value);
    this.server.placeholder = type?.server ?? "";
    const help = this.key.parentElement?.querySelector(".help") ?? h("p", { class: "help", id: `${this.key.id}-help` });
    const kept = this.source?.has_key ? "Leave it empty to keep the key that is saved. " : "";
    help.textContent = `${kept}${type?.key_help ?? ""}`;
    this.key.after(help);
    this.key.setAttribute("aria-describedby", help.id);
    this.name.placeholder = type?.type ?? "";
  }

  /** @returns {Record<string, unknown>} what was typed; empty boxes are left out */
  #answers() {
    const typed = { type: this.type.value, key: this.key.value.trim(), server: this.server.value.trim(), workspace: this.workspace.value || this.source?.workspace || "" };
    const chosen = this.scope.hidden ? (this.source?.projects ?? []) : [...this.projects.querySelectorAll("input:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);
    return { ...Object.fromEntries(Object.entries(typed).filter(([, value]) => value)), ...(chosen.length ? { projects: chosen } : {}) };
  }

  #called() {
    return this.name.value.trim() || this.type.value;
  }

  async #look() {
    const { workspace, projects, ...door } = this.#answers();
    const { places } = await write("POST", "/api/sources/places", { ...door, name: this.#called() });
    this.places = places;
    const workspaces = places.filter((/** @type {Place} */ place) => place.kind === "workspace");
    this.scope.hidden = false;
    this.workspace.replaceChildren(...workspaces.map((/** @type {Place} */ { id, name }) => h("option", { value: id }, name)));
    const chosen = workspaces.find((/** @type {Place} */ { id }) => id === tail(String(workspace ?? ""))) ?? workspaces[0];
    this.workspace.value = chosen?.id ?? "";
    this.#showProjects(this.source?.projects ?? []);
    this.said.replaceChildren(h("p", { class: "help", role: "status" }, `The key sees ${workspaces.length === 1 ? "one workspace" : `${workspaces.length} workspaces`} and ${places.length - workspaces.length} projects. Choose what the board shows.`));
    this.workspace.focus();
  }

  /** @param {string[]} chosen ids or names */
  #showProjects(chosen) {
    const above = new Map(this.places.map(({ id, parent }) => [id, parent]));
    const isInside = (/** @type {string | null | undefined} */ id) => {
      for (let at = id, steps = 0; at && steps < 50; at = above.get(at), steps += 1) if (at === this.workspace.value) return true;
      return false;
    };
    const known = new Set(chosen.map((one) => tail(String(one))));
    const projects = this.places.filter(({ kind, id }) => kind === "project" && isInside(id));
    this.projects.replaceChildren(
      ...projects.map(({ id, name }) => h("label", { class: "tick-row" }, h("input", { type: "checkbox", class: "tick", value: id, checked: known.has(id) || known.has(name) }), h("span", { dir: "auto" }, name))),
    );
  }

  async #test() {
    const tested = await write("POST", "/api/sources/test", { ...this.#answers(), name: this.#called() });
    this.said.replaceChildren(testedCard(tested));
  }

  async #save() {
    if (!this.name.checkValidity()) return refused(this.said, { message: "The name may hold letters, digits, - and _ only.", hint: "For example `rally` or `rally-payments`." });
    await write("PUT", `/api/sources/${encodeURIComponent(this.#called())}`, this.#answers());
    this.key.value = "";
    this.tell.saved(this.#called());
  }
}

/** @param {string} text @returns {string} the id at the end of a reference such as `/workspace/123` */
function tail(text) {
  return text.replace(/\/+$/, "").split("/").pop() ?? "";
}
