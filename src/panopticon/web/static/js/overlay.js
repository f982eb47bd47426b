/** The overlay of all keys, by group. */

import { everything } from "./commands.js";
import { h, icon } from "./dom.js";
import { FIELD_HELP } from "./query_words.js";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
/** @type {Record<string, string>} */
const SAID = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", " ": "Space", Escape: "Esc", ContextMenu: "Menu" };
const GROUPS = { Go: "Go about", Select: "Select cards", Help: "Help", Item: "Act on cards", Board: "The board" }; // two columns of one height
const SEARCHES = [
  ["password reset", "Both words, anywhere in an item"],
  ['"exact words"', "These words, one after the other"],
  ["-label:ui", "Not so"],
  ["state:review,done", "One or the other"],
  ["is:blocked assignee:me", "Mine and blocked"],
  ["updated:<2d", "Changed within two days"],
];
/** @type {HTMLDialogElement | null} */
let overlay = null;

/** @param {string} key as commands name it @returns {string} as it stands on a keyboard */
function keyName(key) {
  const [, mod, shift, name] = /** @type {RegExpExecArray} */ (/^(Mod\+)?(Shift\+)?(.*)$/s.exec(key));
  const word = SAID[name] ?? (mod || shift ? name.toUpperCase() : name);
  return [mod && (IS_MAC ? "⌘" : "Ctrl"), shift && "Shift", word].filter(Boolean).join(IS_MAC && mod ? " " : "+");
}

/** @param {string[]} names @returns {HTMLElement[]} */
export function keyCaps(names) {
  return names.map((name) => h("kbd", {}, keyName(name)));
}

/** Show every key, or put them away. */
export function toggleOverlay() {
  if (overlay) return overlay.close();
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const close = () => overlay?.close();
  const groups = Object.entries(GROUPS).map(([group, name]) => section(group, name));
  overlay = /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      { class: "overlay", "aria-labelledby": "keys-title" },
      h("div", { class: "overlay-head" }, h("h2", { id: "keys-title" }, "Keys"), h("span", { class: "gap" }), h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: close }, icon("x"))),
      h("div", { class: "groups" }, ...groups),
      language(),
    )
  );
  overlay.addEventListener("click", (event) => event.target === overlay && close());
  overlay.addEventListener("keydown", (event) => event.key === "?" && (event.preventDefault(), close()));
  overlay.addEventListener("close", () => {
    overlay?.remove();
    overlay = null;
    before?.focus({ preventScroll: true });
  });
  document.body.append(overlay);
  overlay.showModal();
}

/** @param {import("./commands.js").Command} command @returns {string} */
function groupOf({ id, group }) {
  return id.startsWith("choose") ? "Select" : group;
}

/** One key, one line: where commands share it, the one that is asked first has it. @param {import("./commands.js").Command} command @returns {string[]} */
function keysOf({ id, keys = [] }) {
  return keys.filter((key) => sharing(key)[0].id === id);
}

/** @param {string} key @returns {import("./commands.js").Command[]} the commands it runs, first the one that is asked first */
function sharing(key) {
  return everything()
    .filter(({ keys }) => keys?.includes(key))
    .sort((a, b) => Number(b.isFirst ?? false) - Number(a.isFirst ?? false));
}

/** @param {string} key @returns {string} what it does, and else does */
function namesOf(key) {
  const [first, ...others] = sharing(key).map(({ name }) => name);
  return [first, ...others.map((name) => name[0].toLowerCase() + name.slice(1))].join(", else ");
}

/** @param {string} group @param {string} name @returns {HTMLElement | null} */
function section(group, name) {
  const rows = everything()
    .filter((command) => groupOf(command) === group)
    .map(keysOf)
    .filter((keys) => keys.length);
  if (!rows.length) return null;
  const id = `keys-${group}`;
  const list = h("dl", {}, ...rows.map((keys) => h("div", {}, h("dt", {}, namesOf(keys[0])), h("dd", {}, ...keyCaps(keys)))));
  return h("section", { "aria-labelledby": id }, h("h3", { id }, name), list);
}

/** @returns {HTMLElement} what can be asked in the query bar */
function language() {
  const rows = SEARCHES.map(([text, help]) => h("div", {}, h("dt", {}, help), h("dd", {}, h("code", {}, text))));
  const fields = Object.keys(FIELD_HELP).map((name) => `${name}:`).join(" ");
  return h("section", { class: "language", "aria-labelledby": "keys-query" }, h("h3", { id: "keys-query" }, "In the query bar"), h("dl", {}, ...rows), h("p", { class: "small-note" }, "Fields: ", h("code", {}, fields)));
}
