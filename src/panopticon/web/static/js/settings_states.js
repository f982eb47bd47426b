/** In which column each of a tracker's own words stands, kind by kind. */

import { h } from "./dom.js";
import { select } from "./form_row.js";
import { items } from "./items.js";
import { wordOf } from "./settings_board.js";
import { toast } from "./toast.js";
import { busily, send } from "./waiting.js";

/** @typedef {{word: string, state: string, own: boolean}} Word */
/** @typedef {{kinds: {kind: string, words: Word[]}[], editable: boolean, why_not: string | null}} States */

const STATES = ["backlog", "planning", "in_progress", "in_review", "done"];

/**
 * Show the words of a source, each with the column it stands in.
 * @param {string} name
 * @param {AbortSignal} signal
 * @param {() => void} closed
 * @returns {Promise<HTMLElement>}
 */
export async function statesTable(name, signal, closed) {
  const place = h("div", { class: "states" });
  draw(place, name, await send("GET", pathOf(name), undefined, signal), closed);
  return place;
}

/** @param {string} name @returns {string} */
function pathOf(name) {
  return `/api/sources/${encodeURIComponent(name)}/states`;
}

/** @param {HTMLElement} place @param {string} name @param {States} found @param {() => void} closed */
function draw(place, name, found, closed) {
  const said = h("div", { class: "said" });
  const save = h("button", { type: "submit", class: "button primary" }, "Save the columns");
  const groups = found.kinds.filter(({ words }) => words.length);
  const isOpen = found.editable && groups.length > 0;
  const plain = groups.length ? "The tracker's own words for states, and the column in which an item with that word stands." : "This tracker tells no words for states.";
  const form = h(
    "form",
    { "aria-label": `Columns of ${name}` },
    h("p", { class: "help" }, found.why_not ?? plain),
    ...groups.map(({ kind, words }) => group(kind, words, found.editable)),
    said,
    h("div", { class: "acts" }, isOpen && save, h("button", { type: "button", class: "button", "data-always": true, onclick: closed }, isOpen ? "Cancel" : "Close")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const states = changed(form);
    if (!Object.keys(states).length) return closed();
    const put = async (/** @type {AbortSignal} */ signal) => {
      const fresh = await send("PUT", pathOf(name), { states }, signal);
      draw(place, name, fresh, closed);
      toast(`${name}: the columns are saved; its items are being read anew.`);
      /** @type {HTMLElement | null} */ (place.querySelector("button[type=submit]"))?.focus();
    };
    busily(save, said, put, "Stopped waiting; it may be saved all the same.");
  });
  place.replaceChildren(form);
}

/** @param {string} kind @param {Word[]} words @param {boolean} isEditable @returns {HTMLElement} */
function group(kind, words, isEditable) {
  const named = new Map(items.head.columns.map((column) => [String(column.state), column.name]));
  const columns = STATES.map((state) => ({ value: state, text: named.get(state) ?? wordOf(state) }));
  const line = (/** @type {Word} */ { word, state, own }) => {
    const options = own ? [...columns, { value: "", text: "The tracker's default" }] : columns;
    const control = select(options, state, { "data-word": word, "data-was": state, disabled: !isEditable, "aria-label": `Column of ${word || "no word"}, ${kind}` });
    return h("li", {}, h("span", { class: "chip native", dir: "auto", title: word }, word || "(none)"), control, own && h("span", { class: "own" }, "yours"));
  };
  return h("fieldset", {}, h("legend", {}, `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`), h("ul", { class: "words", role: "list" }, ...words.map(line)));
}

/** @param {HTMLElement} form @returns {Record<string, string | null>} the words whose column was changed */
function changed(form) {
  const selects = /** @type {HTMLSelectElement[]} */ ([...form.querySelectorAll("select[data-word]")]);
  const moved = selects.filter((control) => control.value !== control.dataset.was);
  return Object.fromEntries(moved.map((control) => [control.dataset.word, control.value || null]));
}
