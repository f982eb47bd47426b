/** The claim on the open item: who holds it, since and until when, who decided, and how to go on with it. */

import { avatar } from "./avatar.js";
import { heldLease, isByHand, isMe, isNearEnd, reasons } from "./claim.js";
import { claim, takeOver } from "./claim_act.js";
import { copy } from "./clipboard.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";
import { Part } from "./part.js";
import { left, moment } from "./time.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Lease} Lease */

/** @returns {Part} */
export function claimPart() {
  const element = h("section", { class: "claim-part", "aria-label": "Claim", hidden: true });
  return new Part(
    element,
    (item) => [heldLease(item), item.key, Boolean(item.lease?.expires_at && isNearEnd(Date.parse(item.lease.expires_at)))],
    (item) => {
      const lease = heldLease(item);
      element.hidden = !lease;
      return lease ? [facts(lease), isMe(lease.holder.id) && !isByHand(lease) && goOn(item)] : [];
    },
  );
}

/** @param {Lease} lease @returns {HTMLElement} */
function facts(lease) {
  const { holder, locked_at, expires_at, fence, arbiter, branch } = lease;
  const isSoon = expires_at !== null && isMe(holder.id) && isNearEnd(Date.parse(expires_at));
  const rest = expires_at && h("time", { datetime: expires_at, "data-shows": "left", class: isSoon ? "ends-soon" : null }, left(expires_at));
  /** @type {[string, (Node | string | null | false)[]][]} */
  const rows = [
    ["Held by", [h("span", { class: "person" }, avatar({ ...holder, lease }), h("span", { dir: "auto" }, holder.name, rest && " · ", rest))]],
    ["Since", [locked_at && moment(locked_at)]],
    ["Until", [expires_at ? moment(expires_at) : "it is given back"]],
    ["Decided by", [arbiter ? h("span", { dir: "auto" }, arbiter, fence !== null && ` · fence ${fence}`) : "nobody: set by hand in the tracker"]],
    ["Branch", [branch && h("span", { class: "branch" }, icon("git-branch"), h("code", { dir: "auto" }, branch), copier(branch, "the branch"))]],
  ];
  const shown = rows.filter(([, [value]]) => value);
  return h("dl", { class: "facts" }, ...shown.flatMap(([name, values]) => [h("dt", {}, name), h("dd", {}, ...values)]));
}

/** The board makes no branch: this does, where one works. @param {Item} item @returns {HTMLElement} */
function goOn({ key }) {
  const command = `pan checkout story=${key} resume=true`;
  return h("p", { class: "go-on" }, h("span", {}, "Go on in your working folder:"), h("span", { class: "branch" }, icon("terminal"), h("code", {}, command), copier(command, "the command")));
}

/** @param {string} text @param {string} what @returns {HTMLElement} */
function copier(text, what) {
  return h("button", { type: "button", class: "quiet", "aria-label": `Copy ${what}`, title: `Copy ${what}`, "data-mark": `copy ${what}`, onclick: () => copy(text, "It is on the clipboard.", "Mark the text and copy it.") }, icon("copy"));
}

/** What one can do now about the claim on the open item, for its head. @param {Item} item @returns {HTMLElement[]} */
export function claimButtons(item) {
  if (!items.told.has(item.ref)) return [];
  const why = reasons(item);
  const button = (/** @type {string} */ name, /** @type {string} */ mark, /** @type {() => void} */ onclick, isPrimary = false) =>
    h("button", { type: "button", class: isPrimary ? "button primary" : "button", "data-mark": mark, onclick }, name);
  const { ref } = item;
  return [
    why.checkout === "" && button("Check out", "checkout", () => void claim(ref, "checkout"), true),
    why.renew === "" && button("Renew", "renew", () => void claim(ref, "renew")),
    why.release === "" && button("Give back", "release", () => void claim(ref, "release")),
    why.steal === "" && button("Take over …", "steal", () => void takeOver(ref)),
  ].filter((one) => one !== false);
}
