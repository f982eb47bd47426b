/** What can stand in the query bar: its fields with a word of help, and the values this page knows. */

import { here } from "./address.js";
import { read } from "./api.js";
import { items } from "./items.js";

/** @typedef {{value: string, help: string}} Word */

/** @typedef {{name: string, means: string, values: string[], examples: string[], titles?: Record<string, string>}} Told */

const KEPT = 120_000; // milliseconds
/** @type {Record<string, string>} what each field looks at, in the order in which they are offered */
export const FIELD_HELP = {
  is: "blocked, open, done, mine, held …",
  assignee: "me, none, or a name",
  epic: "the epic above: 17, F17",
  label: "a label",
  state: "a column, or the team's own word",
  updated: "<2d younger, >2w older",
  tracker: "the source",
  project: "the project",
  iteration: "the timebox",
  kind: "story, defect …",
  priority: "urgent, high …",
  points: "3, >=3, 3..8",
  created: "<2d younger, >2w older",
  title: "words of the title alone",
  ref: "a key, such as US120",
};
/** @type {Record<string, Record<string, string>>} */
const HELP = {
  is: { blocked: "something is in its way", open: "not done", mine: "assigned to me, or held by me", held: "somebody has a claim", free: "nobody's", joined: "also in another tracker" },
  updated: { "<1d": "within a day", "<7d": "within a week", ">2w": "longer ago than two weeks" },
  created: { "<1d": "within a day", "<7d": "within a week", ">2w": "longer ago than two weeks" },
  points: { none: "not estimated", ">=5": "", "3..8": "" },
};
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
/** @type {{edition: number, lists: Map<string, Word[]>}} */
const kept = { edition: -1, lists: new Map() };

/** What the server knows: labels, projects and people of every item, not of the cards alone. */
const told = { at: -Infinity, fields: /** @type {Map<string, Told>} */ (new Map()) };

/** Ask the server for its words; what is known meanwhile is offered. */
export async function learn() {
  if (performance.now() - told.at < KEPT) return;
  told.at = performance.now();
  try {
    const { fields } = await read("/api/search/words", {});
    told.fields = new Map(fields.map((/** @type {Told} */ one) => [one.name, one]));
    kept.lists.clear();
  } catch {
    told.at = -Infinity; // what was learnt before stands; the next one who types asks again
  }
}

/** @param {string} field @returns {Word[]} the values to offer, the likeliest first */
export function valuesFor(field) {
  if (kept.edition !== items.edition) {
    kept.edition = items.edition;
    kept.lists.clear();
  }
  let list = kept.lists.get(field);
  if (!list) kept.lists.set(field, (list = joined(field)));
  return list;
}

/** @param {string} field @returns {Word[]} what the page can put into words first, then what only the server knows */
function joined(field) {
  const own = [...Object.entries(HELP[field] ?? {}).map(([value, help]) => ({ value, help })), ...collected(field)];
  const { values = [], titles = {} } = told.fields.get(field) ?? {};
  const more = values.map((value) => ({ value, help: titles[value] ?? "" }));
  const all = new Map(more.map((word) => [word.value, word]));
  for (const word of own) all.set(word.value, word);
  const order = [...new Set([...own, ...more].map(({ value }) => value))];
  return order.map((value) => /** @type {Word} */ (all.get(value)));
}

/** @param {string} field @returns {Word[]} */
function collected(field) {
  const cards = [...items.told.values()];
  const none = { value: "none", help: "those without" };
  /** @type {Record<string, () => Word[]>} */
  const from = {
    tracker: () => plain(items.head.sources.map(({ name }) => name)),
    project: () => plain(cards.map(({ project }) => project)),
    kind: () => plain(cards.map(({ kind }) => kind)),
    priority: () => ["urgent", "high", "normal", "low", "none"].map((value) => ({ value, help: "" })),
    label: () => [...plain(cards.flatMap(({ labels }) => labels)), none],
    iteration: () => [...plain(cards.map(({ iteration }) => iteration ?? "")), none],
    epic: () => [...items.head.epics.map(({ key, title }) => ({ value: key, help: title })), none],
    state: () => [...items.head.columns.map(({ state, name }) => ({ value: state, help: name })), ...plain(cards.map(({ native_state }) => native_state))],
    assignee: () => [{ value: "me", help: items.head.me?.name ?? "" }, { value: "none", help: "nobody's" }, ...persons(cards)],
  };
  return from[field]?.() ?? [];
}

/** @param {Iterable<string>} values @returns {Word[]} */
function plain(values) {
  return [...new Set(values)].filter(Boolean).sort(words.compare).map((value) => ({ value, help: "" }));
}

/** @param {import("./types.js").Card[]} cards @returns {Word[]} */
function persons(cards) {
  const all = cards.flatMap(({ assignee, lease }) => [assignee, lease?.holder]).flatMap((person) => (person ? [person] : []));
  const byId = new Map(all.map(({ id, name }) => [id, name]));
  return [...byId].map(([value, help]) => ({ value, help })).sort((a, b) => words.compare(a.help, b.help));
}

/**
 * Say whether the board's own filter of that name means the same by a value as the query does.
 * @param {string} field
 * @param {string} value
 * @returns {Partial<import("./address.js").Place> | null} the filter, null where the words stay in the text
 */
export function filterFor(field, value) {
  const word = value.toLowerCase();
  if (field === "is") return { blocked: { blocked: "yes" }, free: { assignee: "none" }, mine: { assignee: "me" } }[word] ?? null;
  if (field === "blocked") return word === "yes" || word === "no" ? { blocked: word } : null;
  if (field === "assignee") return { assignee: value };
  if (field === "epic") return items.head.epics.some(({ ref, key }) => ref === value || key.toLowerCase() === word) ? { epic: value } : null;
  if (!["tracker", "project", "kind", "label", "iteration"].includes(field)) return null;
  if (word === "none" && field !== "iteration") return null;
  const isKnown = collected(field).some((known) => known.value === value);
  if (!isKnown) return null;
  return field === "label" ? { label: [...new Set([...here().label, value])] } : { [field]: value };
}
