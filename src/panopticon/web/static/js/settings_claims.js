/** Claims in the settings: who decides them, how long they hold, how many one may have. */

import { h, worded } from "./dom.js";
import { box, explain, fault, faultless, row, section } from "./form_row.js";
import { toast } from "./toast.js";
import { busily, send } from "./waiting.js";

/**
 * @typedef {{arbiter: string | null, lock_hours: number, max_locks: number, warn_minutes: number, leads: string[],
 *   auto_sync: boolean, main_branch: string | null, fixed_by: Record<string, string>, is_demo: boolean}} Claims
 * @typedef {"lock_hours" | "max_locks" | "warn_minutes" | "leads" | "main_branch" | "auto_sync"} Name
 * @typedef {{name: Name, control: HTMLInputElement, help: string, isNumber?: boolean}} Line
 */

export class ClaimsForm {
  /** @param {Claims} own @param {() => void} changed */
  constructor(own, changed) {
    this.own = own;
    this.changed = changed;
    /** @type {Line[]} */
    this.lines = [
      { name: "lock_hours", control: number(0.1, 720, "any"), isNumber: true, help: "How long a checkout lasts; work on the story renews it." },
      { name: "max_locks", control: number(0, 999, 1), isNumber: true, help: "How many one person may hold; 0 for any number." },
      { name: "warn_minutes", control: number(0, 1440, "any"), isNumber: true, help: "How long before a claim ends one is told; 0 for never." },
      { name: "leads", control: word("ann@example.com, ben@example.com"), help: "Emails, with commas: who may take over a claim that has not ended. None: everybody may." },
      { name: "main_branch", control: word("the remote's own"), help: "The branch that finished work is merged into." },
      { name: "auto_sync", control: box({ type: "checkbox", class: "tick", id: "claims-auto-sync", "aria-describedby": "claims-auto-sync-help" }), help: "" },
    ];
    /** @type {Map<Name, string>} what each control showed when the server last told */
    this.was = new Map();
    this.decides = h("p", { class: "told" });
    this.why = h("p", { class: "help" });
    this.syncHelp = h("p", { class: "help", id: "claims-auto-sync-help" });
    this.said = h("div", { class: "said" });
    this.save = h("button", { type: "submit", class: "button primary" }, "Save");
    this.element = section("claims", "Claims", "Who checks a story out holds it for a while; nobody else gets it meanwhile.", this.#draw());
  }

  /** @returns {HTMLElement} */
  #draw() {
    const [hours, most, warn, leads, branch, sync] = this.lines.map(({ control }) => control);
    const form = h(
      "form",
      { "aria-label": "The settings of claims", autocomplete: "off", novalidate: true },
      h("div", { class: "setting" }, h("span", { class: "label" }, "Who decides"), h("div", { class: "setting-value" }, this.decides, this.why)),
      row("Hours held", hours),
      row("Stories at once", most),
      row("Minutes of warning", warn),
      row("Leads", leads),
      row("Main branch", branch),
      h("div", { class: "setting" }, h("span", { class: "label" }, "Sync"), h("div", { class: "setting-value" }, h("label", { class: "tick-row" }, sync, h("span", {}, "Before a checkout, and after finished work")), this.syncHelp)),
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

  /** Show what holds now; what somebody has typed and not saved stays. @param {Claims} own */
  take(own) {
    this.own = own;
    this.decides.replaceChildren(...worded(own.arbiter ? `\`${own.arbiter}\`` : "Nobody yet."));
    this.why.replaceChildren(...worded(reason(own)));
    for (const { name, control, help } of this.lines) {
      const fresh = written(own[name]);
      if (this.was.get(name) === undefined || shown(control) === this.was.get(name)) put(control, fresh);
      this.was.set(name, fresh);
      const decider = own.fixed_by[name];
      control.disabled = Boolean(decider);
      const text = decider ? `Decided by \`${decider}\`: change it there.` : help;
      if (name === "auto_sync") this.syncHelp.replaceChildren(...worded(text));
      else explain(control, text);
    }
  }

  /** @returns {boolean} whether every number is one; says beside its box what is not */
  #isSound() {
    const odd = this.lines.find(({ control }) => control.validity.badInput);
    if (odd) fault(odd.control, "A number, for example 24.");
    return !odd;
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
    const line = this.lines.find(({ name }) => message.includes(`\`${name}\``));
    if (line) fault(line.control, `${message.replace(`\`${line.name}\`: `, "").replace(`\`${line.name}\``, "This")} ${line.isNumber ? "" : hint}`.trim());
    return Boolean(line);
  }

  /** @returns {Record<string, unknown>} what differs from what the server last told */
  #given() {
    const changed = this.lines.filter(({ name, control }) => !control.disabled && shown(control) !== written(this.own[name]));
    return Object.fromEntries(changed.map((line) => [line.name, valueOf(line)]));
  }
}

/** @param {number} min @param {number} max @param {number | string} step @returns {HTMLInputElement} */
function number(min, max, step) {
  return box({ type: "number", min, max, step, inputmode: "decimal" });
}

/** @param {string} placeholder @returns {HTMLInputElement} */
function word(placeholder) {
  return box({ placeholder, maxlength: 2000, autocapitalize: "none", spellcheck: "false" });
}

/** @param {Claims[Name]} value @returns {string} as its control shows it */
function written(value) {
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

/** @param {HTMLInputElement} control @returns {string} */
function shown(control) {
  return control.type === "checkbox" ? String(control.checked) : control.value.trim();
}

/** @param {HTMLInputElement} control @param {string} text */
function put(control, text) {
  if (control.type === "checkbox") control.checked = text === "true";
  else control.value = text;
}

/** @param {Line} line @returns {unknown} what the server takes; null for the default */
function valueOf({ name, control, isNumber }) {
  if (name === "auto_sync") return control.checked;
  const text = control.value.trim();
  if (name === "leads") return text ? text.split(",").map((one) => one.trim()).filter(Boolean) : null;
  return isNumber && text ? Number(text) : text || null;
}

/** @param {Claims} own @returns {string} where it is said who decides, and what that means */
function reason({ arbiter, fixed_by, is_demo }) {
  if (is_demo) return "The demo is a team of one machine.";
  if (!arbiter) return "`pan init` chooses who does, and writes it where the team shares it.";
  const there = fixed_by.arbiter ? `\`${fixed_by.arbiter}\`` : "`config.toml`";
  if (arbiter === "store:local") return `Claims hold on this machine alone, as ${there} says.`;
  return `As ${there} says. The whole team must name the same: change it there, together.`;
}
