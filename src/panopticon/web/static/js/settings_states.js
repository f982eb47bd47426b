/** In which column each of a tracker's own words stands, kind by kind. */

import { ask, write } from "./api.js";
import { h } from "./dom.js";
import { busily, select } from "./form_row.js";
import { items } from "./items.js";
import { toast } from "./toast.js";

/** @typedef {{word: string, state: string, own: boolean}} Word */
/** @typedef {{kinds: {kind: string, words: Word[]}[], editable: boolean, why_not: string | null}} States */

/**
 * Show the words of a source, each with the column it stands in.
 * @param {string} name
 * @returns {Promise<HTMLElement>}
 */
export async function statesTable(name) {
  const place = h("div", { class: "states" });
  draw(place, name, await ask(pathOf(name)));
  return place;
}

/** @param {string} name @returns {string} */
function pathOf(name) {
  return `/api/sources/${encodeURIComponent(name)}/states`;
}

/** @param {HTMLElement} place @param {string} name @param {States} found */
function draw(place, name, found) {
  const said = h("div", { class: "said" });
  const save = h("button", { type: "submit", class: "button primary" }, "Save the columns");
  const groups = found.kinds.filter(({ words }) => words.length);
  const form = h(
    "form",
    { "aria-label": `Columns of ${name}` },
    h("p", { class: "help" }, found.why_not ?? "Words of one column mean the same here. What you change is marked as yours; every item is read anew afterwards."),
    ...groups.map(({ kind, words }) => group(kind, words, found.editable)),
    said,
    found.editable && h("div", { class: "acts" }, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busily(save, said, async () => {
      draw(place, name, await write("PUT", pathOf(name), { states: changed(form) }));
      toast(`${name}: the columns are saved; its items are being read anew.`);
    });
  });
  place.replaceChildren(form);
}

/** @param {string} kind @param {Word[]} words @param {boolean} isEditable @returns {HTMLElement} */
function group(kind, words, isEditable) {
  const columns = items.head.columns.map(({ state, name }) => ({ value: state, text: name }));
  const line = (/** @type {Word} */ { word, state, own }) => {
    const options = own ? [{ value: "", text: "The tracker's default" }, ...columns] : columns;
    const control = select(options, state, { "data-word": word, "data-was": state, disabled: !isEditable, "aria-label": `Column of ${word}` });
    return h("li", {}, h("span", { class: "chip native", dir: "auto" }, word || "(none)"), control, own && h("span", { class: "own" }, "yours"));
  };
  return h("fieldset", {}, h("legend", {}, `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`), h("ul", { class: "words", role: "list" }, ...words.map(line)));
}

/** @param {HTMLElement} form @returns {Record<string, string | null>} the words whose column was changed */
function changed(form) {
  const selects = /** @type {HTMLSelectElement[]} */ ([...form.querySelectorAll("select[data-word]")]);
  const moved = selects.filter((control) => control.value !== control.dataset.was);
  return Object.fromEntries(moved.map((control) => [control.dataset.word, control.value || null]));
}
