/** The questions behind an action: where to, to whom, which labels. By key, from a card, for all that are chosen. */

import { addressOf, go, here } from "./address.js";
import { assign, move, relabel } from "./act.js";
import { reasons } from "./claim.js";
import { acts, actsOn } from "./claim_act.js";
import { copy } from "./clipboard.js";
import { items, columnName } from "./items.js";
import { choose, chooseChanges } from "./menu.js";
import { selection } from "./selection.js";
import { form, people, targetsOf } from "./words.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {{x: number, y: number}} Point */

/** Ask where to, and move. @param {string[]} refs @param {HTMLElement} anchor @param {Point} [at] */
export async function askMove(refs, anchor, at) {
  const cards = items.those(refs);
  const told = cards.length === 1 ? "It is here now" : "They are here now";
  const choices = targetsOf(cards).then((targets) =>
    targets.map(({ state, isAllowed, isHere, reason, note }) => ({ value: state, text: columnName(state), swatch: state, disabled: !isAllowed, reason: isHere ? told : reason || note })),
  );
  const state = await choose({ anchor, at, title: `Move ${named(cards)} to`, choices });
  if (state) await move(refs, /** @type {import("./types.js").State} */ (state));
}

/** Ask to whom, and assign. @param {string[]} refs @param {HTMLElement} anchor @param {Point} [at] */
export async function askAssign(refs, anchor, at) {
  const cards = items.those(refs);
  const found = everybody(cards);
  const who = [...new Set(cards.map((card) => card.assignee?.id ?? ""))];
  const me = items.head.me;
  const choices = found.then((all) => [
    ...(me ? [{ value: me.id, text: "Me", hint: me.name, icon: "user-round" }] : []),
    { value: "", text: "Nobody", icon: "minus" },
    ...all.filter(({ id }) => id !== me?.id).map(({ id, name, source }) => ({ value: id, text: name, hint: source, icon: "user" })),
  ]);
  const id = await choose({ anchor, at, title: `Assign ${named(cards)} to`, choices, chosen: who.length === 1 ? who : [], isFiltered: true });
  if (id === null) return;
  const person = id === me?.id ? me : ((await found).find((one) => one.id === id) ?? null);
  await assign(refs, person);
}

/**
 * @param {Card[]} cards
 * @returns {Promise<(import("./types.js").Person & {source: string})[]>} the people of their trackers, by name
 */
async function everybody(cards) {
  const sources = [...new Set(cards.map(({ source }) => source))];
  const found = await Promise.all(sources.map(async (source) => (await people(source)).map((person) => ({ ...person, source: sources.length > 1 ? source : "" }))));
  const byId = new Map(found.flat().map((person) => [person.id, person]));
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Ask for labels to add and to take off, and write them. @param {string[]} refs @param {HTMLElement} anchor @param {Point} [at] */
export async function askLabels(refs, anchor, at) {
  const cards = items.those(refs);
  const has = (/** @type {string} */ label) => (/** @type {Card} */ card) => card.labels.includes(label);
  const own = [...new Set(cards.flatMap(({ labels }) => labels))];
  const chosen = own.filter((label) => cards.every(has(label)));
  const some = own.filter((label) => !chosen.includes(label));
  const choices = labelsFor(cards).then((labels) => [...new Set([...chosen, ...some, ...labels])].map((label) => ({ value: label, text: label })));
  const changes = await chooseChanges({ anchor, at, title: `Labels of ${named(cards)}`, choices, chosen, some, canAdd: true });
  if (changes) await relabel(refs, changes.added, changes.removed);
}

/** @param {Card[]} cards @returns {Promise<string[]>} the labels in use beside them, and those their form offers */
async function labelsFor(cards) {
  const used = items.labelsOf(cards.map(({ source }) => source));
  const asked = await form({ ref: cards[0].ref }).catch(() => null);
  const offered = asked?.fields.find(({ name }) => name === "labels")?.values ?? [];
  return [...new Set([...used, ...offered])].sort((a, b) => a.localeCompare(b));
}

/**
 * Ask what to do with a card, for those who have no keys at hand.
 * @param {string} ref
 * @param {HTMLElement} anchor
 * @param {Point} [at]
 */
export async function askCard(ref, anchor, at) {
  const card = items.get(ref);
  if (!card) return;
  const refs = selection.has(ref) ? [...selection.refs] : [ref];
  /** @type {Record<string, () => unknown>} */
  const does = {
    open: () => go({ item: ref }),
    move: () => askMove(refs, anchor, at),
    assign: () => askAssign(refs, anchor, at),
    label: () => askLabels(refs, anchor, at),
    ...Object.fromEntries(acts.map(({ verb, run }) => [verb, () => run(ref)])),
    choose: () => selection.toggle(ref),
    copy: () => copy(location.origin + addressOf({ ...here(), item: ref }), `The link to ${card.key} is copied.`, "Open the item and copy its address."),
  };
  const choices = [
    { value: "open", text: "Open", icon: "panel-right", keys: "Enter" },
    { value: "move", text: "Move to …", icon: "arrow-right", keys: "m" },
    { value: "assign", text: "Assign …", icon: "user-round", keys: "a" },
    { value: "label", text: "Labels …", icon: "tag", keys: "t" },
    ...(refs.length === 1 ? claims(card) : []),
    { value: "choose", text: selection.has(ref) ? "Deselect" : "Select", icon: "square-check", keys: "x" },
    { value: "copy", text: "Copy link", icon: "link" },
  ];
  const wanted = await choose({ anchor, at, title: `Actions for ${named(items.those(refs))}`, choices });
  if (wanted) does[wanted]();
}

/** @param {Card} card @returns {import("./menu.js").Choice[]} what can be done about its claim; where nothing can, why not */
function claims(card) {
  const able = actsOn(card);
  const offered = able.length ? able : acts.slice(0, 1);
  const reason = able.length ? undefined : reasons(card).checkout.replaceAll("`", "");
  return offered.map(({ verb, name, icon, key }) => ({ value: verb, text: name, icon, keys: key, disabled: !able.length, reason }));
}

/** @param {Card[]} cards @returns {string} */
function named(cards) {
  return cards.length === 1 ? cards[0].key : `${cards.length} items`;
}
