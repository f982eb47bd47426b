/** Cards into lanes, columns and their order. What was sorted is kept until a card changes. */

import { items } from "./items.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").State} State */
/** @typedef {{key: string, name: string, count: number, columns: Map<State, Card[]>}} Lane */
/** @typedef {(a: Card, b: Card) => number} Order */

export const SORTS = { rank: "Tracker's rank", updated: "Last changed", created: "Newest", priority: "Priority", points: "Points", title: "Title" };
export const GROUPS = { "": "None", epic: "Epic", assignee: "Assignee" };
const LAST = "\uffff"; // after every word: who or what has none stands at the end

/** @type {(a: string, b: string) => number} plain and fast: twenty thousand are sorted while one types */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
/** @type {Order} */
const byUpdated = (a, b) => byText(b.updated_at, a.updated_at) || byText(a.key, b.key);
/** @type {Order} as the server's lists: ranks of different trackers cannot be compared, so each source stands together */
const byRank = (a, b) => byText(a.source, b.source) || (a.rank === null ? 1 : 0) - (b.rank === null ? 1 : 0) || byText(a.rank ?? "", b.rank ?? "") || byUpdated(a, b);
/** @type {(word: (card: Card) => string) => Order} */
const byWord = (word) => (a, b) => byText(word(a), word(b)) || byRank(a, b);
/** @type {Record<string, number>} */
const PLACES = { backlog: 0, planning: 1, in_progress: 2, in_review: 3, done: 4 };
const keys = new Intl.Collator(undefined, { numeric: true });
/** @type {Record<string, Order>} */
const ORDERS = {
  rank: byRank,
  updated: byUpdated,
  created: (a, b) => byText(b.created_at, a.created_at) || byText(a.key, b.key),
  priority: (a, b) => (a.priority || 9) - (b.priority || 9) || byRank(a, b),
  points: (a, b) => (b.points ?? -1) - (a.points ?? -1) || byRank(a, b),
  title: byWord((card) => card.title.toLowerCase()),
  key: (a, b) => keys.compare(a.key, b.key),
  state: (a, b) => PLACES[a.state] - PLACES[b.state] || byRank(a, b),
  holder: byWord((card) => (card.lease?.holder ?? card.assignee)?.name.toLowerCase() ?? LAST),
  iteration: byWord((card) => card.iteration ?? LAST),
};

/** @type {{edition: number, orders: Map<string, Card[]>}} */
const kept = { edition: -1, orders: new Map() };

/**
 * Give every card in an order; a dash before its name turns it round.
 * @param {string} sort
 * @returns {Card[]}
 */
function inOrder(sort) {
  if (kept.edition !== items.edition) {
    kept.orders.clear();
    kept.edition = items.edition;
  }
  const known = kept.orders.get(sort);
  if (known) return known;
  const cards = sorted([...items.told.values()], sort);
  kept.orders.set(sort, cards);
  return cards;
}

/** @param {Card[]} cards @param {string} sort @returns {Card[]} */
export function sorted(cards, sort) {
  const order = ORDERS[sort.replace("-", "")] ?? byRank;
  return [...cards].sort(sort.startsWith("-") ? (a, b) => order(b, a) : order);
}

/**
 * Give the cards that fit, in order.
 * @param {string} sort
 * @returns {Card[]}
 */
export function shownInOrder(sort) {
  return items.shown(inOrder(sort));
}

/**
 * Put the cards that fit into swim lanes and columns; one lane without a name where they are not grouped.
 * @param {string} group
 * @param {string} sort
 * @returns {Lane[]}
 */
export function lanes(group, sort) {
  const name = namer(group);
  const isRanked = !sort || sort === "rank";
  /** @type {Map<string, Lane>} */
  const found = new Map();
  if (!group) found.set("", emptyLane("", ""));
  const put = (/** @type {Card} */ card) => {
    const key = laneOf(card, group);
    let lane = found.get(key);
    if (!lane) found.set(key, (lane = emptyLane(key, name(card))));
    const column = lane.columns.get(card.state);
    if (!column) return;
    column.push(card);
    lane.count += 1;
  };
  for (const card of shownInOrder(sort)) if (!isRanked || card.state !== "done") put(card);
  // What was done last stands first in Done unless another order is asked for.
  if (isRanked) for (const card of shownInOrder("updated")) if (card.state === "done") put(card);
  if (!group) return [...found.values()];
  return [...found.values()].sort((a, b) => Number(!a.key) - Number(!b.key) || keys.compare(a.name, b.name));
}

/** @param {string} key @param {string} name @returns {Lane} */
function emptyLane(key, name) {
  return { key, name, count: 0, columns: new Map(items.head.columns.map(({ state }) => [state, []])) };
}

/** @param {Card} card @param {string} group @returns {string} the key of the lane that a card lies in */
export function laneOf(card, group) {
  if (group === "assignee") return card.assignee?.id ?? "";
  return group && card.epic ? (items.epics.get(card.epic)?.ref ?? card.epic) : "";
}

/** @param {string} group @returns {(card: Card) => string} the words of a card's lane */
function namer(group) {
  if (group === "assignee") return (card) => card.assignee?.name ?? "Nobody";
  return ({ epic: ref }) => {
    const epic = items.epics.get(ref ?? "");
    return epic ? `${epic.key} ${epic.title}` : (ref ?? "No epic");
  };
}
