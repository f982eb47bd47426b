/** Who can be given an item, which timeboxes and forms there are: asked once, remembered a while. */

import { read } from "./api.js";
import { items } from "./items.js";
import { labelOf } from "./value.js";

const KEPT = 120_000;
/** @type {Map<string, {at: number, answer: Promise<any>}>} */
const asked = new Map();

/**
 * Ask once; who asks the same meanwhile, or soon after, has the same answer.
 * @param {string} path
 * @param {Record<string, string>} question
 * @param {string} [key] what questions with the same answer share
 * @returns {Promise<any>}
 */
function once(path, question, key = path + JSON.stringify(question)) {
  const kept = asked.get(key);
  if (kept && performance.now() - kept.at < KEPT) return kept.answer;
  const answer = read(path, question);
  asked.set(key, { at: performance.now(), answer });
  answer.catch(() => asked.delete(key));
  return answer;
}

/** @param {string} tracker @returns {Promise<import("./types.js").Person[]>} */
export async function people(tracker) {
  return (await once("/api/people", { tracker })).people;
}

/** @param {string} tracker @returns {Promise<{name: string, start: string, end: string, state: string, project: string}[]>} */
export async function iterations(tracker) {
  return (await once("/api/iterations", { tracker })).iterations;
}

/** @param {{tracker?: string, kind?: string, project?: string, ref?: string}} question @returns {Promise<import("./types.js").Form>} */
export async function form(question) {
  const asked = /** @type {import("./types.js").Form} */ (await once("/api/form", /** @type {Record<string, string>} */ (question)));
  return { ...asked, fields: asked.fields.map((field) => ({ ...field, label: labelOf(field.name, field.label) })) };
}

/**
 * Where a card may go. Cards of one sort in one state share the answer, so that dragging never waits.
 * @param {import("./types.js").Card} card
 * @returns {Promise<import("./types.js").Move[]>}
 */
async function movesOf(card) {
  return (await once("/api/item/moves", { ref: card.ref }, movesKey(card))).moves;
}

/** @param {import("./types.js").Card} card @returns {string} what cards that may go to the same places share */
function movesKey({ source, project, kind, native_state }) {
  return `moves ${source} ${project} ${kind} ${native_state}`;
}

/**
 * Where cards may go. `reason` says why not, `note` what is different about going there.
 * @typedef {{state: import("./types.js").State, isAllowed: boolean, isHere: boolean, reason: string, note: string}} Target
 */

/**
 * Say for each column whether any of these cards may go there, and the tracker's reason where none may.
 * @param {import("./types.js").Card[]} cards
 * @returns {Promise<Target[]>}
 */
export async function targetsOf(cards) {
  const kinds = new Map(cards.map((card) => [movesKey(card), card]));
  const answers = await Promise.all([...kinds.values()].map((card) => movesOf(card).catch(() => /** @type {import("./types.js").Move[]} */ ([]))));
  return items.head.columns.map(({ state }) => {
    const moves = answers.map((answer) => answer.find((move) => move.state === state));
    const isHere = cards.every((card) => card.state === state);
    const isAllowed = moves.some((move) => !move || move.allowed); // what nobody could tell, the tracker will
    const told = (/** @type {"reason" | "note"} */ name) => (isHere ? "" : (moves.find((move) => move?.[name])?.[name] ?? ""));
    return { state, isAllowed: isAllowed && !isHere, isHere, reason: told("reason"), note: told("note") };
  });
}

/** What was answered may be old: ask anew. */
export function forget() {
  asked.clear();
}
