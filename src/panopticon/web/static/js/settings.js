/** The settings: trackers, the board, claims, how it looks here, saved views, and the door for scripts. */

import { ask } from "./api.js";
import { addressOf, go, here, onPlace } from "./address.js";
import { h, icon, isDemo } from "./dom.js";
import { refused, section } from "./form_row.js";
import { BoardForm } from "./settings_board.js";
import { ClaimsForm } from "./settings_claims.js";
import { Polling } from "./settings_polling.js";
import { Trackers } from "./settings_trackers.js";
import { Views } from "./settings_views.js";
import { themeChoice } from "./theme.js";

export class SettingsPage {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.trouble = h("div", { class: "said" });
    this.element = h("div", { class: "settings" }, h("p", { class: "none" }, "Loading …"));
    /** @type {{take: (own: any) => void}[]} the parts, once they are drawn */
    this.parts = [];
    this.isAway = true;
    onPlace(() => here().page !== "settings" && (this.isAway = true));
    document.addEventListener("visibilitychange", () => !document.hidden && !this.isAway && this.#load());
  }

  /** Show the page, fresh when it is entered; what somebody is typing in it is never drawn anew. */
  show() {
    if (this.place.firstElementChild !== this.element) this.place.replaceChildren(this.element);
    if (!this.isAway) return;
    this.isAway = false;
    this.#load();
  }

  async #load() {
    try {
      const [own, { views }] = await Promise.all([ask("/api/settings"), ask("/api/views")]);
      this.trouble.replaceChildren();
      if (!this.parts.length) this.#draw(own);
      for (const part of this.parts) part.take({ ...own, views });
    } catch (error) {
      refused(this.trouble, error);
      this.trouble.append(h("p", { class: "acts" }, h("button", { type: "button", class: "button", onclick: () => this.#load() }, icon("refresh-cw"), "Try again")));
      if (!this.parts.length) this.element.replaceChildren(this.trouble);
    }
  }

  /** @param {any} own */
  #draw(own) {
    const changed = () => this.#load();
    const trackers = new Trackers(own, changed);
    const board = new BoardForm(own, changed);
    const claims = new ClaimsForm(own, changed);
    const views = new Views(changed);
    const polling = new Polling();
    trackers.element.append(polling.element);
    this.parts = [trackers, board, claims, views, polling];
    this.element.replaceChildren(this.trouble, trackers.element, board.element, claims.element, section("look", "Look", "For this browser only.", themeChoice()), views.element, scripts());
    if (location.hash && !location.hash.startsWith("#connect")) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }
}

/** @returns {HTMLElement} */
function scripts() {
  const health = addressOf({ ...here(), page: "health", item: "" });
  const toHealth = (/** @type {Event} */ event) => {
    event.preventDefault();
    go({ page: "health", item: "" });
  };
  return section(
    "scripts",
    "Scripts and health",
    `Everything that this page does can be asked for over HTTP; \`${isDemo() ? "pan --demo token" : "pan token"}\` prints the word that lets a script in.`,
    h("p", { class: "acts" }, h("a", { class: "button", href: "/api/docs" }, icon("book-open"), "The API"), h("a", { class: "button", href: health, onclick: toHealth }, icon("heart-pulse"), "Health")),
  );
}
