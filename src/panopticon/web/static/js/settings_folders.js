/** The part of a connection that is folders of this machine: their paths, and what is found there. */

import { h, icon } from "./dom.js";
import { box, explain, fault } from "./form_row.js";
import { busily, send } from "./waiting.js";

/** @typedef {import("./settings_types.js").Input} Input */
/** @typedef {import("./settings_connect.js").ConnectForm} ConnectForm */
/** @typedef {{dialect: string, folders: string[], stories: number, epics: number, said: string}} Layout */

let count = 0;

export class FoldersPart {
  /** @param {Input} input @param {ConnectForm} form */
  constructor(input, form) {
    this.input = input;
    this.form = form;
    /** @type {FolderRow[]} */
    this.rows = [];
    this.list = h("div", { class: "folders" });
    this.more = h("button", { type: "button", class: "button", onclick: () => this.#add("").box.focus() }, icon("plus"), "Another folder");
    this.element = h("div", { class: "setting", role: "group", "aria-label": input.label }, h("span", { class: "label" }, input.label), h("div", { class: "setting-value" }, this.list, h("div", { class: "acts" }, this.more)));
    this.#put(form.source?.folders ?? []);
  }

  /** @param {string[]} folders */
  #put(folders) {
    this.rows = [];
    this.list.replaceChildren();
    for (const folder of folders.length ? folders : [""]) this.#add(folder);
  }

  /** @param {string} folder @returns {FolderRow} */
  #add(folder) {
    const row = new FolderRow(folder, this.form.type.type, this.rows.length ? null : this.input.help, () => this.#drop(row));
    this.rows.push(row);
    this.list.append(row.element);
    this.#name();
    return row;
  }

  /** @param {FolderRow} row */
  #drop(row) {
    const at = this.rows.indexOf(row);
    this.rows.splice(at, 1);
    row.element.remove();
    this.#name();
    explain(this.rows[0].box, this.input.help);
    (this.rows[at] ?? this.rows[at - 1]).box.focus();
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The only folder cannot be taken away; several are told apart by their place. */
  #name() {
    for (const [index, row] of this.rows.entries()) row.name(this.rows.length > 1 ? `Folder ${index + 1}` : "Folder", this.rows.length > 1);
  }

  focus() {
    this.rows[0].box.focus();
  }

  /** @returns {boolean} whether it can be tried; says beside the box what is missing */
  isSound() {
    const isMissing = this.#folders().length === 0;
    if (isMissing) fault(this.rows[0].box, "The folder is missing. For example `~/work/app`.");
    return !isMissing;
  }

  /** @returns {string[]} */
  #folders() {
    return this.rows.map((row) => row.box.value.trim()).filter(Boolean);
  }

  /** @returns {Record<string, unknown>} */
  given() {
    return { [this.input.name]: this.#folders() };
  }

  /** @returns {Record<string, unknown>} */
  draft() {
    return { folders: this.rows.map((row) => row.box.value) };
  }

  /** @param {any} draft */
  resume({ folders }) {
    this.#put(folders ?? []);
  }

  /** @returns {Promise<boolean>} */
  async isReady() {
    return true;
  }

  /** Say beside its box what is refused of a folder. @param {import("./api.js").ApiError} error @returns {boolean} */
  blames({ message, hint, body }) {
    const folder = body?.folder;
    const row = folder === undefined ? undefined : this.rows.find((one) => one.box.value.trim() === folder);
    if (row) fault(row.box, `${message} ${hint}`);
    return row !== undefined;
  }

  saved() {}
}

/** One folder: its path, a look into it, and what was found. */
class FolderRow {
  /** @param {string} folder @param {string} type @param {string | null} help @param {() => void} drop */
  constructor(folder, type, help, drop) {
    this.type = type;
    const id = `folder-${++count}`;
    this.box = box({ id, value: folder, maxlength: 4096, placeholder: "~/work/app", autocapitalize: "none", autocorrect: "off", spellcheck: "false", oninput: () => this.found.replaceChildren() });
    this.found = h("div", { class: "said" });
    this.label = h("label", { for: id, class: "spoken" });
    this.look = h("button", { type: "button", class: "button" }, icon("search"), "Look");
    this.look.addEventListener("click", () => this.#isTyped() && busily(this.look, this.found, (signal) => this.#look(signal)));
    this.remove = h("button", { type: "button", class: "quiet", title: "Leave this folder out", onclick: drop }, icon("x"));
    this.value = h("div", { class: "setting-value" }, this.box);
    this.element = h("div", { class: "folder" }, this.label, this.value, h("div", { class: "acts" }, this.look, this.remove), this.found);
    explain(this.box, help);
  }

  /** @param {string} name @param {boolean} isOneOfSeveral */
  name(name, isOneOfSeveral) {
    this.label.textContent = name;
    this.look.setAttribute("aria-label", isOneOfSeveral ? `Look into ${name.toLowerCase()}` : "Look");
    this.remove.setAttribute("aria-label", `Leave ${name.toLowerCase()} out`);
    this.remove.hidden = !isOneOfSeveral;
  }

  /** @returns {boolean} */
  #isTyped() {
    if (this.box.value.trim()) return true;
    fault(this.box, "The folder is missing. For example `~/work/app`.");
    return false;
  }

  /** @param {AbortSignal} signal */
  async #look(signal) {
    const { folder, layouts } = await send("POST", "/api/sources/look", { type: this.type, folder: this.box.value.trim() }, signal);
    this.found.replaceChildren(
      h("div", { class: "tested good", role: "status" }, h("p", {}, icon("circle-check"), h("strong", { dir: "auto" }, `Found in ${folder}`)), h("ul", { class: "layouts", role: "list" }, .../** @type {Layout[]} */ (layouts).map(({ said }) => h("li", { dir: "auto" }, said)))),
    );
  }
}
