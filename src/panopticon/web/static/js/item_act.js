/** Ask what to do with the open item; epics and steps have no card, so what they may is asked here. */

import * as act from "./act.js";
import { read } from "./api.js";
import { askAssign, askMove } from "./asking.js";
import { columnName, items } from "./items.js";
import { choose } from "./menu.js";
import { people } from "./words.js";

/** @typedef {import("./types.js").Item} Item */

/** Ask where to, and move. @param {Item} item @param {HTMLElement} anchor */
export async function moveBy(item, anchor) {
  if (items.get(item.ref)) return askMove([item.ref], anchor);
  const { ref, key } = item;
  const moves = read("/api/item/moves", { ref }).then((answer) => /** @type {import("./types.js").Move[]} */ (answer.moves));
  const choices = moves.then((all) => all.map(({ state, allowed, reason, note }) => ({ value: state, text: columnName(state), swatch: state, disabled: !allowed || state === item.state, reason: state === item.state ? "It is here now" : (reason ?? note ?? "") })));
  const state = /** @type {import("./types.js").State | null} */ (await choose({ anchor, title: `Move ${key} to`, choices }));
  if (state) await act.moveItem(item, state);
}

/** Ask to whom, and assign. @param {Item} item @param {HTMLElement} anchor */
export async function giveBy(item, anchor) {
  if (items.get(item.ref)) return askAssign([item.ref], anchor);
  const choices = people(item.source).then((all) => [{ value: "", text: "Nobody", icon: "minus" }, ...all.map(({ id, name }) => ({ value: id, text: name }))]);
  const id = await choose({ anchor, title: `Assign ${item.key} to`, choices, chosen: [item.assignee?.id ?? ""], isFiltered: true });
  if (id !== null) await act.edit(item, { assignee: id || null }, { assignee: item.values.assignee ?? null });
}
