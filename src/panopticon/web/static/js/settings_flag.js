/** The part of a connection that is a choice of yes or no. */

import { h } from "./dom.js";

/** @typedef {import("./settings_types.js").Input} Input */
/** @typedef {import("./settings_connect.js").ConnectForm} ConnectForm */

export class FlagPart {
  /** @param {Input} input @param {ConnectForm} form */
  constructor(input, form) {
    this.input = input;
    const isOn = /** @type {any} */ (form.source ?? {})[input.name] === true;
    this.tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", class: "tick", id: `flag-${input.name}`, checked: isOn }));
    const help = h("p", { class: "help", id: `flag-${input.name}-help` }, input.help);
    this.tick.setAttribute("aria-describedby", help.id);
    this.element = h("div", { class: "setting" }, h("span", {}), h("div", { class: "setting-value" }, h("label", { class: "tick-row" }, this.tick, h("span", {}, input.label)), help));
  }

  focus() {
    this.tick.focus();
  }

  /** @returns {boolean} */
  isSound() {
    return true;
  }

  /** @returns {Record<string, unknown>} */
  given() {
    return { [this.input.name]: this.tick.checked };
  }

  /** @returns {Record<string, unknown>} */
  draft() {
    return { isOn: this.tick.checked };
  }

  /** @param {any} draft */
  resume({ isOn }) {
    this.tick.checked = isOn === true;
  }

  /** @returns {Promise<boolean>} */
  async isReady() {
    return true;
  }

  /** @returns {boolean} */
  blames() {
    return false;
  }

  saved() {}
}
