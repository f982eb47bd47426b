/**
 * Connect a tracker, or change a connection. What is asked is what its type takes: a server and a
 * key that looks around, or folders. A key leaves the page with the request and is not kept in it.
 */

import { h, icon } from "./dom.js";
import { box, fault, faultless, row } from "./form_row.js";
import { DoorPart } from "./settings_door.js";
import { FlagPart } from "./settings_flag.js";
import { FoldersPart } from "./settings_folders.js";
import { testedCard } from "./settings_tested.js";
import { busily, send } from "./waiting.js";

/** @typedef {{name: string, type: string, server: string | null, workspace: string | null, workspace_name: string | null, projects: string[], project_names: string[], folders?: string[], key_env: string | null, has_key: boolean, default: boolean, editable: boolean, why_not: string | null}} Source */
/** @typedef {import("./settings_types.js").Type} Type */
/** @typedef {{type: string, name: string, parts: Record<string, unknown>[]}} Draft */
/** @typedef {DoorPart | FoldersPart | FlagPart} Part */

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/; // as the server judges it
const MAYBE = "Stopped waiting. If the tracker still answers, the connection is saved all the same.";

export class ConnectForm {
  /**
   * @param {Type} type
   * @param {Source | null} source the connection to change, null for a new one
   * @param {{saved: (name: string, warnings: string[]) => void, closed: () => void}} tell
   */
  constructor(type, source, tell) {
    this.type = type;
    this.source = source;
    this.tell = tell;
    /** @type {string[]} the names that are taken */
    this.taken = [];
    this.said = h("div", { class: "said" });
    this.name = box({ value: source?.name ?? "", disabled: source !== null, maxlength: 40, autocapitalize: "none", spellcheck: "false" });
    /** @type {Part[]} */
    this.parts = partsOf(this);
    this.element = this.#draw();
    this.know([]);
  }

  /** @returns {HTMLElement} */
  #draw() {
    const [main, ...rest] = this.parts;
    const test = h("button", { type: "button", class: "button" }, icon("plug"), testWord(this.type));
    const save = h("button", { type: "submit", class: "button primary" }, "Test and save");
    test.addEventListener("click", () => this.isSound() && busily(test, this.said, (signal) => this.#blamed(this.#test(signal))));
    const name = row("Name", this.name, this.source ? "A connection keeps its name." : "What it is called here. Letters, digits, - and _.");
    const form = h(
      "form",
      { class: "connect", autocomplete: "off", novalidate: true, "aria-label": this.source ? `Change ${this.source.name}` : `Connect ${this.type.label}` },
      !this.source && h("h3", {}, `Connect ${this.type.label}`),
      main?.element,
      name,
      ...rest.map(({ element }) => element),
      this.said,
      h("div", { class: "acts" }, save, test, h("button", { type: "button", class: "button", "data-always": true, onclick: () => this.tell.closed() }, "Cancel")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.isSound()) busily(save, this.said, (signal) => this.#blamed(this.#save(signal)), MAYBE);
    });
    return form;
  }

  focus() {
    this.parts[0]?.focus();
  }

  /** Know which names are taken, so that a new connection never takes the place of another. @param {string[]} taken */
  know(taken) {
    this.taken = taken;
    this.name.placeholder = this.#free();
  }

  /** @returns {Draft} what may be kept of what is typed: all but the key */
  draft() {
    return { type: this.type.type, name: this.name.value, parts: this.parts.map((part) => part.draft()) };
  }

  /** Go on where somebody left off. @param {Draft} draft */
  resume({ name, parts = [] }) {
    this.name.value = name;
    for (const [index, part] of this.parts.entries()) part.resume(parts[index] ?? {});
  }

  /** @returns {string} a name that nothing has yet, after what this type is usually called */
  #free() {
    const usual = this.type.name;
    const names = [usual, ...this.taken.map((_, index) => `${usual}-${index + 2}`)];
    return names.find((name) => !this.taken.includes(name)) ?? usual;
  }

  /** @returns {string} */
  called() {
    return this.source?.name ?? (this.name.value.trim() || this.#free());
  }

  /** @returns {boolean} whether it can be tried; says beside the control what is missing */
  isSound() {
    faultless(this.element);
    if (!this.parts.every((part) => part.isSound())) return false;
    const name = this.called();
    const wrong =
      (!this.source && !NAME.test(name) && `Letters, digits, - and _ only; for example \`${this.type.name}-payments\`.`) ||
      (!this.source && this.taken.includes(name) && `${name} is connected already. Choose another name, or change that one.`);
    if (wrong) fault(this.name, wrong);
    return !wrong;
  }

  /** Say a refusal beside the control that it is about, where there is one. @param {Promise<void>} work */
  async #blamed(work) {
    try {
      await work;
    } catch (error) {
      if (!this.parts.some((part) => part.blames(/** @type {any} */ (error)))) throw error;
      this.said.replaceChildren();
    }
  }

  /** @returns {Record<string, unknown>} */
  #given() {
    return Object.assign({ type: this.type.type }, ...this.parts.map((part) => part.given()));
  }

  /** @param {AbortSignal} signal */
  async #test(signal) {
    const tested = await send("POST", "/api/sources/test", { ...this.#given(), name: this.called() }, signal);
    this.said.replaceChildren(testedCard(tested, this.type));
  }

  /** @param {AbortSignal} signal */
  async #save(signal) {
    for (const part of this.parts) if (!(await part.isReady(signal))) return;
    const name = this.called();
    const { warnings } = await send("PUT", `/api/sources/${encodeURIComponent(name)}`, this.#given(), signal);
    for (const part of this.parts) part.saved();
    this.said.replaceChildren();
    this.tell.saved(name, warnings ?? []);
  }
}

/** @param {Type | undefined} type @returns {string} what the button is called that tries a connection */
export function testWord(type) {
  return type?.needs_key === false ? "Test" : "Test connection";
}

/** Draw what a type asks for, in its order; what belongs to a server is one part. @param {ConnectForm} form @returns {Part[]} */
function partsOf(form) {
  const { inputs } = form.type;
  const own = inputs.filter(({ type }) => type === "folders" || type === "flag");
  const door = inputs.filter((one) => !own.includes(one));
  return [...(door.length ? [new DoorPart(door, form)] : []), ...own.map((input) => (input.type === "flag" ? new FlagPart(input, form) : new FoldersPart(input, form)))];
}
