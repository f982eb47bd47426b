/** Find cards by what one types: fast over tens of thousands, the best first. */

import { items } from "./items.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {{ref: string, key: string, squeezed: string, title: string}} Entry */

/** @type {{edition: number, entries: Entry[]}} */
const kept = { edition: -1, entries: [] };

/** @param {string} text @returns {string} `US-121` as `us121` */
const squeeze = (text) => text.toLowerCase().replace(/[\s_-]+/g, "");

/** @returns {Entry[]} */
function entries() {
  if (kept.edition !== items.edition) {
    kept.entries = [...items.told.values()].map(({ ref, key, title }) => ({ ref, key: key.toLowerCase(), squeezed: squeeze(key), title: title.toLowerCase() }));
    kept.edition = items.edition;
  }
  return kept.entries;
}

/**
 * Rank a text against words, each of which must occur in it: 0 is nothing, more is better.
 * @param {string} title in small letters
 * @param {string[]} words
 * @returns {number}
 */
export function rankOf(title, words) {
  let rank = 1;
  for (const word of words) {
    const at = title.indexOf(word);
    if (at < 0) return 0;
    rank += at === 0 ? 3 : title[at - 1] === " " ? 2 : 0;
  }
  return rank;
}

/** @param {string} query @returns {string[]} */
export function wordsOf(query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * Find cards by key or title.
 * @param {string} query
 * @param {number} most
 * @returns {Card[]} the best first
 */
export function findCards(query, most) {
  const words = wordsOf(query);
  const squeezed = squeeze(query);
  /** @type {{ref: string, rank: number}[]} */
  const found = [];
  if (!words.length) return [];
  for (const { ref, key, squeezed: short, title } of entries()) {
    const byKey = short === squeezed ? 100 : short.startsWith(squeezed) ? 50 : key.includes(words[0]) && words.length === 1 ? 5 : 0;
    const rank = byKey || rankOf(title, words) || rankOf(`${key} ${title}`, words);
    if (rank) found.push({ ref, rank });
  }
  found.sort((a, b) => b.rank - a.rank);
  return /** @type {Card[]} */ (found.slice(0, most).map(({ ref }) => items.get(ref)));
}
