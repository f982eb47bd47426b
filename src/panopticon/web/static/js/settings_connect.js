/**
 * Connect a tracker, or change a connection: the key looks around, then workspace and projects are
 * chosen from what it sees. The key leaves the page with the request and is not kept in it.
 */

import { h, icon } from "./dom.js";
import { box, explain, fault, faultless, row, select } from "./form_row.js";
import { ScopeChoice } from "./settings_scope.js";
import { testedCard } from "./settings_tested.js";
import { busily, send } from "./waiting.js";

/** @typedef {{name: string, type: string, server: string | null, workspace: string | null, workspace_name: string | null, projects: string[], project_names: string[], key_env: string | null, has_key: boolean, default: boolean, editable: boolean, why_not: string | null}} Source */
/** @typedef {{type: string, label: string, server: string | null, key_help: string}} Type */
/** @typedef {{type: string, server: string, name: string}} Draft */

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/; // as the server judges it
const MAYBE = "Stopped waiting. If the tracker still answers, the connection is saved all the same.";

export class ConnectForm {
  /**
   * @param {Type[]} types
   * @param {Source | null} source the connection to change, null for a new one
   * @param {{saved: (name: string, warnings: string[]) => void, closed: () => void}} tell
   */
  constructor(types, source, tell) {
    this.types = types;
    this.source = source;
    this.tell = tell;
    /** @type {string[]} the names that are taken */
    this.taken = [];
    this.type = select(types.map(({ type, label }) => ({ value: type, text: label })), source?.type ?? types[0]?.type ?? "", { disabled: source !== null, onchange: () => this.#typed() });
    this.server = box({ inputmode: "url", value: source?.server ?? "", maxlength: 2048, autocapitalize: "none", spellcheck: "false", onchange: () => this.scope.forget() });
    this.key = box({ type: "password", autocomplete: "off", spellcheck: "false", maxlength: 4096, placeholder: source?.has_key ? "unchanged" : "" });
    this.name = box({ value: source?.name ?? "", disabled: source !== null, maxlength: 40, autocapitalize: "none", spellcheck: "false" });
    this.scope = new ScopeChoice(source);
    this.said = h("div", { class: "said" });
    this.element = this.#draw();
    this.#typed();
  }

  /** @returns {HTMLElement} */
  #draw() {
    const test = h("button", { type: "button", class: "button" }, icon("plug"), "Test connection");
    const save = h("button", { type: "submit", class: "button primary" }, "Test and save");
    this.scope.choose.addEventListener("click", () => this.#isSound() && busily(this.scope.choose, this.said, (signal) => this.#look(signal)));
    test.addEventListener("click", () => this.#isSound() && busily(test, this.said, (signal) => this.#test(signal)));
    const form = h(
      "form",
      { class: "connect", autocomplete: "off", novalidate: true, "aria-label": this.source ? `Change ${this.source.name}` : "Connect a tracker" },
      row("Tracker", this.type),
      row("Server", this.server),
      row("Key", this.key),
      row("Name", this.name),
      this.scope.element,
      this.said,
      h("div", { class: "acts" }, save, test, h("button", { type: "button", class: "button", "data-always": true, onclick: () => this.tell.closed() }, "Cancel")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isSound()) busily(save, this.said, (signal) => this.#save(signal), MAYBE);
    });
    return form;
  }

  /** Know which names are taken, so that a new connection never takes the place of another. @param {string[]} taken */
  know(taken) {
    this.taken = taken;
    this.#typed();
  }

  #typed() {
    const type = this.types.find((one) => one.type === this.type.value);
    const kept = this.source?.has_key ? "Leave it empty to keep the saved key, which goes to its own server only. " : "";
    this.server.placeholder = type?.server ?? "";
    explain(this.server, type?.server ? `Leave it empty for ${type.server}.` : null);
    explain(this.key, `${kept}${type?.key_help ?? ""}`);
    explain(this.name, this.source ? "A connection keeps its name." : "What it is called here. Letters, digits, - and _.");
    this.name.placeholder = this.#free();
  }

  /** @returns {Draft} what may be kept of what is typed: all but the key */
  draft() {
    return { type: this.type.value, server: this.server.value, name: this.name.value };
  }

  /** Go on where somebody left off. @param {Draft} draft */
  resume({ type, server, name }) {
    this.type.value = type;
    this.server.value = server;
    this.name.value = name;
    this.#typed();
  }

  /** @returns {string} a name that nothing has yet: `rally`, `rally-2` */
  #free() {
    const type = this.type.value;
    const names = [type, ...this.taken.map((_, index) => `${type}-${index + 2}`)];
    return names.find((name) => !this.taken.includes(name)) ?? type;
  }

  /** @returns {string} */
  #called() {
    return this.source?.name ?? (this.name.value.trim() || this.#free());
  }

  /** @returns {boolean} whether it can be tried; says beside the control what is missing */
  #isSound() {
    faultless(this.element);
    const name = this.#called();
    const wrong =
      (!this.source && !this.key.value.trim() && { control: this.key, text: "The key is missing." }) ||
      (!this.source && !NAME.test(name) && { control: this.name, text: "Letters, digits, - and _ only; for example `rally-payments`." }) ||
      (!this.source && this.taken.includes(name) && { control: this.name, text: `${name} is connected already. Choose another name, or change that one.` });
    if (wrong) fault(wrong.control, wrong.text);
    return !wrong;
  }

  /** @returns {Record<string, unknown>} what was typed; empty boxes are left out */
  #door() {
    const typed = { type: this.type.value, key: this.key.value.trim(), server: this.server.value.trim() };
    return Object.fromEntries(Object.entries(typed).filter(([, value]) => value));
  }

  /** Offer what the key sees. @param {AbortSignal} signal */
  async #look(signal) {
    this.#offer(await this.#places(signal));
  }

  /** @param {AbortSignal} signal @returns {Promise<import("./settings_scope.js").Place[]>} */
  async #places(signal) {
    return (await send("POST", "/api/sources/places", { ...this.#door(), name: this.#called() }, signal)).places;
  }

  /** @param {import("./settings_scope.js").Place[]} places @param {string} [next] */
  #offer(places, next = "") {
    this.said.replaceChildren(h("p", { class: "help", role: "status" }, `${this.scope.offer(places)} ${next}`));
    this.scope.focus();
  }

  /** A key that sees several workspaces needs one to be named. @param {AbortSignal} signal @returns {Promise<boolean>} */
  async #isPlaced(signal) {
    if (this.source || this.scope.isOpen) return true;
    const places = await this.#places(signal);
    if (places.filter(({ kind }) => kind === "workspace").length < 2) return true;
    this.#offer(places, "Choose one.");
    return false;
  }

  /** @param {AbortSignal} signal */
  async #test(signal) {
    const tested = await send("POST", "/api/sources/test", { ...this.#door(), ...this.scope.chosen(), name: this.#called() }, signal);
    this.said.replaceChildren(testedCard(tested));
  }

  /** @param {AbortSignal} signal */
  async #save(signal) {
    if (!(await this.#isPlaced(signal))) return;
    const name = this.#called();
    const { warnings } = await send("PUT", `/api/sources/${encodeURIComponent(name)}`, { ...this.#door(), ...this.scope.chosen() }, signal);
    this.key.value = "";
    this.said.replaceChildren();
    this.tell.saved(name, warnings ?? []);
  }
}
