/** Cards into lanes, columns and their order. */

import { items } from "./items.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").State} State */
/** @typedef {{key: string, name: string, count: number, columns: Map<State, Card[]>}} Lane */

export const SORTS = { rank: "Tracker's rank", updated: "Last changed", created: "Newest", priority: "Priority", points: "Points", title: "Title" };
export const GROUPS = { "": "None", epic: "Epic", assignee: "Assignee" };
const NONE = "~"; // after every name

/** @type {(a: string, b: string) => number} plain and fast: twenty thousand are sorted while one types */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
/** @type {(a: Card, b: Card) => number} */
const byUpdated = (a, b) => byText(b.updated_at, a.updated_at) || byText(a.key, b.key);
/** @type {(a: Card, b: Card) => number} */
const byRank = (a, b) => (a.rank === null ? 1 : 0) - (b.rank === null ? 1 : 0) || byText(a.rank ?? "", b.rank ?? "") || byUpdated(a, b);
/** @type {Record<string, (a: Card, b: Card) => number>} */
const ORDERS = {
  rank: byRank,
  updated: byUpdated,
  created: (a, b) => byText(b.created_at, a.created_at) || byText(a.key, b.key),
  priority: (a, b) => (a.priority || 9) - (b.priority || 9) || byRank(a, b),
  points: (a, b) => (b.points ?? -1) - (a.points ?? -1) || byRank(a, b),
  title: (a, b) => a.title.localeCompare(b.title) || byText(a.key, b.key),
};

/** @param {Card[]} cards @param {string} sort @returns {Card[]} */
export function sorted(cards, sort) {
  return [...cards].sort(ORDERS[sort] ?? byRank);
}

/**
 * Put cards into their columns; what was done last stands first in Done unless another order is asked for.
 * @param {Card[]} cards
 * @param {string} sort
 * @returns {Map<State, Card[]>}
 */
export function columnsOf(cards, sort) {
  /** @type {Map<State, Card[]>} */
  const columns = new Map(items.head.columns.map(({ state }) => [state, []]));
  for (const card of sorted(cards, sort)) columns.get(card.state)?.push(card);
  if (!sort || sort === "rank") columns.get("done")?.sort(byUpdated);
  return columns;
}

/**
 * Put cards into swim lanes; one lane without a name where they are not grouped.
 * @param {Card[]} cards
 * @param {string} group
 * @param {string} sort
 * @returns {Lane[]}
 */
export function lanesOf(cards, group, sort) {
  if (!group) return [{ key: "", name: "", count: cards.length, columns: columnsOf(cards, sort) }];
  /** @type {Map<string, {name: string, cards: Card[]}>} */
  const lanes = new Map();
  for (const card of cards) {
    const { key, name } = laneOf(card, group);
    const lane = lanes.get(key) ?? { name, cards: [] };
    lane.cards.push(card);
    lanes.set(key, lane);
  }
  const ordered = [...lanes].sort(([a, one], [b, other]) => byText(a ? "" : NONE, b ? "" : NONE) || one.name.localeCompare(other.name, undefined, { numeric: true }));
  return ordered.map(([key, lane]) => ({ key, name: lane.name, count: lane.cards.length, columns: columnsOf(lane.cards, sort) }));
}

/** @param {Card} card @param {string} group @returns {{key: string, name: string}} */
function laneOf(card, group) {
  if (group === "assignee") return card.assignee ? { key: card.assignee.id, name: card.assignee.name } : { key: "", name: "Nobody" };
  const epic = items.head.epics.find(({ ref }) => ref === card.epic);
  return epic ? { key: epic.ref, name: `${epic.key} ${epic.title}` } : { key: "", name: "No epic" };
}
