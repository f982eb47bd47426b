/** How this machine and its trackers are: `pan doctor` as a page. */

import { ask } from "./api.js";
import { h, icon, worded } from "./dom.js";
import { busily } from "./form_row.js";

/** @typedef {{check: string, state: "ok" | "warning" | "broken", message: string, hint: string}} Finding */

const GROUPS = /** @type {const} */ ([
  ["broken", "Broken", "circle-x"],
  ["warning", "Worth a look", "triangle-alert"],
  ["ok", "Fine", "circle-check"],
]);

export class HealthPage {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.again = h("button", { type: "button", class: "button" }, icon("refresh-cw"), "Look again");
    this.again.addEventListener("click", () => this.#load());
    this.said = h("div", { class: "said" });
    this.found = h("div", { class: "found" });
    this.when = h("span", { class: "help", role: "status" });
    this.element = h("div", { class: "settings health" }, h("div", { class: "acts" }, this.again, this.when), this.said, this.found);
  }

  /** Show the page, and look around when it is entered. */
  show() {
    if (this.place.firstElementChild === this.element) return;
    this.place.replaceChildren(this.element);
    this.#load();
  }

  #load() {
    this.when.textContent = "Every tracker is being asked …";
    return busily(this.again, this.said, async () => {
      const { findings } = await ask("/api/doctor");
      this.said.replaceChildren();
      this.#draw(findings);
      const broken = findings.filter((/** @type {Finding} */ { state }) => state === "broken").length;
      this.when.textContent = `${broken ? `${broken} broken` : "Nothing is broken"}; looked at ${new Date().toLocaleTimeString()}.`;
    });
  }

  /** @param {Finding[]} findings */
  #draw(findings) {
    const groups = GROUPS.map(([state, title, sign]) => ({ state, title, sign, rows: findings.filter((finding) => finding.state === state) })).filter(({ rows }) => rows.length);
    this.found.replaceChildren(
      ...groups.map(({ state, title, sign, rows }) =>
        h("section", { class: `settings-part ${state}`, "aria-label": title }, h("h2", {}, icon(sign), title, h("span", { class: "count" }, String(rows.length))), h("ul", { class: "findings", role: "list" }, ...rows.map(finding))),
      ),
    );
  }
}

/** @param {Finding} found @returns {HTMLElement} */
function finding({ check, message, hint }) {
  return h("li", {}, h("span", { class: "check" }, check), h("div", {}, h("p", { dir: "auto" }, ...worded(message)), hint && h("p", { class: "help" }, ...worded(hint))));
}
