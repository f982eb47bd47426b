/** The filters: one combobox for each field in which the cards differ. */

import { go, here } from "./address.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";
import { asName } from "./value.js";

/** @typedef {{value: string, text: string}} Option */
/** @typedef {"epic" | "assignee" | "label" | "iteration" | "tracker" | "project" | "kind" | "blocked"} FieldName */

/** @type {{name: FieldName, title: string}[]} what people ask for most comes first */
const FIELDS = [
  { name: "epic", title: "Epic" },
  { name: "assignee", title: "Assignee" },
  { name: "label", title: "Label" },
  { name: "iteration", title: "Iteration" },
  { name: "tracker", title: "Tracker" },
  { name: "project", title: "Project" },
  { name: "kind", title: "Kind" },
  { name: "blocked", title: "Blocked" },
];
const NONE = { value: "none", text: "None" };
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** A combobox drawn in the page's own look, over the browser's own list. */
export class Pick {
  /**
   * @param {string} title
   * @param {string} sign an icon, or none
   * @param {(value: string) => void} chosen
   */
  constructor(title, sign, chosen) {
    this.title = title;
    this.text = h("span", { class: "pick-text" }, title);
    this.select = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": title, onchange: () => chosen(this.select.value) }));
    this.element = h("label", { class: "pick" }, sign && icon(sign), this.text, icon("chevron-down"), this.select);
    this.signature = "";
  }

  /** Offer these. @param {Option[]} options */
  offer(options) {
    const signature = options.map(({ value, text }) => `${value}\n${text}`).join("\n");
    if (signature === this.signature) return;
    this.signature = signature;
    const { value } = this.select;
    this.select.replaceChildren(...options.map((option) => h("option", { value: option.value }, option.text)));
    this.select.value = value;
  }

  /** Say what is chosen, also what was never offered. @param {string} value @param {string} [plain] the words when nothing is */
  choose(value, plain = this.title) {
    if (value && ![...this.select.options].some((option) => option.value === value)) this.select.append(h("option", { value }, value));
    this.select.value = value;
    const isSet = value !== "" && this.select.selectedIndex >= 0;
    const text = isSet ? this.select.selectedOptions[0].text : plain;
    if (this.text.textContent !== text) this.text.textContent = text;
    this.element.classList.toggle("set", isSet);
  }
}

export class Fields {
  constructor() {
    /** @type {Map<FieldName, Pick>} */
    this.picks = new Map();
    for (const { name, title } of FIELDS) this.picks.set(name, new Pick(title, "", (value) => chosen(name, value)));
    this.edition = -1;
    /** @type {Set<FieldName>} */
    this.useful = new Set();
  }

  /** Offer what the cards have, and show what the address says. @returns {boolean} whether other fields are of use than before */
  show() {
    const before = this.#useful();
    if (this.edition !== items.edition) this.#collect();
    const place = here();
    for (const [name, pick] of this.picks) pick.choose(shownValue(name, name === "label" ? "" : place[name]));
    return before !== this.#useful();
  }

  /** @returns {HTMLElement[]} the fields worth offering */
  elements() {
    const place = here();
    return [...this.picks].filter(([name]) => this.useful.has(name) || (name !== "label" && place[name])).map(([, pick]) => pick.element);
  }

  /** @returns {string} */
  #useful() {
    return [...this.useful].join();
  }

  #collect() {
    this.edition = items.edition;
    this.useful.clear();
    const { options: offers, lacks } = valuesOf(items.told.values());
    for (const [name, options] of Object.entries(offers)) {
      const pick = /** @type {FieldName} */ (name);
      this.picks.get(pick)?.offer([{ value: "", text: pick === "label" ? "Add a label" : "Any" }, ...options]);
      // One value divides the cards too, where some have none.
      if (options.length && options.length + (lacks.has(name) ? 1 : 0) > 1) this.useful.add(pick);
    }
  }
}

/** @param {FieldName} name @param {string} value */
function chosen(name, value) {
  if (name !== "label") return go({ [name]: value });
  const { label } = here();
  if (value && !label.includes(value)) go({ label: [...label, value] });
}

/** The address may spell an epic by its ref or its key. @param {FieldName} name @param {string} value @returns {string} */
function shownValue(name, value) {
  if (name !== "epic" || !value) return value;
  const named = items.head.epics.find(({ ref, key }) => ref === value || key === value);
  const epic = named && items.epics.get(named.ref);
  return epic ? epicValue(epic) : value;
}

/** @param {import("./types.js").Epic} epic @returns {string} its key, where that says enough */
function epicValue({ ref, key }) {
  return items.head.epics.some((other) => other.key === key && other.ref !== ref) ? ref : key;
}

/**
 * Collect what the cards differ in.
 * @param {Iterable<import("./types.js").Card>} cards
 * @returns {{options: Record<FieldName, Option[]>, lacks: Set<string>}} what to offer, and which fields some cards lack
 */
function valuesOf(cards) {
  const [tracker, project, kind, label, iteration, epics] = Array.from({ length: 6 }, () => /** @type {Set<string>} */ (new Set()));
  /** @type {Map<string, string>} */
  const people = new Map();
  /** @type {Set<string>} */
  const lacks = new Set();
  const has = { blocked: false, free: false };
  for (const card of cards) {
    tracker.add(card.source);
    project.add(card.project);
    kind.add(card.kind);
    for (const word of card.labels) label.add(word);
    if (!card.labels.length) lacks.add("label");
    if (card.epic) epics.add(items.epics.get(card.epic)?.ref ?? card.epic);
    else lacks.add("epic");
    if (card.iteration) iteration.add(card.iteration);
    else lacks.add("iteration");
    if (card.assignee) people.set(card.assignee.id, card.assignee.name);
    else lacks.add("assignee");
    if (card.blocked) has.blocked = true;
    else has.free = true;
  }
  const me = items.head.me;
  const persons = [...people].map(([value, text]) => ({ value, text })).sort((a, b) => words.compare(a.text, b.text));
  const options = {
    epic: items.head.epics.filter(({ ref }) => epics.has(ref)).map((epic) => ({ value: epicValue(epic), text: `${epic.key} ${epic.title}` })),
    assignee: [...(me && people.has(me.id) ? [{ value: "me", text: `Me (${me.name})` }] : []), ...(lacks.has("assignee") && people.size ? [{ value: "none", text: "Nobody" }] : []), ...persons],
    label: plain(label),
    iteration: [...plain(iteration), ...(lacks.has("iteration") && iteration.size ? [NONE] : [])],
    tracker: plain(tracker),
    project: plain(project),
    kind: plain(kind).map(({ value }) => ({ value, text: asName(value) })),
    blocked: has.blocked && has.free ? [{ value: "yes", text: "Blocked" }, { value: "no", text: "Not blocked" }] : [],
  };
  return { options, lacks };
}

/** @param {Set<string>} values @returns {Option[]} */
function plain(values) {
  return [...values].filter(Boolean).sort(words.compare).map((value) => ({ value, text: value }));
}
