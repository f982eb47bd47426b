/** The claim on the open item: who holds it, since and until when, who decided, and how to go on with it. */

import { avatar } from "./avatar.js";
import { heldLease, isByHand, isMe } from "./claim.js";
import { actsOn } from "./claim_act.js";
import { copy } from "./clipboard.js";
import { h, icon, isDemo } from "./dom.js";
import { items } from "./items.js";
import { Part } from "./part.js";
import { popover } from "./popover.js";
import { left, moment, tick } from "./time.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Lease} Lease */

/** @returns {Part} */
export function claimPart() {
  const element = h("section", { class: "claim-part", "aria-label": "Claim", hidden: true });
  return new Part(
    element,
    (item) => [heldLease(item), item.key],
    (item) => {
      const lease = heldLease(item);
      element.hidden = !lease;
      queueMicrotask(tick); // the card beside it says the same
      return lease ? [facts(lease), isMe(lease.holder.id) && !isByHand(lease) && goOn(item)] : [];
    },
  );
}

/** @param {Lease} lease @returns {HTMLElement} */
function facts(lease) {
  const { holder, locked_at, expires_at, arbiter, branch } = lease;
  const rest = expires_at && h("time", { datetime: expires_at, "data-shows": "left" }, left(expires_at));
  /** @type {[string, (Node | string | null | false)[]][]} */
  const rows = [
    ["Held by", [h("span", { class: "person" }, avatar({ ...holder, lease }), h("span", { dir: "auto" }, holder.name, rest && " · ", rest))]],
    ["Since", [locked_at && moment(locked_at)]],
    ["Until", [expires_at ? moment(expires_at) : "it is given back"]],
    ["Decided by", arbiter ? decider(arbiter, lease.fence) : ["nobody: set by hand in the tracker"]],
    ["Branch", [branch && h("span", { class: "branch" }, icon("git-branch"), h("code", { dir: "auto" }, branch), copier(branch, "the branch"))]],
  ];
  const shown = rows.filter(([, [value]]) => value);
  return h("dl", { class: "facts" }, ...shown.flatMap(([name, values]) => [h("dt", {}, name), h("dd", {}, ...values)]));
}

/** @param {string} arbiter @param {number | null} fence @returns {Node[]} both by the words of the terminal, and what they mean */
function decider(arbiter, fence) {
  const said = fence === null ? arbiter : `${arbiter} · fence ${fence}`;
  const button = h("button", { type: "button", class: "quiet", "aria-label": "What decides", title: "What decides", "aria-haspopup": "dialog", "aria-expanded": "false", "data-mark": "decides", onclick: () => popover(button, "What decides", () => [meaning]) }, icon("circle-question-mark"));
  const meaning = h(
    "div",
    { class: "decides" },
    h("p", {}, "The arbiter, ", h("code", { dir: "auto" }, arbiter), ", gives a story to one person at a time, also when two ask at once."),
    fence !== null && h("p", {}, "The fence rises each time the story is taken: who still comes with a lower one has lost it, and can push no work on it."),
  );
  return [h("span", { class: "branch" }, h("span", { dir: "auto" }, said), button)];
}

/** The board makes no branch: this does, where one works. @param {Item} item @returns {HTMLElement} */
function goOn({ key }) {
  const command = `pan${isDemo() ? " --demo" : ""} checkout story=${key} resume=true`;
  return h("p", { class: "go-on" }, h("span", {}, "Go on in your working folder:"), h("span", { class: "branch" }, icon("terminal"), h("code", {}, command), copier(command, "the command")));
}

/** @param {string} text @param {string} what @returns {HTMLElement} */
function copier(text, what) {
  return h("button", { type: "button", class: "quiet", "aria-label": `Copy ${what}`, title: `Copy ${what}`, "data-mark": `copy ${what}`, onclick: () => copy(text, "It is on the clipboard.", "Mark the text and copy it.") }, icon("copy"));
}

/** What one can do now about the claim on the open item, for its head. @param {Item} item @returns {HTMLElement[]} */
export function claimButtons(item) {
  if (!items.told.has(item.ref)) return [];
  return actsOn(item).map(({ verb, name, run }) => h("button", { type: "button", class: verb === "checkout" ? "button primary" : "button", "data-mark": verb, onclick: () => run(item.ref) }, name));
}
