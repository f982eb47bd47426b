/** An empty board says why it is empty and offers the next step. */

import { ask } from "./api.js";
import { go, unfiltered } from "./address.js";
import { h, icon, worded } from "./dom.js";

/**
 * Choose what to say when no card is shown.
 * @param {{total: number, sources: import("./types.js").Source[]}} board
 * @param {boolean} isFiltered
 * @param {(error: any) => void} trouble
 * @returns {HTMLElement}
 */
export function emptyBoard(board, isFiltered, trouble) {
  if (board.total > 0 && isFiltered) return said("search", "Nothing matches", "No item fits these filters.", button("Clear the filters", () => go(unfiltered())));
  if (!board.sources.length) return said("plug", "No tracker is connected yet", "Connect one in a terminal; this page follows by itself.", lines("pan init", "pan demo"));
  const failed = board.sources.find((source) => source.error);
  if (failed) return said("triangle-alert", `${failed.name} could not be read`, failed.error ?? "", button("Try again", () => sync(trouble)));
  if (board.sources.some((source) => source.ok_at)) return said("layers", "No items in scope", "The trackers answered, but the configured projects hold no stories, defects or issues.", button("Sync now", () => sync(trouble)));
  return said("refresh-cw", "Reading your trackers", "The first look is under way; cards appear as they come.", button("Sync now", () => sync(trouble)));
}

/** Ask every source for news. @param {(error: any) => void} trouble */
export function sync(trouble) {
  return ask("/api/sync", { method: "POST" }).catch(trouble);
}

/** @param {string} sign @param {string} title @param {string} text @param {HTMLElement} next @returns {HTMLElement} */
function said(sign, title, text, next) {
  return h("div", { class: "empty" }, icon(sign), h("h2", {}, title), h("p", {}, ...worded(text)), next);
}

/** @param {string} text @param {() => void} onclick @returns {HTMLElement} */
function button(text, onclick) {
  return h("button", { type: "button", class: "button primary", onclick }, text);
}

/** @param {...string} commands @returns {HTMLElement} */
function lines(...commands) {
  return h("p", { class: "commands" }, ...commands.map((command) => h("code", {}, command)));
}
