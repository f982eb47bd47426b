/** One connected tracker on the settings page: what it is, and what can be done with it. */

import { h, icon, worded } from "./dom.js";
import { ConnectForm, testWord } from "./settings_connect.js";
import { statesTable } from "./settings_states.js";
import { Fresh } from "./settings_fresh.js";
import { problems, testedCard } from "./settings_tested.js";
import { capital } from "./settings_types.js";
import { toast } from "./toast.js";
import { busily, send, stop } from "./waiting.js";

/** @typedef {import("./settings_connect.js").Source} Source */
/** @typedef {import("./settings_types.js").Type} Type */

export class TrackerCard {
  /**
   * @param {Source} source
   * @param {Type[]} types
   * @param {{changed: () => Promise<void>, removed: () => void}} tell
   */
  constructor(source, types, tell) {
    this.source = source;
    this.type = types.find(({ type }) => type === source.type);
    this.others = /** @type {Source[]} */ ([]);
    this.tell = tell;
    this.path = `/api/sources/${encodeURIComponent(source.name)}`;
    this.told = "";
    /** @type {ConnectForm | null} */
    this.form = null;
    this.head = h("header", {});
    this.facts = h("div", { class: "tracker-facts" });
    this.fresh = new Fresh(source.name);
    this.said = h("div", { class: "said" });
    this.columns = h("div", { class: "said" });
    this.change = h("div", { class: "said" });
    this.test = this.#button(testWord(this.type), "plug", () => busily(this.test, this.said, (signal) => this.#test(signal)));
    this.mapping = this.#button("Columns", "columns-3", () => this.#toggle(this.mapping, this.columns, () => busily(this.mapping, this.said, (signal) => this.#columns(signal))));
    this.edit = this.#button("Change", "pencil", () => this.#toggle(this.edit, this.change, () => this.#edit()));
    this.remove = this.#button("Remove", "trash-2", () => this.#sure());
    for (const one of [this.mapping, this.edit]) one.setAttribute("aria-expanded", "false");
    const acts = h("div", { class: "acts" }, this.test, this.mapping, this.edit, this.remove);
    this.element = h("article", { class: "tracker", "aria-label": source.name }, this.head, this.fresh.element, this.facts, acts, this.said, this.columns, this.change);
  }

  /** @param {string} text @param {string} sign @param {() => void} act @returns {HTMLElement} */
  #button(text, sign, act) {
    return h("button", { type: "button", class: "button", onclick: act }, icon(sign), text);
  }

  /** Show it as it is now; open forms stay. @param {Source} source @param {Source[]} all */
  take(source, all) {
    this.others = all.filter(({ name }) => name !== source.name);
    const told = JSON.stringify([source, all.length > 1]);
    if (told === this.told) return;
    this.told = told;
    this.source = source;
    if (this.form) this.form.source = source;
    const label = this.type?.label ?? source.type;
    this.head.replaceChildren(h("h3", { dir: "auto" }, source.name), h("span", { class: "help" }, label), ...(source.default && all.length > 1 ? [h("span", { class: "chip native" }, "default")] : []));
    this.facts.replaceChildren(facts(source, this.type), ...(source.why_not ? [h("p", { class: "help" }, icon("info"), h("span", {}, ...worded(source.why_not)))] : []));
    this.edit.hidden = !source.editable || !this.type;
    this.remove.hidden = !source.editable;
  }

  /** Come into sight after it was connected. @param {string[]} warnings */
  welcome(warnings) {
    this.said.replaceChildren(...problems(warnings));
    this.test.focus();
  }

  /** Open what a button opens; a second click folds it away and keeps what was typed. @param {HTMLElement} button @param {HTMLElement} place @param {() => unknown} open */
  #toggle(button, place, open) {
    if (!place.firstElementChild) return void open();
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
  }

  /** @param {AbortSignal} signal */
  async #test(signal) {
    this.said.replaceChildren(testedCard(await send("POST", `${this.path}/test`, undefined, signal), this.type));
    await this.tell.changed(); // the places' names are known now
  }

  /** @param {AbortSignal} signal */
  async #columns(signal) {
    const table = await statesTable(this.source.name, signal, () => this.#shut(this.mapping, this.columns));
    this.said.replaceChildren();
    this.#opened(this.mapping, this.columns, table);
    /** @type {HTMLElement | null} */ (table.querySelector("select:enabled"))?.focus();
  }

  #edit() {
    const close = () => {
      if (this.form) stop(this.form.said);
      this.form = null;
      this.#shut(this.edit, this.change);
    };
    const saved = async (/** @type {string} */ name, /** @type {string[]} */ warnings) => {
      close();
      toast(`${name}: saved. The board follows.`);
      await this.tell.changed();
      this.said.replaceChildren(...problems(warnings));
    };
    if (!this.type) return;
    this.form = new ConnectForm(this.type, this.source, { saved, closed: close });
    this.#opened(this.edit, this.change, this.form.element);
    this.form.focus();
  }

  /** @param {HTMLElement} button @param {HTMLElement} place @param {HTMLElement} content */
  #opened(button, place, content) {
    place.hidden = false;
    place.replaceChildren(content);
    button.setAttribute("aria-expanded", "true");
  }

  /** @param {HTMLElement} button @param {HTMLElement} place */
  #shut(button, place) {
    place.replaceChildren();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  #sure() {
    if (this.remove.getAttribute("aria-disabled") === "true") return;
    const { name } = this.source;
    const place = h("div", { class: "said" });
    const yes = h("button", { type: "button", class: "button danger" }, "Remove it");
    yes.addEventListener("click", () => busily(yes, place, (signal) => send("DELETE", this.path, undefined, signal).then(() => this.tell.removed()), "Stopped waiting; it may be removed all the same."));
    const keep = () => {
      this.said.replaceChildren();
      this.remove.focus();
    };
    const no = h("button", { type: "button", class: "button", onclick: keep }, "Keep it");
    const what = this.source.has_key ? `${name} and its key` : name;
    const stays = this.type?.needs_key === false ? "the files stay as they are" : "nothing changes in the tracker";
    const next = this.source.default && this.others[0] ? ` ${this.others[0].name} becomes the default tracker.` : "";
    this.said.replaceChildren(
      h("div", { class: "sure", role: "group", "aria-label": `Remove ${name}` }, h("p", {}, `Remove ${what}? Its items leave this board; ${stays}.${next}`), h("div", { class: "acts" }, yes, no), place),
    );
    no.focus();
  }
}

/** @param {Source} source @param {Type | undefined} type @returns {HTMLElement} */
function facts(source, type) {
  const rows = type ? type.inputs.flatMap((input) => told(source, input, type.place)) : [];
  return h("dl", { class: "pairs" }, ...rows.filter(([, value]) => value).flatMap(([name, value, id]) => [h("dt", {}, name), h("dd", { dir: "auto", title: id && id !== value ? id : null }, ...worded(String(value)))]));
}

/** Say what a source was told by one of its type's inputs. @param {Source} source @param {import("./settings_types.js").Input} input @param {import("./settings_types.js").Words} words @returns {(string | null)[][]} */
function told(source, { name, type, label }, words) {
  const value = /** @type {any} */ (source)[name];
  if (type === "places") return [[capital(words.above), source.workspace_name, source.workspace], [capital(words.parts), source.project_names.length ? source.project_names.join(", ") : "all", source.projects.join(", ")]];
  if (type === "secret") return [[label, source.has_key ? "set" : `missing: put \`${source.key_env}\` into the secrets file, or change the connection here`]];
  if (type === "folders") return [[value.length === 1 ? "Folder" : label, value.join(", ")]];
  if (type === "flag") return [[label, value ? "yes" : "no"]];
  return [[label, value ?? "the vendor's"]];
}
