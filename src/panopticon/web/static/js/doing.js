/**
 * How what a person does to cards is carried out: shown at once, written in its turn, rolled back with
 * the tracker's reason, and remembered with its way back.
 */

import { isWritten } from "./api.js";
import { whyNot } from "./claim_taken.js";
import { items } from "./items.js";
import { selection } from "./selection.js";
import { toast } from "./toast.js";
import { forget } from "./words.js";

/** @typedef {import("./types.js").Card} Card */
/**
 * One write to one item: how its card looks meanwhile, and what undoes it given the server's answer.
 * `send` leaves out what it expects when it is `isForced`; `isLater` says that an own write came between.
 *
 * @typedef {{ref: string, key: string, said: string, patch: Partial<Card>, force: string,
 *   send: (how: {isForced: boolean, isLater: boolean}) => Promise<any>, back?: (answer: any) => Change,
 *   isMet?: (current: any) => boolean, note?: string, told?: (answer: any) => string, next?: (answer: any) => {name: string, run: () => void} | null}} Change
 *   `said` is how it is told when it is made, `told` the same once the answer is there, and `next` what may be offered then; without `back` there is no undo; `force` names writing it all the same, "" where nobody would want that; `note` what speaks against it; `isMet` says of what the server found instead whether it is just what was wanted
 * @typedef {{isForced?: boolean, isUndo?: boolean, isQuiet?: boolean}} How
 *   quiet leaves it to the caller to say what was refused
 * @typedef {{change: Change, answer: any}} Made
 * @typedef {{change: Change, error: any}} Refused
 * @typedef {{said: string, changes: Change[], putAway?: () => void}} Done
 */

const AT_ONCE = 3; // connections a browser gives one host, less those the page itself needs
const MOST_UNDONE = 50;
const MOST_NAMED = 5;
const CONFLICT = 409;
const LATER = new Set([0, 429, 502, 503, 504]); // nobody refused: nobody was there

/** @type {Done[]} */
const done = [];
/** @type {Set<Promise<unknown>>} */
const running = new Set();
/** @type {Map<string, Promise<unknown>>} */
const turns = new Map();

/** How far the writes of one action have come; `work` tells when it changes. */
class Work extends EventTarget {
  total = 0;
  made = 0;
  isStopped = false;

  /** @param {number} more */
  begin(more) {
    this.total += more;
    this.dispatchEvent(new Event("change"));
  }

  step() {
    this.made += 1;
    if (this.made >= this.total) {
      this.made = this.total = 0;
      this.isStopped = false;
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Leave the rest as it is; what is being written is written. */
  stop() {
    this.isStopped = this.total > 0;
  }
}

export const work = new Work();

/**
 * Carry out changes, a few at a time; what was made can be undone together, what was refused is said.
 * @param {Change[]} changes
 * @param {(many: string) => string} saying what to say of several
 * @param {How} [how]
 * @returns {Promise<Refused[]>}
 */
export function carryOut(changes, saying, how = {}) {
  const action = perform(changes, saying, how);
  running.add(action);
  return action.finally(() => running.delete(action));
}

/** @param {Change[]} changes @param {(many: string) => string} saying @param {How} how @returns {Promise<Refused[]>} */
async function perform(changes, saying, { isForced = false, isUndo = false, isQuiet = false }) {
  /** @type {Made[]} */
  const made = [];
  /** @type {Refused[]} */
  const refused = [];
  /** @type {Change[]} */
  const left = [];
  const queue = changes.map((change) => ({ change, settle: items.hurry(change.ref, change.patch) }));
  work.begin(queue.length);
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { change, settle } = next;
      try {
        if (work.isStopped) left.push(change);
        else made.push({ change, answer: await written(change, isForced) });
      } catch (error) {
        refused.push({ change, error });
      } finally {
        settle();
        work.step();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (left.length && isUndo) done.push({ said: saying(`${left.length} items`), changes: left });
  refused.sort((a, b) => changes.indexOf(a.change) - changes.indexOf(b.change));
  const met = refused.filter(({ change, error }) => error.status === CONFLICT && change.isMet?.(error.body.current));
  const also = met.map(({ change, error }) => `${change.key}: ${error.message}`);
  if (left.length) also.push(`Stopped. Not written: ${left.length} of ${changes.length}.`);
  if (made.length) tellMade(made, also, saying, isUndo);
  else if (also.length) toast(also[0], { details: shortened(also.slice(1)), about: met[0]?.change.ref });
  const rest = refused.filter((one) => !met.includes(one));
  if (rest.length && !isQuiet) tellRefused(rest, saying, isUndo);
  return rest;
}

/**
 * Write one change when the writes before it to the same card are through, and take the server's card.
 * @param {Change} change
 * @param {boolean} isForced
 * @returns {Promise<any>}
 */
async function written({ ref, send }, isForced) {
  const before = turns.get(ref);
  const turn = (before ?? Promise.resolve()).then(() => send({ isForced, isLater: before !== undefined }));
  const over = turn.catch(() => {});
  turns.set(ref, over);
  try {
    const answer = await turn;
    show(ref, answer.item);
    return answer;
  } catch (error) {
    show(ref, /** @type {any} */ (error).body?.item);
    if (!isForLater(error)) forget();
    throw error;
  } finally {
    if (turns.get(ref) === over) turns.delete(ref);
  }
}

/** @param {any} error @returns {boolean} whether the same may work later */
export function isForLater(error) {
  return LATER.has(error.status) && isWritten(error) !== "partly";
}

/** Show a card as the server tells it now; epics and steps have none. @param {string} ref @param {Card | undefined} card */
function show(ref, card) {
  if (card && items.told.has(ref)) items.put(card);
}

/**
 * Say what was done, with the way back and what there is to say besides.
 * @param {Made[]} made
 * @param {string[]} also
 * @param {(many: string) => string} saying
 * @param {boolean} isUndo
 */
function tellMade(made, also, saying, isUndo) {
  const [{ change }] = made;
  const isOne = made.length === 1;
  const said = isOne ? (change.told?.(made[0].answer) ?? change.said) : saying(`${made.length} items`);
  const about = isOne ? change.ref : undefined;
  const lines = [...also, ...made.flatMap(({ answer }) => [...(answer?.notes ?? []), ...(answer?.warnings ?? [])])];
  const undone = made.flatMap((one) => one.change.back?.(one.answer) ?? []);
  if (isUndo || !undone.length) return void toast(isOne || !isUndo ? `${said}.` : `Undone: ${said}.`, { about, details: shortened(lines) });
  const notes = isOne ? [] : made.flatMap((one) => (one.change.note ? `${one.change.key}: ${one.change.note}` : []));
  /** @type {Done} */
  const entry = { said, changes: undone };
  done.push(entry);
  if (done.length > MOST_UNDONE) done.shift();
  const next = (isOne && change.next?.(made[0].answer)) || undefined;
  entry.putAway = toast(isOne && change.note ? `${said}, though ${change.note}` : said, { undo: () => undoOne(entry), next, about, details: shortened([...notes, ...lines]) });
}

/** @param {string[]} lines @returns {string[]} the first of them, and how many more there are */
function shortened(lines) {
  const rest = lines.length - MOST_NAMED;
  return rest > 0 ? [...lines.slice(0, MOST_NAMED), `and ${rest} more`] : lines;
}

/**
 * Say what was not done and why, and offer what can be done about it.
 * @param {Refused[]} refused
 * @param {(many: string) => string} saying
 * @param {boolean} isUndo
 */
function tellRefused(refused, saying, isUndo) {
  const [{ change, error }] = refused;
  const again = (/** @type {boolean} */ isForced) => () => carryOut(refused.map((one) => one.change), saying, { isForced, isUndo });
  const isClash = refused.every((one) => one.error.status === CONFLICT);
  const isAway = refused.every((one) => isForLater(one.error));
  const canForce = isClash && change.force !== "";
  const next = canForce ? { name: change.force, run: again(true) } : isAway ? { name: "Try again", run: again(false) } : undefined;
  const hint = canForce ? "" : error.hint;
  const isUnsure = refused.some((one) => isWritten(one.error) !== "no");
  const failed = (/** @type {string} */ was) => `${isUnsure ? "may not have been" : `${was} not`} ${isUndo ? "undone" : "changed"}`;
  const said = isWritten(error) === "partly" ? error.message : `${change.key} ${failed("was")}: ${whyNot(error)}`;
  if (refused.length === 1) return void toast(said, { isTrouble: true, hint, next, about: change.ref });
  const named = refused.map((one) => `${one.change.key}: ${whyNot(one.error)}`);
  toast(`${refused.length} items ${failed("were")}.`, { isTrouble: true, next, details: shortened(named) });
}

/** Take back what was done last, or is being done just now. */
export async function undo() {
  await Promise.allSettled([...running]);
  const last = done.at(-1);
  if (last) await undoOne(last);
  else toast("Nothing to undo.");
}

/** @param {Done} entry */
async function undoOne(entry) {
  const place = done.indexOf(entry);
  if (place < 0) return;
  done.splice(place, 1);
  entry.putAway?.();
  if (entry.changes.length > 1) selection.clear(); // the board is as it was before: nothing is meant any more
  const refused = await carryOut(entry.changes, () => entry.said, { isUndo: true });
  const kept = refused.filter(({ error }) => isForLater(error)).map(({ change }) => change);
  if (kept.length) done.push({ said: entry.said, changes: kept });
}

/** @returns {boolean} */
export function canUndo() {
  return done.length > 0 || running.size > 0;
}
