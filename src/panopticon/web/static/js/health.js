/** How this machine and its trackers are: `pan doctor` as a page. */

import { here, onPlace } from "./address.js";
import { h, icon, worded } from "./dom.js";
import { busily, send } from "./waiting.js";

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
    this.isAway = true;
    this.again = h("button", { type: "button", class: "button", onclick: () => this.#look() }, icon("refresh-cw"), "Look again");
    this.said = h("div", { class: "said" });
    this.found = h("div", { class: "found" });
    this.when = h("span", { class: "help", role: "status" });
    this.element = h("div", { class: "settings health" }, h("div", { class: "acts" }, this.again, this.when), this.said, this.found);
    onPlace(() => here().page !== "health" && (this.isAway = true));
  }

  /** Show the page, and look around when it is entered. */
  show() {
    if (this.place.firstElementChild !== this.element) this.place.replaceChildren(this.element);
    if (!this.isAway) return;
    this.isAway = false;
    this.#look();
  }

  #look() {
    return busily(this.again, this.said, async (signal) => {
      this.when.textContent = "Every tracker is being asked.";
      try {
        const { findings } = await send("GET", "/api/doctor", undefined, signal);
        this.said.replaceChildren();
        this.#draw(findings);
        this.when.textContent = summary(findings);
      } catch (error) {
        this.when.textContent = this.found.childElementCount ? "What stands below is from before." : "";
        throw error;
      }
    }, "Stopped waiting.");
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

/** @param {Finding[]} findings @returns {string} */
function summary(findings) {
  const count = (/** @type {string} */ how) => findings.filter(({ state }) => state === how).length;
  const [broken, warnings] = [count("broken"), count("warning")];
  const words = [broken > 0 && `${broken} broken`, warnings > 0 && `${warnings} worth a look`].filter(Boolean).join(", ") || "Everything is fine";
  const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return `${words}. Looked at ${time}.`;
}

/** @param {Finding} found @returns {HTMLElement} */
function finding({ check, message, hint }) {
  return h("li", {}, h("span", { class: "check", dir: "auto" }, check), h("div", {}, h("p", { dir: "auto" }, ...worded(message)), hint && h("p", { class: "help", dir: "auto" }, ...worded(hint))));
}
