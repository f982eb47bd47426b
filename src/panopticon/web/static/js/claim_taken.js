/** Say that somebody else holds what was asked for: who, since when, until when, and what is free instead. */

import { heldLease, isMe } from "./claim.js";
import { h } from "./dom.js";
import { items } from "./items.js";
import { moment, now } from "./time.js";
import { toast } from "./toast.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {{ref: string, title: string, complexity: string, why: string}} Instead */

/**
 * @param {Pick<Card, "ref" | "key" | "source">} card
 * @param {any} error as the server refused
 * @param {(ref: string) => void} take checks another one out
 */
export function tellTaken({ ref, key, source }, { body, message, hint }, take) {
  const { holder, locked_at, expires_at } = body;
  /** @type {Instead[]} */
  const free = body.alternatives ?? [];
  // No ticking time: an alert is read out again whenever a word of it changes.
  const time = expires_at && h("p", { class: "small-note" }, locked_at ? `Since ${moment(locked_at)}, until ${moment(expires_at)}.` : `Until ${moment(expires_at)}.`);
  const putAway = toast(`${key} is held by ${nameOfPerson(holder)}.`, {
    isTrouble: true,
    about: ref,
    hint: free.length || time ? "" : `${message} ${hint ?? ""}`,
    content: (gone) => [
      body.by_hand && h("p", { class: "small-note" }, "Locked by hand in the tracker: ask them, or clear the lock there."),
      time,
      free.length > 0 && h("p", { class: "instead-head" }, "Free instead"),
      free.length > 0 && h("ul", { class: "instead", role: "list" }, ...free.map((one) => h("li", {}, offer(one, () => (gone(), take(refOf(one.ref, source))))))),
    ],
  });
  whenSettled(ref, free.map((one) => refOf(one.ref, source)), Date.parse(expires_at ?? ""), putAway);
}

/**
 * Do something once a story is free again or one's own, or one holds what was offered instead.
 * @param {string} ref
 * @param {string[]} instead
 * @param {number} end of the claim that was in the way, NaN where it has none
 * @param {() => void} then
 */
function whenSettled(ref, instead, end, then) {
  let wasHeld = false; // the page may hear of that claim only after the refusal
  const isOwn = (/** @type {string} */ one) => {
    const lease = heldLease(items.told.get(one) ?? { lease: null });
    return lease !== null && isMe(lease.holder.id);
  };
  const meant = [ref, ...instead];
  const before = new Set(meant.filter(isOwn)); // as it was when the page did not know better
  const look = () => {
    const card = items.told.get(ref);
    const isHeld = card !== undefined && heldLease(card) !== null;
    const isFree = (wasHeld && !isHeld) || now() > end;
    wasHeld ||= isHeld;
    if (!isFree && !meant.some((one) => isOwn(one) && !before.has(one))) return;
    items.removeEventListener("change", look);
    then();
  };
  items.addEventListener("change", look);
  look();
}

/** @param {any} error as the server refused @returns {string} why, by the name that the board shows */
export function whyNot({ body, message }) {
  return body?.error === "locked" && body.holder ? `${nameOfPerson(body.holder)} holds it.` : message;
}

/** @param {Instead} one @param {() => void} onclick @returns {HTMLElement} */
function offer({ ref, title, why }, onclick) {
  return h(
    "button",
    { type: "button", onclick },
    h("span", { class: "spoken" }, "Check out "),
    h("span", { class: "key" }, ref),
    " ",
    h("span", { class: "title", dir: "auto" }, title),
    " ",
    h("span", { class: "why" }, why),
    h("span", { class: "verb", "aria-hidden": "true" }, "Check out"),
  );
}

/** @param {string} key as the server spells it beside the item that was asked for @param {string} source @returns {string} */
function refOf(key, source) {
  return items.told.has(key) ? key : `${source}:${key}`;
}

/** @param {string} id @returns {string} the name of somebody this board knows, else what they are called by */
export function nameOfPerson(id) {
  for (const card of items.told.values()) {
    const lease = heldLease(card);
    for (const person of [lease?.holder, card.assignee]) if (person?.id === id) return person.name;
  }
  return id;
}
