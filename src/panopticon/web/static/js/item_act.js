/**
 * Write to the open item. What has a card on the board is written through `act`, so that the board
 * follows at once and undo knows it; epics and steps have none and are written by themselves.
 */

import * as act from "./act.js";
import { read, write } from "./api.js";
import { askAssign, askMove } from "./asking.js";
import { columnName, items } from "./items.js";
import { choose } from "./menu.js";
import { refusal, toast } from "./toast.js";
import { changeOf } from "./value.js";
import { people } from "./words.js";

/** @typedef {import("./types.js").Item} Item */

/**
 * Write fields as the page saw them; throws what the server said.
 * @param {Item} item
 * @param {Record<string, any>} fields
 * @param {Record<string, any>} expected
 */
export async function save(item, fields, expected) {
  if (items.get(item.ref)) return act.edit(item.ref, fields, expected);
  const { ref, key } = item;
  const { before, after } = await write("PATCH", "/api/item", { ref, fields, expected });
  undoable(`${key} ${changeOf(fields)} in ${item.source}`, () => write("PATCH", "/api/item", { ref, fields: before, expected: after }));
}

/** Ask where to, and move. @param {Item} item @param {HTMLElement} anchor */
export async function moveBy(item, anchor) {
  if (items.get(item.ref)) return askMove([item.ref], anchor);
  const { ref, key } = item;
  const moves = read("/api/item/moves", { ref }).then((answer) => /** @type {import("./types.js").Move[]} */ (answer.moves));
  const choices = moves.then((all) => all.map(({ state, allowed, reason }) => ({ value: state, text: columnName(state), swatch: state, disabled: !allowed || state === item.state, reason: reason ?? "It is here now" })));
  const state = /** @type {import("./types.js").State | null} */ (await choose({ anchor, title: `Move ${key} to`, choices }));
  if (!state) return;
  const { before } = await write("POST", "/api/item/move", { ref, state, expected: item.state });
  undoable(`${key} moved to ${columnName(state)} in ${item.source}`, () => write("POST", "/api/item/move", { ref, ...before, expected: state }));
}

/** Ask to whom, and assign. @param {Item} item @param {HTMLElement} anchor */
export async function giveBy(item, anchor) {
  if (items.get(item.ref)) return askAssign([item.ref], anchor);
  const choices = people(item.source).then((all) => [{ value: "", text: "Nobody", icon: "minus" }, ...all.map(({ id, name }) => ({ value: id, text: name }))]);
  const id = await choose({ anchor, title: `Assign ${item.key} to`, choices, chosen: [item.assignee?.id ?? ""], isFiltered: true });
  if (id !== null) await save(item, { assignee: id || null }, { assignee: item.values.assignee ?? null });
}

/** @param {string} said @param {() => Promise<unknown>} back */
function undoable(said, back) {
  toast(said, { undo: () => void back().then(() => toast(`Undone: ${said}.`), refusal) });
}
