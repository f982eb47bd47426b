/** The value of one field of an item: found, compared, and put into words. */

import { moment } from "./time.js";

/** @typedef {import("./types.js").FormField} FormField */
/** @typedef {import("./types.js").Item} Item */

const CUSTOM = "custom.";
const TEXTS = ["title", "body", "acceptance_criteria"];
const PRIORITIES = ["", "urgent", "high", "normal", "low"];
const MOST_SHOWN = 300;
const MOST_TOLD = 60; // characters of a value in a message

/** @param {Item} item @param {string} name a name of the API, or `custom.NAME` @returns {any} */
export function valueOf(item, name) {
  return valueIn(item.values, name);
}

/** @param {Record<string, any>} values @param {string} name @returns {any} */
export function valueIn(values, name) {
  if (name.startsWith(CUSTOM)) return values.custom?.[name.slice(CUSTOM.length)] ?? null;
  return values[name] ?? null;
}

/** Write a value under its name, as the API takes it. @param {string} name @param {any} value @returns {Record<string, any>} */
export function named(name, value) {
  return name.startsWith(CUSTOM) ? { custom: { [name.slice(CUSTOM.length)]: value } } : { [name]: value };
}

/** Put values under their names into one body. @param {[string, any][]} pairs @returns {Record<string, any>} */
export function bodyOf(pairs) {
  /** @type {Record<string, any>} */
  const body = {};
  for (const [name, value] of pairs) {
    const one = named(name, value);
    if (one.custom) body.custom = { ...body.custom, ...one.custom };
    else Object.assign(body, one);
  }
  return body;
}

/** An empty box means no value, but for the texts that every item has. @param {string} name @param {string} text */
export function textValue(name, text) {
  return text || TEXTS.includes(name) ? text : null;
}

/** Compare as people would: line ends, trailing space and the order of lists do not count. @param {any} one @param {any} other */
export function isSame(one, other) {
  return plain(one) === plain(other);
}

/** @param {any} value @returns {string} */
function plain(value) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "string") return value.replace(/\r\n?/g, "\n").replace(/[^\S\n]+$/gm, "").trimEnd();
  if (Array.isArray(value)) return value.length ? JSON.stringify([...value].map(String).sort()) : "";
  return JSON.stringify(value);
}

/** @param {Pick<FormField, "name" | "type" | "values">} field @param {any} value @returns {string} "" where there is none */
export function inWords(field, value) {
  if (value === null || value === undefined || value === "") return "";
  if (field.name === "priority" && typeof value === "number") return value ? (field.values[value] ?? PRIORITIES[value] ?? String(value)) : "";
  if (field.type === "flag" || typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map(inside).join(", ");
  if (field.type === "date" && typeof value === "string") return day(value);
  return inside(value);
}

/** @param {any} value @returns {string} */
function inside(value) {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT/.test(value) ? moment(value) : value;
  if (value !== null && typeof value === "object") return String(value.name ?? value._refObjectName ?? JSON.stringify(value));
  return String(value);
}

/** @param {string} iso @returns {string} a date without its hour, which has no time zone */
function day(iso) {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00`);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleDateString([], { dateStyle: "medium" });
}

/** @param {string} name @returns {string} `blocked_by` as people read it */
export function asName(name) {
  const text = name.replaceAll("_", " ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** @type {Record<string, string>} words of our own, the same in every view */
const OWN = { title: "Title", body: "Description", acceptance_criteria: "Acceptance criteria", native_state: "State in the tracker" };

/** @param {string} name a field of the API @param {string} [label] the tracker's word @returns {string} how it is called in every view */
export function labelOf(name, label = name) {
  return OWN[name] ?? (label === name ? asName(name.replace(/^c_/, "")) : label).replace(/([a-z])([A-Z])/g, "$1 $2");
}

/**
 * Say what was written, as a message does: `points changed to 5`.
 * @param {Record<string, any>} fields
 * @returns {string}
 */
export function changeOf(fields) {
  const all = Object.entries({ ...fields, ...fields.custom }).filter(([name]) => name !== "custom");
  if (all.length !== 1) return "changed";
  const [[name, value]] = all;
  const words = inWords({ name, type: "text", values: [] }, value);
  const label = labelOf(name).toLowerCase();
  if (name === "body" || name === "acceptance_criteria" || words.length > MOST_TOLD) return `${label} changed`;
  return words ? `${label} changed to ${words}` : `${label} cleared`;
}

/** @param {string} text @returns {string} the beginning of a text, to be shown beside another */
export function beginning(text) {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} …` : text;
}
