/** Tick a step of an item: its card shows it at once, and undo knows it. */

import { write } from "./api.js";
import { carryOut } from "./doing.js";
import { items } from "./items.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {Pick<import("./types.js").Step, "key" | "position" | "title"> & {native_state?: string | null}} Named */

const MOST_SAID = 40; // characters of a step in a message

/**
 * Tick or untick; throws what the server said.
 * @param {import("./types.js").Item} item
 * @param {Named} step as it was seen
 * @param {boolean} done
 */
export async function tick(item, step, done) {
  const refused = await carryOut([ticking(items.get(item.ref) ?? item, step, done)], (many) => `${many} changed`, { isQuiet: true });
  if (refused.length) throw refused[0].error;
}

/** @param {Pick<Card, "ref" | "key" | "source" | "progress">} card @param {Named} step @param {boolean} done @returns {import("./doing.js").Change} */
function ticking(card, step, done) {
  const { ref, key, source, progress } = card;
  const title = step.title.length > MOST_SAID ? `${step.title.slice(0, MOST_SAID).trimEnd()} …` : step.title;
  const count = progress && Math.min(progress.total, Math.max(0, progress.done + (done ? 1 : -1)));
  return {
    ref,
    key,
    said: `${key}: “${title}” ${done ? "done" : "open again"} in ${source}`,
    patch: progress && count !== null ? { progress: { ...progress, done: count } } : {},
    force: "", // another step stands there: nobody means that one
    send: () => send(ref, step, done),
    back: ({ item, before }) => ticking(item, { ...step, native_state: before.native_state }, before.done), // half done is half done again
  };
}

/** @param {string} ref @param {Named} step @param {boolean} done @returns {Promise<any>} */
function send(ref, { key, position, title, native_state }, done) {
  return write("POST", "/api/item/task", { ref, key, position, title, done, native_state: done || key ? undefined : native_state });
}
