/** Every field of the open item: those the tracker lets one write, in place, and the rest below. */

import { reasonOf } from "./api.js";
import { h, icon, worded } from "./dom.js";
import { Field } from "./field.js";
import { Part } from "./part.js";
import { moment } from "./time.js";
import { asName, inWords, isSame, valueOf } from "./value.js";
import { form } from "./words.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").FormField} FormField */

const ELSEWHERE = ["title", "state", "body", "acceptance_criteria"]; // in the head and the detail
const PLAIN = { type: "text", required: false, values: [], many: false };

export class Fields {
  /** @param {Item} item @param {import("./field.js").Host} host */
  constructor(item, host) {
    this.item = item;
    this.host = host;
    /** @type {Field[]} */
    this.fields = [];
    /** @type {Set<string>} */
    this.written = new Set(ELSEWHERE);
    this.note = h("p", { class: "small-note", role: "status" });
    this.list = h("div", { class: "field-list" });
    this.rest = rest(this.written);
    this.elements = [this.note, this.list, this.rest.element];
    this.rest.take(item);
    this.#ask();
  }

  /** @param {Item} item */
  take(item) {
    this.item = item;
    for (const field of this.fields) field.take(item);
    this.rest.take(item);
  }

  freeze() {
    for (const field of this.fields) field.freeze();
  }

  async #ask() {
    if (!this.item.can.edit.length) return void (this.note.textContent = "This tracker lets nothing be written here.");
    this.note.textContent = "Asking the tracker what can be written …";
    try {
      const { fields } = await form({ ref: this.item.ref });
      this.note.textContent = "";
      this.#draw(fields.filter(({ name }) => !ELSEWHERE.includes(name)));
    } catch (error) {
      this.note.replaceChildren(...worded(`What can be written is not known now: ${reasonOf(error)}`));
    }
  }

  /** @param {FormField[]} asked */
  #draw(asked) {
    this.fields = asked.map((field) => editable(field, this.item, this.host));
    this.list.replaceChildren(...asked.map((field, index) => h("div", { class: field.type === "markdown" ? "field-row tall" : "field-row", role: "group", "aria-label": field.label }, h("div", { class: "field-label", dir: "auto" }, field.label), this.fields[index].element)));
    for (const { name } of asked) this.written.add(name);
    this.rest.text = "";
    this.rest.take(this.item);
  }
}

/** @param {FormField} field @param {Item} item @param {import("./field.js").Host} host @returns {Field} */
function editable(field, item, host) {
  if (field.type !== "flag") return new Field(field, item, host, (now, edit) => [value(field, now, edit)]);
  const made = new Field(field, item, host, (now) => [
    h("label", { class: "flag" }, flag(now), h("span", {}, valueOf(now, field.name) ? "Yes" : "No")),
  ]);
  return made;

  /** @param {Item} now @returns {HTMLElement} a box is written as soon as it is ticked */
  function flag(now) {
    const before = Boolean(valueOf(now, field.name));
    const change = async () => {
      if (!(await made.tick(input.checked, valueOf(now, field.name)))) input.checked = before;
    };
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", class: "tick", "aria-label": field.label, checked: before, "data-mark": field.name, onchange: change }));
    return input;
  }
}

/** @param {FormField} field @param {Item} now @param {() => void} edit @returns {HTMLElement} */
function value(field, now, edit) {
  const words = field.name === "assignee" && now.assignee ? now.assignee.name : inWords(field, valueOf(now, field.name));
  const shown = words ? h("span", { dir: "auto", class: field.type === "markdown" ? "several-lines" : "" }, words) : h("span", { class: "none" }, "None");
  return h("button", { type: "button", class: "value", "aria-label": `Edit ${field.label}: ${words ? words.slice(0, 200) : "none"}`, "data-edit": "", "data-mark": field.name, onclick: edit }, shown, icon("pencil"));
}

/** @param {Set<string>} written @returns {Part} what is only read */
function rest(written) {
  return new Part(
    h("dl", { class: "facts wide" }),
    (item) => [item.values, item.created_at, item.updated_at, item.native_state, item.url],
    (item) => {
      const own = Object.entries(item.values).filter(([name]) => name !== "custom" && !written.has(name));
      const custom = Object.entries(item.values.custom ?? {}).filter(([name]) => !written.has(`custom.${name}`));
      const facts = /** @type {[string, any][]} */ ([
        ["Key", item.key],
        ["Kind", asName(item.kind) + (item.native_kind && item.native_kind !== item.kind ? ` (${item.native_kind})` : "")],
        ["State", written.has("native_state") ? null : item.native_state],
        ["Project", item.project],
        ["Source", item.source],
        ...own.filter(([name]) => name !== "native_state").map(([name, told]) => [asName(name), name === "priority" ? inWords({ ...PLAIN, name }, told) : told]),
        ...custom,
        ["Created", moment(item.created_at)],
        ["Changed", moment(item.updated_at)],
        ["Tracker's id", item.native_id],
      ]);
      const full = facts.filter(([, told]) => !isSame(told, null));
      return full.flatMap(([name, told]) => [h("dt", { dir: "auto" }, name), h("dd", { dir: "auto" }, inWords({ ...PLAIN, name }, told))]);
    },
  );
}
