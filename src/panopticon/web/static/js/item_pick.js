/** Name another item: by its key, by a part of its title, or out of the list of those the page knows. */

import { reasonOf } from "./api.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";
import { choose } from "./menu.js";

/** @typedef {{key: string, title: string}} Known */

/** @param {string} tracker @returns {Known[]} its epics first, as they are what others belong to */
function knownOf(tracker) {
  const cards = [...items.told.values()];
  const all = [...items.head.epics, ...cards].filter(({ source }) => source === tracker);
  return [...new Map(all.map(({ key, title }) => [key, { key, title }])).values()];
}

/** @param {string} tracker @returns {string} a key, as an example */
export function exampleOf(tracker) {
  return knownOf(tracker)[0]?.key ?? "US123";
}

/** @param {string} text @param {string} tracker @returns {string} what one can do about it */
function unknownItem(text, tracker) {
  return `There is no item '${text}'. Type a key such as ${exampleOf(tracker)}, or a part of the title.`;
}

/** @param {any} error an ApiError @param {string} tracker @returns {string} its reason; of an unknown item without a command for a terminal */
export function reasonFor(error, tracker) {
  const named = error.status === 404 && /^There is no '(.*)'\.$/s.exec(error.message);
  return named ? unknownItem(named[1], tracker) : reasonOf(error);
}

/**
 * Read what somebody typed; what looks like a key may be an item that this page does not know.
 * @param {string} typed
 * @param {string} tracker
 * @returns {string} a key; throws what is wrong, in words
 */
export function keyOf(typed, tracker) {
  const text = typed.trim();
  const known = knownOf(tracker);
  const word = text.toLowerCase();
  const named = known.find(({ key }) => key.toLowerCase() === word);
  if (named) return named.key;
  const fitting = known.filter(({ title }) => title.toLowerCase().includes(word));
  const exact = fitting.filter(({ title }) => title.toLowerCase() === word);
  if (exact.length === 1 || fitting.length === 1) return (exact[0] ?? fitting[0]).key;
  if (fitting.length) throw new Error(`Several items fit '${text}': ${fitting.slice(0, 4).map(({ key }) => key).join(", ")}${fitting.length > 4 ? " …" : ""}. Type the key.`);
  if (!/\d/.test(text)) throw new Error(unknownItem(text, tracker));
  return text;
}

/**
 * @param {string} label of the field
 * @param {string} tracker
 * @param {(key: string) => void} chosen
 * @returns {HTMLElement} a button that opens the list
 */
export function chooser(label, tracker, chosen) {
  const ask = async () => {
    const choices = knownOf(tracker).map(({ key, title }) => ({ value: key, text: `${key} ${title}` }));
    const key = await choose({ anchor: button, title: `${label}: which item?`, choices, isFiltered: true });
    if (key !== null) chosen(key);
  };
  const button = h("button", { type: "button", class: "quiet", "aria-label": `Find an item for ${label}`, title: "Find an item", "aria-haspopup": "listbox", onclick: () => void ask() }, icon("search"));
  return button;
}
