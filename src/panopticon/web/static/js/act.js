/**
 * What a person does to cards: shown at once, written to the tracker, rolled back with its reason
 * when it refuses, and undoable.
 */

import { write } from "./api.js";
import { columnName, items } from "./items.js";
import { refusal, toast } from "./toast.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").State} State */
/** @typedef {{said: string, back: () => Promise<unknown>}} Done */

const AT_ONCE = 3; // connections a browser gives one host, less those the page itself needs
const MOST_UNDONE = 50;
/** @type {Done[]} */
const done = [];

/**
 * Move cards to a column.
 * @param {string[]} refs
 * @param {State} state
 */
export function move(refs, state) {
  const moving = refs.filter((ref) => items.get(ref) && items.get(ref)?.state !== state);
  return together(moving, (ref) => moveOne(ref, state), (many) => `${many} moved to ${columnName(state)}`);
}

/** @param {string} ref @param {State} state @returns {Promise<Done>} */
async function moveOne(ref, state) {
  const card = known(ref);
  const answer = await hurried(ref, { state }, () => write("POST", "/api/item/move", { ref, state, expected: card.state }));
  const { before } = answer;
  const back = () => hurried(ref, { state: before.state }, () => write("POST", "/api/item/move", { ref, ...before, expected: state }));
  return { said: `${card.key} moved to ${columnName(state)} in ${card.source}`, back };
}

/**
 * Give cards to somebody, or to nobody.
 * @param {string[]} refs
 * @param {import("./types.js").Person | null} person
 */
export function assign(refs, person) {
  const name = person?.name ?? "nobody";
  const one = (/** @type {string} */ ref) => editOne(ref, { assignee: person?.id ?? null }, { assignee: known(ref).assignee?.id ?? null }, { assignee: person }, `assigned to ${name}`);
  return together(refs, one, (many) => `${many} assigned to ${name}`);
}

/**
 * Add and remove labels.
 * @param {string[]} refs
 * @param {string[]} added
 * @param {string[]} removed
 */
export function relabel(refs, added, removed) {
  const one = (/** @type {string} */ ref) => {
    const before = known(ref).labels;
    const labels = [...new Set([...before, ...added])].filter((label) => !removed.includes(label));
    return editOne(ref, { labels }, { labels: before }, { labels }, "labelled");
  };
  return together(refs, one, (many) => `${many} labelled`);
}

/**
 * Write fields of one item as the page saw them; throws what the server said, for whoever shows the field.
 * @param {string} ref
 * @param {Record<string, any>} fields
 * @param {Record<string, any>} expected
 * @returns {Promise<void>}
 */
export async function edit(ref, fields, expected) {
  const card = known(ref);
  const shown = Object.fromEntries(Object.entries(fields).filter(([name, value]) => name in card && typeof value !== "object"));
  if ("assignee" in shown) delete shown.assignee;
  keep([await editOne(ref, fields, expected, shown, "changed")]);
}

/** Take a free card: it is mine and in progress. @param {string} ref */
export async function take(ref) {
  const me = items.head.me;
  if (!me) return refusal({ message: "Nobody is signed in as you.", hint: "Say who you are in Settings." });
  await assign([ref], me);
  if (items.get(ref)?.assignee?.id === me.id) await move([ref], "in_progress");
}

/** Take back what was done last. */
export async function undo() {
  const last = done.pop();
  if (!last) return toast("Nothing to undo.");
  try {
    await last.back();
    toast(`Undone: ${last.said}.`);
  } catch (error) {
    refusal(error);
  }
}

/** @returns {boolean} */
export function canUndo() {
  return done.length > 0;
}

/**
 * @param {string} ref
 * @param {Record<string, any>} fields
 * @param {Record<string, any>} expected
 * @param {Partial<Card>} shown
 * @param {string} said
 * @returns {Promise<Done>}
 */
async function editOne(ref, fields, expected, shown, said) {
  const card = known(ref);
  const { before } = await hurried(ref, shown, () => write("PATCH", "/api/item", { ref, fields, expected }));
  const back = () => hurried(ref, {}, () => write("PATCH", "/api/item", { ref, fields: before, expected: fields }));
  return { said: `${card.key} ${said} in ${card.source}`, back };
}

/**
 * Show a change, write it, and take the server's card; whatever it answers, the change shown in haste goes.
 * @param {string} ref
 * @param {Partial<Card>} patch
 * @param {() => Promise<any>} send
 * @returns {Promise<any>}
 */
async function hurried(ref, patch, send) {
  const settle = items.hurry(ref, patch);
  try {
    const answer = await send();
    items.put(answer.item);
    return answer;
  } catch (error) {
    const item = /** @type {any} */ (error).body?.item;
    if (item) items.put(item);
    throw error;
  } finally {
    settle();
  }
}

/**
 * Do one thing to many cards, a few at a time; what was refused is said, the rest can be undone together.
 * @param {string[]} refs
 * @param {(ref: string) => Promise<Done>} one
 * @param {(many: string) => string} saying
 */
async function together(refs, one, saying) {
  /** @type {Done[]} */
  const made = [];
  /** @type {any[]} */
  const refused = [];
  const queue = [...refs];
  const worker = async () => {
    for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
      try {
        made.push(await one(ref));
      } catch (error) {
        refused.push({ ref, error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (made.length) keep(made, saying);
  if (refused.length) tellRefused(refused);
}

/** @param {{ref: string, error: any}[]} refused */
function tellRefused(refused) {
  const [{ ref, error }] = refused;
  const key = items.get(ref)?.key ?? ref;
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more were refused)` : "";
  toast(`${key} was not changed: ${error.message}${more}`, { isTrouble: true, hint: error.hint });
}

/** Remember what was done and say it, with the way back. @param {Done[]} made @param {(many: string) => string} [saying] */
function keep(made, saying = (many) => `${many} changed`) {
  const said = made.length === 1 ? made[0].said : saying(`${made.length} items`);
  done.push({ said, back: () => Promise.all(made.map(({ back }) => back())) });
  if (done.length > MOST_UNDONE) done.shift();
  toast(said, { undo });
}

/** @param {string} ref @returns {Card} */
function known(ref) {
  const card = items.get(ref);
  if (!card) throw new Error("That item is not here any more.");
  return card;
}
