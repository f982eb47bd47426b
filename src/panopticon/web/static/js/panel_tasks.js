/** The tasks of the open item, lines or items of their own: ticked in place, and one more. */

import { reasonOf, write } from "./api.js";
import { go } from "./address.js";
import { h, icon, worded } from "./dom.js";
import { draftOf, keepDraft } from "./draft.js";
import { replaced } from "./part.js";
import { tick } from "./step_act.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Step} Step */

const CONFLICT = 409;
const MOST_DEEP = 5; // a phone has no room for more

export class Tasks {
  /** @param {Item} item @param {() => Promise<void>} refresh */
  constructor(item, refresh) {
    this.item = item;
    this.refresh = refresh;
    this.text = "";
    /** @type {Map<string, boolean>} ticks that wait for their answer */
    this.pending = new Map();
    this.heading = h("h3", {});
    this.list = h("ul", { class: "steps", role: "list" });
    this.beside = h("div", { class: "beside", role: "alert" });
    this.adder = this.#adder();
    this.element = h("section", { class: "part", "aria-label": "Tasks" }, this.heading, this.list, this.beside, this.adder);
    this.take(item);
  }

  /** @param {Item} item */
  take(item) {
    this.item = item;
    const canWrite = item.can.edit.length > 0;
    this.adder.hidden = !canWrite || !item.can.steps;
    this.element.hidden = !item.tasks.length && this.adder.hidden;
    const text = JSON.stringify([item.tasks, [...this.pending], canWrite]);
    if (text === this.text) return;
    this.text = text;
    const done = item.tasks.filter((task) => this.#isDone(task)).length;
    this.heading.textContent = item.tasks.length ? `Tasks · ${done} of ${item.tasks.length}` : "Tasks";
    replaced(this.list, item.tasks.map((task) => this.#step(task)));
  }

  freeze() {
    this.adder.remove();
    for (const input of this.list.querySelectorAll("input")) input.disabled = true;
  }

  /** @param {Step} task @returns {string} */
  #nameOf(task) {
    return task.key ?? String(task.position);
  }

  /** @param {Step} task @returns {boolean} */
  #isDone(task) {
    return this.pending.get(this.#nameOf(task)) ?? task.done;
  }

  /** @param {Step} task @returns {HTMLElement} */
  #step(task) {
    const name = this.#nameOf(task);
    const isDone = this.#isDone(task);
    const canTick = this.item.can.edit.length > 0;
    const isBegun = !isDone && !task.key && Boolean(task.native_state); // `[~]` in a story file
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", class: "tick", checked: isDone, disabled: !canTick, "data-mark": `task-${name}`, onchange: () => this.#tick(task, !isDone) }));
    input.indeterminate = isBegun;
    const open = task.ref && h("button", { type: "button", class: "key copied", "aria-label": `Open ${task.key}`, title: `Open ${task.key}`, "data-mark": `open-${name}`, onclick: () => go({ item: /** @type {string} */ (task.ref), tab: "" }) }, task.key ?? "");
    const note = this.pending.has(name) ? "Saving …" : isBegun ? "half done" : "";
    const line = h("li", { class: isDone ? "done" : "todo", "aria-level": task.depth ? task.depth + 1 : null }, h("label", {}, input, h("span", { dir: "auto" }, ...worded(task.title))), note && h("span", { class: "saving" }, note), open);
    line.style.setProperty("--depth", String(Math.min(task.depth, MOST_DEEP)));
    return line;
  }

  /** @param {Step} task @param {boolean} isDone */
  async #tick(task, isDone) {
    const name = this.#nameOf(task);
    if (this.pending.has(name)) return this.take(this.item);
    this.pending.set(name, isDone);
    this.beside.replaceChildren();
    this.take(this.item);
    try {
      await tick(this.item, task, isDone);
      await this.refresh();
    } catch (error) {
      this.#refused(error);
      if (/** @type {any} */ (error).status === CONFLICT) await this.refresh(); // the steps are others by now
    }
    this.pending.delete(name);
    this.take(this.item);
  }

  /** @returns {HTMLFormElement} */
  #adder() {
    const draft = `${this.item.ref} step`;
    const input = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "text", dir: "auto", maxlength: 10_000, placeholder: "Add a task", "aria-label": "Add a task", autocomplete: "off", value: draftOf(draft) ?? "", oninput: () => keepDraft(draft, input.value || null) }));
    const add = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const title = input.value.trim();
      if (!title || input.readOnly) return;
      this.#wait(input, true);
      this.beside.replaceChildren();
      try {
        await write("POST", "/api/item/step", { ref: this.item.ref, title });
        input.value = "";
        keepDraft(draft, null);
        await this.refresh();
      } catch (error) {
        this.#refused(error);
      }
      this.#wait(input, false);
    };
    return /** @type {HTMLFormElement} */ (h("form", { class: "adder", hidden: true, onsubmit: add }, input, h("button", { type: "submit", class: "quiet", "aria-label": "Add the task", title: "Add the task (Enter)" }, icon("plus"))));
  }

  /** @param {HTMLInputElement} input @param {boolean} isBusy */
  #wait(input, isBusy) {
    input.readOnly = isBusy;
    this.adder.setAttribute("aria-busy", String(isBusy));
  }

  /** @param {any} error */
  #refused(error) {
    this.beside.replaceChildren(h("p", {}, ...worded(reasonOf(error))));
  }
}
