/** What the page knows of claims: who holds a card until when, and what one may do about it. */

import { isUnstarted, items } from "./items.js";
import { now } from "./time.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").Lease} Lease */
/** @typedef {"checkout" | "renew" | "release" | "steal"} Verb */

const MINUTE = 60_000;
const BY_HAND = "It was locked by hand in the tracker: check it out first.";
const NOBODY_DECIDES = "Nobody decides claims here yet: `pan init` chooses who does.";

/** @param {Pick<Card, "lease">} card @param {number} [at] @returns {Lease | null} a claim that has not ended */
export function heldLease({ lease }, at = now()) {
  return lease && (lease.expires_at === null || Date.parse(lease.expires_at) > at) ? lease : null;
}

/** @param {string} id @returns {boolean} */
export function isMe(id) {
  const me = items.head.me?.id.toLowerCase();
  return me !== undefined && id.toLowerCase() === me;
}

/** @param {Lease} lease @returns {boolean} whether it was written in the tracker, and no arbiter knows of it */
export function isByHand({ arbiter }) {
  return !arbiter;
}

/** @returns {boolean} whether somebody decides claims here */
export function hasArbiter() {
  return items.head.claims.arbiter !== null;
}

/** @param {number} end @param {number} [at] @returns {boolean} whether a claim is about to end */
export function isNearEnd(end, at = now()) {
  return end - at < items.head.claims.warn_minutes * MINUTE;
}

/**
 * Say of each thing one can do about a claim why it makes no sense now; "" where it does.
 * @param {Pick<Card, "lease" | "state" | "cancelled">} card
 * @returns {Record<Verb, string>}
 */
export function reasons(card) {
  const lease = heldLease(card);
  if (!hasArbiter()) return { checkout: NOBODY_DECIDES, renew: NOBODY_DECIDES, release: NOBODY_DECIDES, steal: NOBODY_DECIDES };
  if (lease && isMe(lease.holder.id) && isByHand(lease)) return { checkout: "", renew: BY_HAND, release: BY_HAND, steal: "You hold it already." };
  if (lease && isMe(lease.holder.id)) return { checkout: "You hold it already.", renew: "", release: "", steal: "You hold it already." };
  if (lease) return { checkout: `${lease.holder.name} holds it.`, renew: "It is not yours.", release: "It is not yours.", steal: "" };
  const over = card.cancelled ? "It is cancelled." : card.state === "done" ? "It is done." : "";
  return { checkout: over, renew: "Nobody holds it.", release: "Nobody holds it.", steal: "Nobody holds it." };
}

/** @param {Card} card @returns {boolean} whether its own button offers it: nobody else's, and nothing in its way */
export function isFree(card) {
  const isOpen = !card.assignee || isMe(card.assignee.id);
  return isOpen && !card.blocked && isUnstarted(card) && reasons(card).checkout === "";
}
