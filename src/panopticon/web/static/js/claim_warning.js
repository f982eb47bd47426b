/** Say before a claim of one's own ends: once for each claim, with the way to hold it longer. */

import { go } from "./address.js";
import { heldLease, isByHand, isMe, isNearEnd } from "./claim.js";
import { claim, renewAll } from "./claim_act.js";
import { items } from "./items.js";
import { clock } from "./time.js";
import { toast } from "./toast.js";

/** @typedef {import("./types.js").Card} Card */

const KEPT = "claims-warned"; // of this tab: a page that is read again does not say it twice
/** @type {{refs: string[], putAway: () => void}} */
const shown = { refs: [], putAway: () => {} };

/** Which claims were one's own when the page last looked. @type {Set<string>} */
let own = new Set();

/** Look whether one of one's own claims is about to end, or has gone to somebody else. */
export function warn() {
  const mine = [];
  for (const card of items.told.values()) if (card.lease && isMe(card.lease.holder.id) && heldLease(card)) mine.push(card);
  warnOfEnd(mine.filter(isDue));
  const before = own;
  own = new Set(mine.map(({ ref }) => ref));
  for (const ref of before) {
    const card = items.told.get(ref);
    const lease = card && heldLease(card);
    if (lease && !own.has(ref)) tellLost(card, lease.holder.name);
  }
}

/** @param {Card} card @param {string} by */
function tellLost({ ref, key }, by) {
  const run = () => go({ page: "board", item: ref, tab: "history" });
  toast(`${by} took ${key} over: it is no longer yours.`, { isWarning: true, about: ref, next: { name: "See why", run } });
}

/** @param {Card[]} due */
function warnOfEnd(due) {
  const told = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  const open = shown.refs.filter((ref) => due.some((card) => card.ref === ref));
  const fresh = due.filter((card) => !told.has(nameOf(card)));
  if (!fresh.length && open.length === shown.refs.length) return;
  shown.putAway();
  const meant = due.filter((card) => open.includes(card.ref) || fresh.includes(card));
  shown.refs = meant.map(({ ref }) => ref);
  if (meant.length) shown.putAway = tell(meant);
  sessionStorage.setItem(KEPT, JSON.stringify(due.map(nameOf).filter((name) => told.has(name) || fresh.some((card) => nameOf(card) === name))));
}

/** @param {Card} card of one's own @returns {boolean} */
function isDue({ lease }) {
  return Boolean(lease?.expires_at && !isByHand(lease) && isNearEnd(Date.parse(lease.expires_at)));
}

/** @param {Card} card @returns {string} this claim until this end: one that was renewed is another */
function nameOf({ ref, lease }) {
  return `${ref} ${lease?.expires_at}`;
}

/** @param {Card[]} cards @returns {() => void} */
function tell(cards) {
  const refs = cards.map(({ ref }) => ref);
  const ends = (/** @type {Card} */ { lease }) => `at ${clock(/** @type {string} */ (lease?.expires_at))}`; // stays true while it is read
  const [only] = cards;
  const name = cards.length === 1 ? "Renew" : "Renew all";
  const run = () => void (cards.length === 1 ? claim(only.ref, "renew") : renewAll(refs));
  const text = cards.length === 1 ? `Your claim on ${only.key} ends soon, ${ends(only)}.` : `${cards.length} of your claims end soon.`;
  const details = cards.length === 1 ? [] : cards.map((card) => `${card.key} ${card.title}: ${ends(card)}`);
  return toast(text, { isWarning: true, next: { name, run }, details });
}
