/** What a person does about claims: the arbiter decides, the page shows it at once and hears what came of it. */

import { isWritten, write } from "./api.js";
import { heldLease, isMe, reasons } from "./claim.js";
import { askReason } from "./claim_reason.js";
import { tellTaken } from "./claim_taken.js";
import { carryOut, isForLater } from "./doing.js";
import { isUnstarted, items } from "./items.js";
import { moment, now, span } from "./time.js";
import { toast } from "./toast.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./claim.js").Verb} Verb */
/** @typedef {Pick<Card, "ref" | "key" | "source" | "state" | "native_state" | "assignee" | "lease">} Held */
/** @typedef {{reason?: string, isBlockedOk?: boolean, isResume?: boolean}} How resume takes over what one holds in another place */

const HOUR = 3_600_000;
const NOT = { checkout: "not checked out", renew: "not renewed", release: "not given back", steal: "not taken over" };

/** What one can do about a claim, as it is called wherever it is offered. @type {{verb: Verb, name: string, icon: string, key?: string, run: (ref: string) => void}[]} */
export const acts = [
  { verb: "checkout", name: "Check out", icon: "hand", key: "o", run: (ref) => void claim(ref, "checkout") },
  { verb: "renew", name: "Renew", icon: "clock", key: "r", run: (ref) => void claim(ref, "renew") },
  { verb: "release", name: "Give back", icon: "undo-2", key: "b", run: (ref) => void claim(ref, "release") },
  { verb: "steal", name: "Take over …", icon: "user-round", run: (ref) => void takeOver(ref) },
];

/** @param {Pick<Card, "lease" | "state" | "cancelled">} card @returns {typeof acts} what of it makes sense now */
export function actsOn(card) {
  const why = reasons(card);
  return acts.filter(({ verb }) => why[verb] === "");
}

/** Check out, renew or give back. @param {string} ref @param {Verb} verb @param {How} [how] @returns {Promise<boolean>} whether it was done */
export async function claim(ref, verb, how = {}) {
  const card = items.get(ref) ?? unseen(ref);
  const [no] = await carryOut([claiming(card, verb, how)], (many) => `${many} changed`, { isQuiet: true });
  if (no) refused(card, verb, how, no.error);
  return !no;
}

/** Renew several. @param {string[]} refs */
export async function renewAll(refs) {
  await Promise.all(refs.map((ref) => claim(ref, "renew")));
}

/** Ask why, and take over from whoever holds it. @param {string} ref */
export async function takeOver(ref) {
  const card = items.get(ref);
  const lease = card && heldLease(card);
  if (!card || !lease) return;
  const reason = await askReason(card, lease.holder.name);
  if (reason !== null) await claim(ref, "steal", { reason });
}

/** @param {string} ref @returns {Held} a card that this board does not show */
function unseen(ref) {
  const [source, key] = [ref.slice(0, ref.indexOf(":")), ref.slice(ref.indexOf(":") + 1)];
  return { ref, key, source, state: "backlog", native_state: "", assignee: null, lease: null };
}

/** @param {Held} card @param {Verb} verb @param {How} how @returns {import("./doing.js").Change} */
function claiming(card, verb, { reason, isBlockedOk, isResume }) {
  const { ref, key } = card;
  const said = { checkout: `${key} is yours for ${span(items.head.claims.lock_hours * HOUR)}`, renew: `${key} is yours for longer`, release: `${key} is given back`, steal: `${key} is yours now` };
  const back = {
    checkout: (/** @type {any} */ { item }) => undoing(card, item ?? card),
    release: () => claiming(card, "checkout", { isBlockedOk: true }), // one who had it may have it again
    renew: undefined,
    steal: undefined,
  };
  return {
    ref,
    key,
    said: said[verb],
    told: ({ expires_at }) => (verb === "renew" && expires_at ? `${key} is yours until ${moment(expires_at)}` : said[verb]),
    patch: patchOf(card, verb),
    force: "",
    send: () => write("POST", "/api/claim", { ref, verb: isResume ? "resume" : verb, reason, blocked: isBlockedOk }),
    back: back[verb],
  };
}

/** Undo of a checkout: what it wrote besides goes back too. @param {Held} before @param {Held} after @returns {import("./doing.js").Change} */
function undoing(before, after) {
  const change = claiming(after, "release", {});
  const { state, assignee } = before;
  return {
    ...change,
    patch: { ...change.patch, state, assignee },
    send: async (how) => restored(before, after, { ...(await change.send(how)), notes: [] }), // they tell of the state before it is restored
    back: () => claiming(before, "checkout", { isBlockedOk: true }),
  };
}

/** Put state and owner back where nobody else did, or changed them since. @param {Held} before @param {Held} after @param {any} answer */
async function restored(before, after, answer) {
  const { item } = answer;
  /** @type {Record<string, any>[]} */
  const [fields, expected] = [{}, {}];
  if (item && before.native_state && item.native_state === after.native_state && item.native_state !== before.native_state) [fields.native_state, expected.native_state] = [before.native_state, item.native_state];
  if (item && item.assignee?.id === after.assignee?.id && item.assignee?.id !== before.assignee?.id) [fields.assignee, expected.assignee] = [before.assignee?.id ?? null, item.assignee?.id ?? null];
  if (!Object.keys(fields).length) return answer;
  try {
    return { ...answer, item: (await write("PATCH", "/api/item", { ref: before.ref, fields, expected })).item };
  } catch (error) {
    return { ...answer, warnings: [...(answer.warnings ?? []), /** @type {any} */ (error).message] };
  }
}

/** @param {Held} card @param {Verb} verb @returns {Partial<Card>} how it will look if the arbiter agrees */
function patchOf({ state, lease }, verb) {
  const { me, claims } = items.head;
  if (verb === "release") return { lease: null };
  if (!me) return {};
  const expires_at = new Date(now() + claims.lock_hours * HOUR).toISOString();
  if (verb === "renew" && lease) return { lease: { ...lease, expires_at } };
  const begun = verb === "checkout" && isUnstarted({ state });
  const taken = { holder: me, locked_at: new Date(now()).toISOString(), expires_at, branch: lease?.branch ?? null, fence: null, arbiter: claims.arbiter };
  return begun ? { lease: taken, state: "in_progress" } : { lease: taken };
}

/** Say what the arbiter said, and offer what can be done about it. @param {Held} card @param {Verb} verb @param {How} how @param {any} error */
function refused(card, verb, how, error) {
  const { ref, key } = card;
  const { error: word, reason, holder: by } = error.body ?? {};
  const holder = word === "locked" && reason !== "not-lead" ? String(by) : "";
  const again = (/** @type {string} */ name, /** @type {How} */ other) => ({ name, run: () => void claim(ref, verb, { ...how, ...other }) });
  if (holder && !isMe(holder)) return tellTaken(card, error, (other) => void claim(other, "checkout"));
  const why = holder ? "you hold it in another place." : error.message;
  const what = `${key} ${isWritten(error) === "no" ? `was ${NOT[verb]}` : "may not have been changed"}: ${why}`;
  if (holder) return void toast(what, { isTrouble: true, about: ref, next: { name: verb === "release" ? "Give back from here" : "Hold it here instead", run: () => void fromHere(ref, verb) } });
  if (word === "blocked") return void toast(what, { isTrouble: true, about: ref, next: again("Check out anyway", { isBlockedOk: true }) });
  toast(what, { isTrouble: true, about: ref, hint: error.hint, next: isForLater(error) ? again("Try again", {}) : undefined });
}

/** What one holds in another place is taken over here; then what was wanted is done. @param {string} ref @param {Verb} verb */
async function fromHere(ref, verb) {
  const isHere = await claim(ref, "checkout", { isResume: true, isBlockedOk: true });
  if (isHere && verb === "release") await claim(ref, "release");
}

