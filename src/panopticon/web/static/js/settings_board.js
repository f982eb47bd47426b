/** The board's own settings: limits of columns, how often trackers are asked, who one is. */

import { h } from "./dom.js";
import { box, explain, fault, faultless, row, section, select } from "./form_row.js";
import { toast } from "./toast.js";
import { busily, send } from "./waiting.js";

/**
 * @typedef {{me: string | null, me_by_git: string | null, poll_seconds: number, default_tracker: string | null,
 *   limits: Record<string, number | null>, fixed_by: Record<string, string>, files: string[],
 *   sources: import("./settings_connect.js").Source[]}} Own
 * @typedef {HTMLInputElement | HTMLSelectElement} Control
 */

const HELP = {
  me: "Your email, or your name in the tracker: who `me` is in filters, and who takes an item.",
  poll_seconds: "How often each tracker is asked for news. One that fails is asked more rarely.",
  default_tracker: "Where new items go, and what an id without a name in front means.",
};
const WHOLE = "A whole number of cards, or nothing for no limit.";

export class BoardForm {
  /** @param {Own} own @param {() => void} changed */
  constructor(own, changed) {
    this.own = own;
    this.changed = changed;
    this.me = box({ maxlength: 200, autocapitalize: "none", spellcheck: "false" });
    this.poll = box({ type: "number", min: 1, step: "any", inputmode: "numeric" });
    this.tracker = select([], "");
    this.limits = Object.keys(own.limits).map((state) => ({ state, box: box({ type: "number", min: 1, step: 1, placeholder: "no limit", inputmode: "numeric" }) }));
    /** @type {Map<Control, string>} what each control showed when the server last told */
    this.was = new Map();
    this.trackerRow = row("Default tracker", this.tracker);
    this.said = h("div", { class: "said" });
    this.save = h("button", { type: "submit", class: "button primary" }, "Save");
    this.form = this.#draw();
    this.element = section("board-settings", "Board", `Kept in \`${own.files[0] ?? "config.toml"}\`; it holds for everybody who opens this board.`, this.form);
  }

  /** @returns {HTMLElement} */
  #draw() {
    const form = h(
      "form",
      { "aria-label": "The board's settings", autocomplete: "off", novalidate: true },
      row("You are", this.me),
      row("Seconds between looks", this.poll),
      this.trackerRow,
      h("fieldset", { class: "limits" }, h("legend", {}, "Most cards in a column"), ...this.limits.map((limit) => row(wordOf(limit.state), limit.box))),
      this.said,
      h("div", { class: "acts" }, this.save),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      faultless(form);
      if (this.#isSound()) busily(this.save, this.said, (signal) => this.#save(signal), "Stopped waiting; it may be saved all the same.");
    });
    return form;
  }

  /** Show what holds now; what somebody has typed and not saved stays. @param {Own} own */
  take(own) {
    this.own = own;
    this.trackerRow.hidden = own.sources.length < 2;
    const typed = this.tracker.value;
    this.tracker.replaceChildren(...own.sources.map(({ name }) => h("option", { value: name }, name)));
    this.tracker.value = typed;
    this.#put(this.me, own.me ?? "");
    this.#put(this.poll, String(own.poll_seconds));
    this.#put(this.tracker, own.default_tracker ?? "");
    for (const { state, box: control } of this.limits) this.#put(control, String(own.limits[state] ?? ""));
    this.me.placeholder = own.me_by_git ? `${own.me_by_git} (by git)` : "you@example.com";
    for (const [name, control] of /** @type {const} */ ([["me", this.me], ["poll_seconds", this.poll], ["default_tracker", this.tracker]])) {
      const decider = own.fixed_by[name];
      control.disabled = Boolean(decider);
      explain(control, decider ? `Decided by \`${decider}\`: change it there.` : HELP[name]);
    }
  }

  /** @param {Control} control @param {string} fresh */
  #put(control, fresh) {
    const was = this.was.get(control);
    const isTyped = was !== undefined && (control.value !== was || ("validity" in control && control.validity.badInput)) && [...(control instanceof HTMLSelectElement ? control.options : [{ value: control.value }])].some(({ value }) => value === control.value);
    if (!isTyped) control.value = fresh;
    this.was.set(control, fresh);
  }

  /** @returns {boolean} whether every number is one; says beside its box what is not */
  #isSound() {
    for (const { box: control } of this.limits) if (control.validity.badInput || (control.value && !Number.isInteger(Number(control.value)))) return fault(control, WHOLE), false;
    if (!this.poll.validity.badInput) return true;
    fault(this.poll, "A number of seconds, for example 60.");
    return false;
  }

  /** @param {AbortSignal} signal */
  async #save(signal) {
    const given = this.#given();
    try {
      if (Object.keys(given).length) this.own = await send("PATCH", "/api/settings", given, signal);
    } catch (error) {
      if (!this.#blame(/** @type {any} */ (error))) throw error;
      return;
    }
    this.said.replaceChildren();
    this.was.clear();
    this.take(this.own);
    toast(Object.keys(given).length ? "The settings are saved." : "Nothing was changed.");
    this.changed();
  }

  /** Say beside a control what the server refuses of it. @param {any} error @returns {boolean} */
  #blame({ message = "", hint = "" }) {
    const named = /** @type {[string, Control][]} */ ([["`me`", this.me], ["`poll_seconds`", this.poll], ["`default_tracker`", this.tracker], ["No tracker is called", this.tracker], ...this.limits.map(({ state, box: control }) => [`The limit of ${state} `, control])]);
    const [words, control] = named.find(([name]) => message.includes(name)) ?? ["", null];
    if (!control) return false;
    fault(control, words.startsWith("`") ? message.replace(words, "This") : `${message} ${hint}`);
    return true;
  }

  /** @returns {Record<string, unknown>} what differs from what the server last told */
  #given() {
    const { own } = this;
    const me = this.me.value.trim() || null;
    const poll = this.poll.value ? Number(this.poll.value) : null;
    const numbers = this.limits.map(({ state, box: control }) => /** @type {[string, number | null]} */ ([state, control.value ? Number(control.value) : null]));
    const limits = numbers.filter(([state, limit]) => limit !== (own.limits[state] ?? null));
    return {
      ...(me !== own.me && { me }),
      ...(poll !== own.poll_seconds && { poll_seconds: poll }),
      ...(!this.trackerRow.hidden && this.tracker.value !== (own.default_tracker ?? "") && { default_tracker: this.tracker.value }),
      ...(limits.length && { limits: Object.fromEntries(limits) }),
    };
  }
}

/** @param {string} state @returns {string} the column's name, known before the board is read */
export function wordOf(state) {
  const text = state.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
