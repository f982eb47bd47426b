/** The part of a connection that is a server: its address, the key to it, and what of it is read. */

import { h } from "./dom.js";
import { box, explain, fault, row } from "./form_row.js";
import { ScopeChoice } from "./settings_scope.js";
import { busily, send } from "./waiting.js";

/** @typedef {import("./settings_types.js").Input} Input */
/** @typedef {import("./settings_connect.js").ConnectForm} ConnectForm */

export class DoorPart {
  /** @param {Input[]} inputs @param {ConnectForm} form */
  constructor(inputs, form) {
    const { source } = form;
    const named = (/** @type {string} */ name) => inputs.find((one) => one.name === name);
    const [server, key, places] = ["server", "key", "places"].map(named);
    this.form = form;
    this.needsKey = Boolean(key?.required) && !source;
    this.server = box({ inputmode: "url", value: source?.server ?? "", maxlength: 2048, autocapitalize: "none", spellcheck: "false", placeholder: form.type.server ?? "", onchange: () => this.scope.forget() });
    this.key = box({ type: "password", autocomplete: "off", spellcheck: "false", maxlength: 4096, placeholder: source?.has_key ? "unchanged" : "" });
    this.scope = new ScopeChoice(source, form.type.place);
    const kept = source?.has_key ? "Leave it empty to keep the saved key, which goes to its own server only. " : "";
    this.element = h("div", { class: "server-part" }, server && row(server.label, this.server, server.help), key && row(key.label, this.key), places && this.scope.element);
    if (key) explain(this.key, `${kept}${key.help}` || null);
    this.scope.choose.addEventListener("click", () => form.isSound() && busily(this.scope.choose, form.said, (signal) => this.#look(signal)));
  }

  focus() {
    this.server.focus();
  }

  /** @returns {boolean} whether it can be tried; says beside the control what is missing */
  isSound() {
    const isMissing = this.needsKey && !this.key.value.trim();
    if (isMissing) fault(this.key, "The key is missing.");
    return !isMissing;
  }

  /** @returns {Record<string, unknown>} what was typed; empty boxes are left out */
  given() {
    return { ...this.#door(), ...this.scope.chosen() };
  }

  /** @returns {Record<string, unknown>} */
  #door() {
    const typed = { key: this.key.value.trim(), server: this.server.value.trim() };
    return Object.fromEntries(Object.entries(typed).filter(([, value]) => value));
  }

  /** @returns {Record<string, unknown>} what may be kept in the page: all but the key */
  draft() {
    return { server: this.server.value };
  }

  /** @param {any} draft */
  resume({ server }) {
    this.server.value = server ?? "";
  }

  /** A key that sees several (workspaces, say) needs one to be named. @param {AbortSignal} signal @returns {Promise<boolean>} */
  async isReady(signal) {
    if (this.form.source || this.scope.isOpen) return true;
    const places = await this.#places(signal);
    if (places.filter(({ kind }) => kind === "workspace").length < 2) return true;
    this.#offer(places, "Choose one.");
    return false;
  }

  /** @returns {boolean} whether a refusal was said beside a control */
  blames() {
    return false;
  }

  /** The key is saved: it has no place here any more. */
  saved() {
    this.key.value = "";
  }

  /** Offer what the key sees. @param {AbortSignal} signal */
  async #look(signal) {
    this.#offer(await this.#places(signal));
  }

  /** @param {AbortSignal} signal @returns {Promise<import("./settings_scope.js").Place[]>} */
  async #places(signal) {
    return (await send("POST", "/api/sources/places", { type: this.form.type.type, ...this.#door(), name: this.form.called() }, signal)).places;
  }

  /** @param {import("./settings_scope.js").Place[]} places @param {string} [next] */
  #offer(places, next = "") {
    this.form.said.replaceChildren(h("p", { class: "help", role: "status" }, `${this.scope.offer(places)} ${next}`));
    this.scope.focus();
  }
}
