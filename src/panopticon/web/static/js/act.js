/** What a person does to cards; `doing` carries it out. */

import { write } from "./api.js";
import { isMe, reasons } from "./claim.js";
import { claim } from "./claim_act.js";
import { carryOut } from "./doing.js";
import { columnName, holderOf, isUnstarted, items } from "./items.js";
import { now } from "./time.js";
import { refusal } from "./toast.js";
import { changeOf } from "./value.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {Omit<Card, "twin">} Shown a card, or an open item that has none */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./doing.js").Change} Change */
/**
 * Which of the column's own words, and where the person saw each card; else the card as it is shown.
 * @typedef {{native?: string, seen?: Map<string, State>}} MoveHow
 */

/**
 * Move cards to a column.
 * @param {string[]} refs
 * @param {State} state
 * @param {MoveHow} [how]
 */
export async function move(refs, state, { native, seen } = {}) {
  const cards = items.those(refs).filter((card) => native || card.state !== state || (seen?.get(card.ref) ?? state) !== state);
  if (!cards.length) return;
  await carryOut(cards.map((card) => moving(card, state, { native, seen: seen?.get(card.ref) })), (many) => `${many} moved to ${columnName(state)}`);
}

/** Move an item that has no card. @param {Shown} item @param {State} state */
export async function moveItem(item, state) {
  await carryOut([moving(item, state, {})], (many) => `${many} moved to ${columnName(state)}`);
}

/** @param {Shown} card @param {State} state @param {{native?: string, seen?: State, claim?: "ignore"}} how @returns {Change} */
function moving(card, state, { native, seen = card.state, claim: wish }) {
  const { ref, key, source } = card;
  const how = { claim: wish }; // what was moved although another holds it goes back as well
  return {
    ref,
    key,
    said: `${key} moved to ${columnName(state)} in ${source}`,
    patch: native ? { state, native_state: native } : { state },
    force: "Move anyway",
    note: state === "done" ? unfinished(card) : "", // a card that is done is not blocked any more
    send: ({ isForced, isLater }) => write("POST", "/api/item/move", { claim: isForced ? (how.claim = "ignore") : wish, ref, state, native_state: native, expected: isForced ? undefined : isLater ? told(card).state : seen }),
    next: () => checkOutNext(card, state),
    back: ({ item, before }) => ({ ...moving(item, before.state, { native: before.native_state, claim: how.claim }), said: `${key} is back in ${columnName(before.state)}`, next: undefined }),
    isMet: (current) => current?.state === state && !native,
  };
}

/** Who starts what nobody holds may want to hold it; it never happens unasked. @param {Shown} card @param {State} state */
function checkOutNext(card, state) {
  const isBegun = state === "in_progress" && isUnstarted(card);
  const isOpen = (!card.assignee || isMe(card.assignee.id)) && items.told.has(card.ref);
  if (!isBegun || !isOpen || reasons(card).checkout) return null;
  return { name: "Check out", run: () => void claim(card.ref, "checkout") };
}

/** @param {Shown} card @returns {string} what speaks against its being done */
function unfinished(card) {
  const { blocked } = card;
  if (blocked?.by.length) return `${blocked.by.map(({ key }) => key).join(" and ")} still ${blocked.by.length === 1 ? "blocks" : "block"} it`;
  if (blocked) return "it is still marked as blocked";
  const holder = holderOf(card, now());
  if (!holder?.lease) return "";
  return holder.id === items.head.me?.id ? "you still hold it" : `${holder.name} still holds it`;
}

/**
 * Give cards to somebody, or to nobody.
 * @param {string[]} refs
 * @param {Person | null} person
 */
export async function assign(refs, person) {
  const name = person?.name ?? "nobody";
  const one = (/** @type {Card} */ card) => {
    const said = `assigned to ${name}`;
    return editing(card, { said, patch: { assignee: person }, fields: () => ({ assignee: person?.id ?? null }), expected: (now) => ({ assignee: now.assignee?.id ?? null }), undone: () => ({ assignee: card.assignee }) });
  };
  await carryOut(items.those(refs).map(one), (many) => `${many} assigned to ${name}`);
}

/**
 * Add and remove labels; those that have them already, or never had them, are left alone.
 * @param {string[]} refs
 * @param {string[]} added
 * @param {string[]} removed
 */
export async function relabel(refs, added, removed) {
  const after = (/** @type {Shown} */ { labels }) => [...new Set([...labels, ...added])].filter((label) => !removed.includes(label));
  const cards = items.those(refs).filter((card) => after(card).join("\n") !== card.labels.join("\n"));
  const one = (/** @type {Card} */ card) =>
    editing(card, { said: "labelled", patch: { labels: after(card) }, fields: (now) => ({ labels: after(now) }), expected: (now) => ({ labels: now.labels }), undone: ({ labels }) => ({ labels: labels ?? [] }) });
  if (cards.length) await carryOut(cards.map(one), (many) => `${many} labelled`);
}

/**
 * Write fields of one item as the page saw them; throws what the server said, for whoever shows the field.
 * @param {Shown} item
 * @param {Record<string, any>} fields
 * @param {Record<string, any>} expected
 * @returns {Promise<void>}
 */
export async function edit(item, fields, expected) {
  const shown = plainOf(fields);
  const refused = await carryOut(
    [editing(items.get(item.ref) ?? item, { said: changeOf(fields), patch: shown, fields: () => fields, expected: () => expected, undone: plainOf })],
    (many) => `${many} changed`,
    { isQuiet: true },
  );
  if (refused.length) throw refused[0].error;
}

/** @param {Record<string, any>} fields @returns {Partial<Card>} what of it a card shows just as it is written */
function plainOf(fields) {
  const names = ["title", "points", "labels", "iteration"];
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

/** Take a free card: it is mine and in progress. @param {string} ref */
export async function take(ref) {
  const me = items.head.me;
  if (!me) return refusal({ message: "Nobody is signed in as you.", hint: "Say who you are in Settings." });
  const card = items.get(ref);
  if (card) await carryOut([taking(card, me)], (many) => `${many} taken`);
}

/** One write for both, so that one undo takes back both. @param {Card} card @param {Person} me @returns {Change} */
function taking(card, me) {
  const { key, assignee } = card;
  const change = editing(card, {
    said: "taken",
    patch: { assignee: me, state: "in_progress" },
    fields: () => ({ assignee: me.id, state: "in_progress" }),
    expected: (seen) => ({ assignee: seen.assignee?.id ?? null, state: seen.state }),
    undone: ({ state }) => ({ assignee, state }),
  });
  return {
    ...change,
    said: `${key} is yours and in progress`,
    force: "Take anyway",
    back: (answer) => ({ ...change.back(answer), said: `${key} is ${assignee ? "" : "free and "}back in ${columnName(answer.before.state)}` }),
  };
}

/**
 * @param {Shown} card
 * @param {{said: string, patch: Partial<Card>, fields: (now: Shown) => Record<string, any>,
 *   expected: (now: Shown) => Record<string, any>, undone: (before: Record<string, any>) => Partial<Card>}} what
 *   `undone` says how the card looks when the values before are back
 * @returns {Change & Required<Pick<Change, "back">>}
 */
function editing(card, { said, patch, fields, expected, undone }) {
  const { ref, key, source } = card;
  const sent = { fields: fields(card) };
  return {
    ref,
    key,
    said: `${key} ${said} in ${source}`,
    patch,
    force: "Change anyway",
    send: ({ isForced, isLater }) => {
      const now = isLater || isForced ? told(card) : card;
      sent.fields = fields(now);
      return write("PATCH", "/api/item", { ref, fields: sent.fields, expected: isForced ? undefined : expected(now), claim: isForced ? "ignore" : undefined });
    },
    // A tracker may write a text in its own way: what it made of ours is what undo expects.
    back: ({ item, before, after }) => ({
      ...editing(item, { said, patch: undone(before), fields: () => before, expected: () => after ?? sent.fields, undone: plainOf }),
      said: `Undone: ${key} ${said}`,
    }),
  };
}

/** @param {Shown} card @returns {Shown} as the server last told it */
function told(card) {
  return items.told.get(card.ref) ?? card;
}
