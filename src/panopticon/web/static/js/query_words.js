/** What can stand in the query bar: its fields with a word of help, and the values this page knows. */

import { here } from "./address.js";
import { items } from "./items.js";

/** @typedef {{value: string, help: string}} Word */

const AGES = [
  { value: "<1d", help: "within a day" },
  { value: "<7d", help: "within a week" },
  { value: ">2w", help: "longer ago than two weeks" },
];
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
/** @type {Record<string, Word[]>} */
const FIXED = {
  is: [
    { value: "blocked", help: "something is in its way" },
    { value: "open", help: "not done" },
    { value: "done", help: "" },
    { value: "mine", help: "assigned to me, or held by me" },
    { value: "held", help: "somebody has a claim" },
    { value: "free", help: "nobody's" },
    { value: "joined", help: "also in another tracker" },
    { value: "cancelled", help: "" },
  ],
  priority: ["urgent", "high", "normal", "low", "none"].map((value) => ({ value, help: "" })),
  points: [{ value: "none", help: "not estimated" }, { value: ">=5", help: "" }, { value: "3..8", help: "" }],
  updated: AGES,
  created: AGES,
};
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
/** @type {{edition: number, lists: Map<string, Word[]>}} */
const kept = { edition: -1, lists: new Map() };

/** @param {string} field @returns {Word[]} the values to offer, the likeliest first */
export function valuesFor(field) {
  if (FIXED[field]) return FIXED[field];
  if (kept.edition !== items.edition) {
    kept.edition = items.edition;
    kept.lists.clear();
  }
  let list = kept.lists.get(field);
  if (!list) kept.lists.set(field, (list = collected(field)));
  return list;
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
  const isKnown = valuesFor(field).some((known) => known.value === value);
  if (!isKnown) return null;
  return field === "label" ? { label: [...new Set([...here().label, value])] } : { [field]: value };
}
