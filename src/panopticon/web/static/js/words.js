/** Who can be given an item, which timeboxes and forms there are: asked once, remembered a while. */

import { read } from "./api.js";

const KEPT = 120_000;
/** @type {Map<string, {at: number, answer: Promise<any>}>} */
const asked = new Map();

/** @param {string} path @param {Record<string, string>} question @returns {Promise<any>} */
function once(path, question) {
  const key = path + JSON.stringify(question);
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
export function form(question) {
  return once("/api/form", /** @type {Record<string, string>} */ (question));
}

/**
 * Where a card may go. Cards of one sort in one state share the answer, so that dragging never waits.
 * @param {import("./types.js").Card} card
 * @returns {Promise<import("./types.js").Move[]>}
 */
export async function movesOf({ ref, source, project, kind, native_state }) {
  const key = `moves ${source} ${project} ${kind} ${native_state}`;
  const kept = asked.get(key);
  if (kept && performance.now() - kept.at < KEPT) return kept.answer;
  const answer = read("/api/item/moves", { ref }).then(({ moves }) => moves);
  asked.set(key, { at: performance.now(), answer });
  answer.catch(() => asked.delete(key));
  return answer;
}
