/** Where a new item is to be made, and what is known of it before anybody types: the board's filters. */

import { here } from "./address.js";
import { h } from "./dom.js";
import { items } from "./items.js";
import { asName } from "./value.js";

/** @typedef {{tracker: string, kind: string, project: string, values: Record<string, any>}} Start */

/**
 * Begin as the filters suggest: whoever looks at one epic means a new item below it.
 * @param {Pick<Start, "tracker" | "kind" | "project"> | null} last
 * @returns {Start}
 */
export function filled(last) {
  const place = here();
  const names = items.head.sources.map(({ name }) => name);
  const epic = items.head.epics.find(({ ref, key }) => ref === place.epic || key === place.epic);
  const tracker = [place.tracker, epic?.source, last?.tracker].find((name) => name && names.includes(name)) ?? names[0] ?? "";
  const isSame = last?.tracker === tracker;
  /** @type {Record<string, any>} */
  const values = {};
  if (epic?.source === tracker) values.parent = epic.key;
  const assignee = place.assignee === "me" ? items.head.me?.id : place.assignee;
  if (assignee && assignee !== "none") values.assignee = assignee;
  if (place.iteration && place.iteration !== "none") values.iteration = place.iteration;
  if (place.label.length) values.labels = place.label;
  return { tracker, kind: place.kind || (isSame ? (last?.kind ?? "") : ""), project: place.project || (isSame ? (last?.project ?? "") : ""), values };
}

/**
 * Draw the choices of where: only those of which there are several.
 * @param {import("./types.js").Form} asked
 * @param {(chosen: Partial<Start>) => void} change
 * @returns {HTMLElement[]}
 */
export function places(asked, change) {
  const trackers = items.head.sources.map(({ name }) => ({ value: name, text: name }));
  const projects = asked.projects.map(({ name }) => ({ value: name, text: name }));
  const kinds = asked.kinds.map((kind) => ({ value: kind, text: asName(kind) }));
  return [
    trackers.length > 1 && select("Tracker", trackers, asked.tracker, (tracker) => change({ tracker, kind: "", project: "" })),
    projects.length > 1 && select("Project", asked.project ? projects : [{ value: "", text: "Choose …" }, ...projects], asked.project ?? "", (project) => change({ project })),
    kinds.length > 0 && select("Kind", kinds, asked.kind, (kind) => change({ kind })),
  ].filter((one) => one !== false);
}

/**
 * @param {string} name
 * @param {{value: string, text: string}[]} choices
 * @param {string} chosen
 * @param {(value: string) => void} change
 * @returns {HTMLElement}
 */
function select(name, choices, chosen, change) {
  const id = `create-${name.toLowerCase()}`;
  const input = /** @type {HTMLSelectElement} */ (h("select", { id, class: "input" }, ...choices.map(({ value, text }) => h("option", { value }, text))));
  input.value = chosen;
  input.addEventListener("change", () => change(input.value));
  return h("div", { class: "asked" }, h("label", { for: id }, name), input);
}
