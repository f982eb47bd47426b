/** The header: the name of the board and how fresh each source is, with what can be done about it. */

import { write } from "./api.js";
import { go } from "./address.js";
import { h, icon } from "./dom.js";
import { popover } from "./popover.js";
import { syncNow } from "./syncing.js";
import { age, clock, moment, now, span } from "./time.js";
import { refusal, toast } from "./toast.js";

/** @typedef {import("./types.js").Source} Source */

const VIEWS = { board: "Board", settings: "Settings", health: "Health" };

let isAnswering = true;

export class Header {
  /** @param {HTMLElement} title @param {HTMLElement} list */
  constructor(title, list) {
    this.title = title;
    this.list = list;
    /** @type {Source[]} */
    this.sources = [];
    /** @type {Map<string, SourceMark>} */
    this.marks = new Map();
    this.rest = new RestMark(() => this.sources);
    new ResizeObserver(() => this.#fit()).observe(list);
    document.querySelector(".skip")?.addEventListener("click", skip);
    document.addEventListener("answering", (event) => this.#answers(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {string} name @param {"board" | "settings" | "health"} page */
  name(name, page) {
    this.title.textContent = name;
    const isList = page === "board" && document.body.dataset.view === "list";
    const view = document.getElementById("view");
    if (view) view.textContent = isList ? "List" : VIEWS[page];
    for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".rail .place"))) {
      if (link.dataset.page === page && (link.dataset.view === "list") === isList) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** @param {Source[]} sources */
  show(sources) {
    const before = new Map(this.sources.map((source) => [source.name, source.error]));
    // While a source is asked again, its last failure stands: nobody knows better yet.
    this.sources = sources.map((source) => (source.syncing && !source.error ? { ...source, error: before.get(source.name) ?? null } : source));
    const names = this.sources.map(({ name }) => name);
    if (names.join() !== [...this.marks.keys()].join()) {
      this.marks = new Map(names.map((name) => [name, new SourceMark(name)]));
      this.list.replaceChildren(...[...this.marks.values()].map(({ element }) => element), this.rest.element);
    }
    for (const source of this.sources) this.marks.get(source.name)?.show(source);
    this.#fit();
  }

  /** While the server is silent, nobody knows how its sources are. @param {boolean} isThere */
  #answers(isThere) {
    if (isThere === isAnswering) return;
    isAnswering = isThere;
    for (const source of this.sources) this.marks.get(source.name)?.show(source);
    this.#fit();
  }

  /** Count the seconds on. */
  tick() {
    for (const mark of this.marks.values()) mark.tick();
    this.rest.tick();
  }

  /** Where there is no room for all, the good ones are one; trouble is always said. */
  #fit() {
    const { classList } = this.list;
    const isOver = () => this.list.scrollWidth > this.list.clientWidth;
    classList.remove("tight", "tightest");
    this.rest.element.hidden = true;
    if (!isOver()) return;
    classList.add("tight");
    this.rest.element.hidden = false;
    this.rest.show(false);
    if (!isOver()) return;
    classList.add("tightest");
    this.rest.show(true);
  }
}

/** Skip to what the page shows; the address stays as it is. @param {Event} event */
function skip(event) {
  event.preventDefault();
  const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#board, .list-scroller, #page")]);
  const shown = places.find((place) => place.offsetParent !== null);
  if (!shown) return;
  shown.tabIndex = -1;
  shown.focus();
}

/** One source: a dot, its name, seconds since its last good data; a click tells more. */
class SourceMark {
  /** @param {string} name */
  constructor(name) {
    this.says = h("span", { class: "says" });
    this.paused = h("span", { class: "paused" }, icon("pause"), h("span", { class: "spoken" }, "paused"));
    this.button = h("button", { type: "button", class: "source-button", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => popover(this.button, name, () => [detailOf([this.source])]) }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "name" }, name), " ", this.says, this.paused);
    this.element = h("li", { class: "source" }, this.button);
    this.source = /** @type {Source} */ ({});
  }

  /** @param {Source} source */
  show(source) {
    this.source = source;
    this.element.className = `source ${health(source)}`;
    this.paused.hidden = !source.paused;
    this.tick();
  }

  tick() {
    const text = saying(this.source);
    if (this.says.textContent !== text) this.says.textContent = text;
    const title = isAnswering ? [this.source.error, next(this.source)].filter(Boolean).join(" ") : "The board does not answer";
    if (this.button.title !== title) this.button.title = title;
  }
}

/** What has no room of its own: the good ones, or all of them. */
class RestMark {
  /** @param {() => Source[]} all */
  constructor(all) {
    this.all = all;
    this.isForAll = false;
    this.says = h("span", {});
    this.button = h("button", { type: "button", class: "source-button", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => popover(this.button, "Sources", () => [detailOf(all())]) }, h("span", { class: "dot", "aria-hidden": "true" }), this.says);
    this.element = h("li", { class: "source rest", hidden: true }, this.button);
  }

  /** @param {boolean} isForAll */
  show(isForAll) {
    this.isForAll = isForAll;
    this.tick();
  }

  tick() {
    if (this.element.hidden) return;
    const all = this.all();
    const of = (/** @type {string} */ how) => all.filter((source) => health(source) === how);
    const [good, waits, fails] = [of("good"), of("waits"), of("fails")];
    const oldest = Math.max(...good.map((source) => now() - Date.parse(source.ok_at ?? "")));
    const fresh = good.length > 0 && `${good.length === all.length ? "" : `${good.length} fresh, `}${span(oldest)}`;
    const trouble = this.isForAll ? [fails.length > 0 && `${fails.length} failed`, waits.length > 0 && `${waits.length} waits`] : [];
    const worst = this.isForAll && fails.length ? "fails" : this.isForAll && waits.length ? "waits" : good.length ? "good" : "never";
    this.element.className = `source rest ${worst}`;
    this.says.textContent = [...trouble, fresh].filter(Boolean).join(", ") || `${all.length} ${isAnswering ? "not synced yet" : "unknown"}`;
    if (good.length === all.length) this.says.textContent = `${all.length} ${all.length === 1 ? "source" : "sources"}, ${span(oldest)}`;
  }
}

/** @param {Source[]} sources @returns {HTMLElement} */
function detailOf(sources) {
  return h("div", { class: "source-details" }, ...sources.map(oneDetail), h("p", { class: "source-foot" }, h("a", { href: "/settings", onclick: (/** @type {Event} */ event) => (event.preventDefault(), go({ page: "settings", item: "" })) }, "Sources in Settings")));
}

/** @param {Source} source @returns {HTMLElement} */
function oneDetail(source) {
  const { name, label, ok_at, error, paused } = source;
  /** @type {[string, string][]} */
  const facts = [["Last good data", ok_at ? `${age(ok_at)}, ${moment(ok_at)}` : "none yet"], ["Next look", nextText(source)]];
  if (error) facts.push(["Trouble", error]);
  const list = h("dl", { class: "source-facts" }, ...facts.flatMap(([word, text]) => [h("dt", {}, word), h("dd", { class: word === "Trouble" ? "trouble" : null }, text)]));
  const ask = h("button", { type: "button", class: "button", onclick: syncNow }, icon("refresh-cw"), "Sync now");
  const pause = h("button", { type: "button", class: "button", "aria-label": `${paused ? "Resume" : "Pause"} ${name}`, onclick: () => setPaused(name, !paused, pause) }, icon(paused ? "play" : "pause"), paused ? "Resume" : "Pause");
  return h("section", { class: `source-detail ${health(source)}` }, h("h3", {}, h("span", { class: "dot", "aria-hidden": "true" }), name, label.toLowerCase() !== name && h("span", { class: "count" }, label)), list, h("p", { class: "source-acts" }, ask, pause));
}

/** @param {string} source @param {boolean} paused @param {HTMLElement} button */
async function setPaused(source, paused, button) {
  try {
    const { sources } = await write("POST", "/api/poll", { paused, source });
    const told = sources.find((/** @type {Source} */ one) => one.name === source);
    button.closest(".source-detail")?.replaceWith(oneDetail(told));
    document.dispatchEvent(new CustomEvent("sources", { detail: sources }));
    toast(paused ? `${source} is paused; its data stays as it is.` : `${source} is looked at again.`);
  } catch (error) {
    refusal(error);
  }
}

/** @param {Source} source @returns {"good" | "waits" | "fails" | "never" | "unknown"} */
function health(source) {
  if (!isAnswering) return "unknown";
  if (source.error) return source.waits_until ? "waits" : "fails";
  return source.ok_at ? "good" : "never";
}

/** @param {Source} source @returns {string} */
function saying(source) {
  const old = source.ok_at ? span(now() - Date.parse(source.ok_at)) : "";
  if (!isAnswering) return `unknown${old && `, data ${old} old`}`;
  if (source.error && source.waits_until) return `waits until ${clock(source.waits_until)}${old && `, data ${old} old`}`;
  if (source.error) return `failed${old && `, data ${old} old`}`;
  if (old) return old;
  return source.syncing ? "syncing" : "not synced yet";
}

/** @param {Source} source @returns {string} for the title of a mark */
function next(source) {
  return source.paused ? "Paused: not looked at in the background" : `Next look: ${nextText(source)}`;
}

/** @param {Source} source @returns {string} */
function nextText({ paused, syncing, waits_until, next_at }) {
  if (syncing) return "under way";
  if (paused) return "paused";
  const at = waits_until ?? next_at;
  if (!at) return "when asked";
  const rest = Date.parse(at) - now();
  return rest > 1000 ? `in ${span(rest)}, at ${clock(at)}` : "now";
}
