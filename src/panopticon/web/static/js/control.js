/** The right control for each type of field: what one types or chooses in, and the value it stands for. */

import { iterations, people } from "./words.js";
import { h, icon } from "./dom.js";
import { chooser, exampleOf, keyOf } from "./item_pick.js";
import { items } from "./items.js";
import { textValue } from "./value.js";

/** @typedef {import("./types.js").FormField} FormField */
/**
 * @typedef {{element: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
 *   read: () => any, put: (value: any) => void}} Control
 *   `read` throws an Error whose message says what is wrong with what was typed
 */

const PREFIX = "control";
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const NEVER_BELOW_ZERO = ["points", "hours", "coverage"];
let made = 0;

/**
 * @param {FormField} field
 * @param {any} value
 * @param {string} tracker whose people and timeboxes are meant
 * @param {Record<string, unknown>} [attributes] of the input: its id or its name
 * @returns {Control}
 */
export function controlFor(field, value, tracker, attributes = {}) {
  const control = kindOf(field, tracker, attributes);
  control.put(value);
  return control;
}

/** @param {FormField} field @param {string} tracker @param {Record<string, unknown>} attributes @returns {Control} */
function kindOf(field, tracker, attributes) {
  if (field.many || field.type === "labels") return several(field, tracker, attributes);
  if (field.name === "title") return title(attributes);
  if (field.type === "markdown") return area(field, attributes);
  if (field.type === "number") return number(field, attributes);
  if (field.type === "date") return plain({ ...attributes, type: "date" }, (text) => text || null);
  if (field.type === "flag") return flag(attributes);
  if (field.type === "person") return select(field, attributes, people(tracker).then((all) => all.map(({ id, name }) => ({ value: id, text: name }))));
  if (field.type === "iteration") return select(field, attributes, timeboxes(tracker));
  if (field.type === "choice" && field.values.length) return select(field, attributes, Promise.resolve(choices(field)));
  if (field.type === "item") return another(field, tracker, attributes);
  return plain({ ...attributes, type: "text", maxlength: 10_000 }, (text) => textValue(field.name, text));
}

/** @param {Record<string, unknown>} attributes @param {(text: string) => any} valueOf @returns {Control} */
function plain(attributes, valueOf) {
  const input = /** @type {HTMLInputElement} */ (h("input", { class: "input", dir: "auto", autocomplete: "off", ...attributes }));
  return { element: input, input, read: () => valueOf(input.value), put: (value) => void (input.value = value ?? "") };
}

/** A title wraps, so that all of it is in sight, yet has one line. @param {Record<string, unknown>} attributes @returns {Control} */
function title(attributes) {
  const input = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "input title-input", dir: "auto", rows: 1, maxlength: 10_000, ...attributes }));
  return { element: input, input, read: () => input.value.replace(/\s+/g, " ").trim(), put: (value) => void (input.value = value ?? "") };
}

/** @param {FormField} field @param {Record<string, unknown>} attributes @returns {Control} */
function area(field, attributes) {
  const input = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "input area", dir: "auto", rows: 5, ...attributes }));
  return { element: input, input, read: () => textValue(field.name, input.value), put: (value) => void (input.value = value ?? "") };
}

/**
 * A box of text: one for numbers gives the page nothing where somebody typed letters, as if it were empty.
 * @param {FormField} field
 * @param {Record<string, unknown>} attributes
 * @returns {Control}
 */
function number({ name, label }, attributes) {
  const control = plain({ ...attributes, type: "text", inputmode: "decimal", maxlength: 40 }, (text) => text.trim());
  const { read } = control;
  control.read = () => {
    const text = read();
    if (text === "") return null;
    if (!NUMBER.test(text)) throw new Error(`${label} takes a number, such as 3 or 0.5.`);
    if (NEVER_BELOW_ZERO.includes(name) && Number(text) < 0) throw new Error(`${label} ${label.endsWith("s") ? "are" : "is"} 0 or more.`);
    return Number(text);
  };
  return control;
}

/** @param {Record<string, unknown>} attributes @returns {Control} */
function flag(attributes) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", class: "tick", ...attributes }));
  return { element: input, input, read: () => input.checked, put: (value) => void (input.checked = Boolean(value)) };
}

/**
 * One of several. What the item has now is always among them, also before the others are known.
 * @param {FormField} field
 * @param {Record<string, unknown>} attributes
 * @param {Promise<{value: string, text: string}[]>} coming
 * @returns {Control}
 */
function select(field, attributes, coming) {
  const input = /** @type {HTMLSelectElement} */ (h("select", { class: "input", ...attributes }));
  /** @type {{value: string, text: string}[]} */
  let known = [];
  let wanted = "";
  const draw = () => {
    const none = field.required ? "Choose …" : "None";
    const extra = wanted && !known.some(({ value }) => value === wanted) ? [{ value: wanted, text: wanted }] : [];
    input.replaceChildren(...[{ value: "", text: none }, ...extra, ...known].map(({ value, text }) => h("option", { value }, text)));
    input.value = wanted;
  };
  const waiting = h("span", { class: "small-note" });
  input.addEventListener("change", () => (wanted = input.value));
  coming.then((all) => (known = all), (error) => (waiting.textContent = error.message)).then(draw);
  const numbered = field.name === "priority";
  return {
    element: h("span", { class: "with-note" }, input, waiting),
    input,
    read: () => (numbered ? Math.max(0, field.values.indexOf(input.value)) : input.value || null),
    put: (value) => {
      wanted = numbered ? (field.values[value || 0] ?? "") : String(value ?? "");
      draw();
    },
  };
}

/** @param {FormField} field @returns {{value: string, text: string}[]} the empty choice is our own */
function choices(field) {
  return field.values.filter((word) => word !== "").map((word) => ({ value: word, text: word }));
}

/** @param {string} tracker @returns {Promise<{value: string, text: string}[]>} */
async function timeboxes(tracker) {
  const names = (await iterations(tracker)).map(({ name }) => name);
  return [...new Set(names)].map((name) => ({ value: name, text: name }));
}

/**
 * Any number of words or keys: each can be taken out, one more typed or chosen.
 * @param {FormField} field
 * @param {string} tracker
 * @param {Record<string, unknown>} attributes
 * @returns {Control}
 */
function several(field, tracker, attributes) {
  /** @type {string[]} */
  let chosen = [];
  const isItem = field.type === "item";
  const list = `${PREFIX}-${++made}`;
  const offered = field.values.length ? field.values : field.type === "labels" ? items.labelsOf([tracker]) : [];
  const input = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "text", dir: "auto", list, autocomplete: "off", placeholder: isItem ? `Add a key, such as ${exampleOf(tracker)}` : "Add …", ...attributes }));
  const chips = h("ul", { class: "chosen", role: "list" });
  const find = isItem && chooser(field.label, tracker, (key) => (chosen.includes(key) || change([...chosen, key]), told()));
  const element = h("div", { class: "several" }, chips, h("span", { class: find ? "with-find" : "with-note" }, input, find), h("datalist", { id: list }, ...offered.map((value) => h("option", { value }))));
  const change = (/** @type {string[]} */ next) => {
    chosen = next;
    chips.replaceChildren(...chosen.map((word) => h("li", {}, h("button", { type: "button", class: "token", "aria-label": `Remove ${word}`, onclick: () => (change(chosen.filter((one) => one !== word)), input.focus(), told()) }, h("span", { dir: "auto" }, word), icon("x")))));
  };
  const told = () => input.dispatchEvent(new Event("input", { bubbles: true }));
  const typed = () => (isItem && input.value.trim() ? keyOf(input.value, tracker) : input.value.trim());
  const add = () => {
    const word = typed();
    input.value = "";
    if (word && !chosen.includes(word)) change([...chosen, word]);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !input.value.trim()) return;
    try {
      add();
    } catch {
      return; // it is said beside the field when that is saved
    }
    event.preventDefault();
    told();
  });
  return { element, input, read: () => [...new Set([...chosen, typed()].filter(Boolean))], put: (value) => change((value ?? []).map(String)) };
}

/** @param {FormField} field @param {string} tracker @param {Record<string, unknown>} attributes @returns {Control} */
function another(field, tracker, attributes) {
  const control = plain({ ...attributes, placeholder: exampleOf(tracker) }, (text) => (text.trim() === "" ? null : text === given ? given : keyOf(text, tracker)));
  let given = "";
  const { put, input } = control;
  const find = chooser(field.label, tracker, (key) => {
    put(key);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return { ...control, element: h("span", { class: "with-find" }, input, find), put: (value) => put((given = value ?? "")) };
}
