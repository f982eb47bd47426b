/** An empty board says why it is empty and offers the next step. */

import { go, unfiltered } from "./address.js";
import { run } from "./commands.js";
import { h, icon, worded } from "./dom.js";
import { addressToConnect, offerInto } from "./settings_types.js";
import { syncNow } from "./syncing.js";

/**
 * Choose what to say when no card is shown.
 * @param {{total: number, sources: import("./types.js").Source[]}} board
 * @param {boolean} isFiltered
 * @returns {HTMLElement}
 */
export function emptyBoard(board, isFiltered) {
  if (board.total > 0 && isFiltered) return said("search", "Nothing matches", "No item fits these filters.", button("Clear the filters", () => go(unfiltered())));
  if (!board.sources.length) return unconnected();
  const failed = board.sources.find((source) => source.error);
  if (failed) return said("triangle-alert", `${failed.name} could not be read`, failed.error ?? "", button("Try again", syncNow), button("Check its settings", settings, "button"));
  if (board.sources.every((source) => source.ok_at)) return said("inbox", "No items in scope", "The trackers answered, but the configured projects hold no stories, defects or issues.", button("Create one", () => run("create")), button("Sync now", syncNow, "button"));
  return said("refresh-cw", "Reading your trackers", "The first look is under way; cards appear as they come.", button("Sync now", syncNow));
}

/** @returns {HTMLElement} */
function unconnected() {
  const element = said("plug", "No tracker is connected yet", "Connect one here, or in a terminal with `pan init`. To look around first: `pan demo` opens a board with made-up work.");
  const place = element.querySelector(".commands");
  if (place instanceof HTMLElement) offerInto(place, connect, settings);
  return element;
}

/** To the settings, with the form for a new tracker of this type open. @param {{type: string}} type */
function connect({ type }) {
  settings();
  history.replaceState(history.state, "", addressToConnect(type));
}

function settings() {
  go({ page: "settings", item: "" });
}

/** @param {string} sign @param {string} title @param {string} text @param {...HTMLElement} steps @returns {HTMLElement} */
function said(sign, title, text, ...steps) {
  return h("div", { class: "empty" }, icon(sign), h("h2", {}, title), h("p", {}, ...worded(text)), h("div", { class: "commands" }, ...steps));
}

/** @param {string} text @param {() => void} onclick @param {string} [look] @returns {HTMLElement} */
function button(text, onclick, look = "button primary") {
  return h("button", { type: "button", class: look, onclick }, text);
}
