/** The settings: trackers, the board, how it looks here, saved views, and the door for scripts. */

import { ask, write } from "./api.js";
import { addressOf, go, here } from "./address.js";
import { h, icon } from "./dom.js";
import { busily, refused, section } from "./form_row.js";
import { boardForm } from "./settings_board.js";
import { ConnectForm } from "./settings_connect.js";
import { trackerCard } from "./settings_tracker.js";
import { themeChoice } from "./theme.js";
import { toast } from "./toast.js";

export class SettingsPage {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.element = h("div", { class: "settings" });
  }

  /** Show the page; what somebody is typing in it is never drawn anew. */
  show() {
    if (this.place.firstElementChild === this.element) return;
    this.place.replaceChildren(this.element);
    this.element.replaceChildren(h("p", { class: "none" }, "Loading …"));
    this.#load();
  }

  async #load() {
    try {
      const [own, { views }] = await Promise.all([ask("/api/settings"), ask("/api/views")]);
      this.element.replaceChildren(this.#trackers(own), this.#board(own), this.#look(), this.#views(views), this.#scripts());
      if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    } catch (error) {
      refused(this.element, error);
    }
  }

  /** @param {any} own @returns {HTMLElement} */
  #trackers(own) {
    const lead = own.is_demo ? "The demo sets itself up: `pan init`, or `pan up` without `--demo`, connects your own." : "What stands in the trackers stays there; keys are kept in a file that only you can read.";
    const place = h("div", { class: "said" });
    const changed = (/** @type {string} */ word) => (toast(word), this.#load());
    const cards = own.sources.map((/** @type {any} */ source) => trackerCard(source, own.types, { changed: () => changed(`${source.name}: saved. The board follows.`) }));
    const add = h("button", { type: "button", class: own.sources.length ? "button" : "button primary" }, icon("plus"), "Connect a tracker");
    add.addEventListener("click", () => {
      add.hidden = true;
      const closed = () => {
        place.replaceChildren();
        add.hidden = false;
        add.focus();
      };
      const form = new ConnectForm(own.types, null, { saved: (name) => changed(`${name} is connected. Its items appear as they come.`), closed });
      place.replaceChildren(form.element);
      form.type.focus();
    });
    const none = own.sources.length === 0 && h("p", { class: "none" }, "No tracker is connected yet.");
    return section("trackers", "Trackers", lead, none, ...cards, place, !own.is_demo && add);
  }

  /** @param {any} own @returns {HTMLElement} */
  #board(own) {
    return section("board-settings", "Board", `Kept in \`${own.files[0] ?? "config.toml"}\`, for every browser of this machine.`, boardForm(own, () => this.#load()));
  }

  #look() {
    return section("look", "Look", "For this browser only.", themeChoice());
  }

  /** @param {{name: string, query: string}[]} views @returns {HTMLElement} */
  #views(views) {
    const said = h("div", { class: "said" });
    const line = (/** @type {{name: string, query: string}} */ { name, query }) => {
      const remove = h("button", { type: "button", class: "quiet", "aria-label": `Remove the view ${name}`, title: "Remove" }, icon("trash-2"));
      remove.addEventListener("click", () => busily(remove, said, () => write("DELETE", `/api/views/${encodeURIComponent(name)}`).then(() => this.#load())));
      return h("li", {}, h("a", { href: `/?${query}` }, name), h("code", { class: "help" }, query), remove);
    };
    const list = views.length ? h("ul", { class: "views", role: "list" }, ...views.map(line)) : h("p", { class: "help" }, "None yet: filter the board, then save it under Views.");
    return section("views", "Saved views", "", list, said);
  }

  #scripts() {
    const health = addressOf({ ...here(), page: "health", item: "" });
    const toHealth = (/** @type {Event} */ event) => {
      event.preventDefault();
      go({ page: "health", item: "" });
    };
    return section(
      "scripts",
      "Scripts and health",
      "Everything that this page does can be asked for over HTTP; `pan token` prints the word that lets a script in.",
      h("p", { class: "acts" }, h("a", { class: "button", href: "/api/docs" }, icon("book-open"), "The API"), h("a", { class: "button", href: health, onclick: toHealth }, icon("heart-pulse"), "Health")),
    );
  }
}
