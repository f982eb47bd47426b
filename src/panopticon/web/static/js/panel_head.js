/** The head of the open item: which it is, its title, its state, and what one can do with it now. */

import { blockedChip, glyph, hereOnly, nativeChip, urgencyOf } from "./card.js";
import { go } from "./address.js";
import { hasArbiter, reasons } from "./claim.js";
import { copy } from "./clipboard.js";
import { h, icon } from "./dom.js";
import { Field } from "./field.js";
import { moveBy } from "./item_act.js";
import { columnName, holderOf, isUnstarted, items } from "./items.js";
import { claimButtons } from "./panel_claim.js";
import { near } from "./panel_links.js";
import { more } from "./panel_menu.js";
import { Part } from "./part.js";
import * as act from "./act.js";
import { refusal } from "./toast.js";
import { now } from "./time.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./panel.js").Host} Host */

const TITLE = { name: "title", label: "Title", type: "text", required: true, values: [], many: false };
/** @typedef {{close: () => void, walk: (step: number) => void, widen: () => void, isWide: () => boolean}} Ways */

/** @param {Ways} ways @returns {Part} */
export function bar(ways) {
  return new Part(
    h("div", { class: "bar" }),
    (item) => [item.ref, item.key, item.source, epicOf(item), item.url, item.can.delete],
    (item) => {
      const epic = epicOf(item);
      return [
        glyph(item.source),
        h("button", { type: "button", class: "key copied", title: "Copy the key", "aria-label": `Copy ${item.key}`, "data-mark": "key", onclick: () => copy(item.key, `${item.key} is on the clipboard.`, `The key is ${item.key}.`) }, item.key),
        epic && h("span", { class: "within" }, "in ", near(epic)),
        h("span", { class: "gap" }),
        quiet("chevron-up", "Previous item", "[", () => ways.walk(-1)),
        quiet("chevron-down", "Next item", "]", () => ways.walk(1)),
        more(item, ways.close),
        widener(ways),
        closer(ways.close),
      ];
    },
  );
}

/** @param {Item} item @returns {import("./types.js").Near | null} what it is all for, as the board groups it */
export function epicOf({ epic, ref, parent_item }) {
  if (!epic || epic === ref) return null;
  if (parent_item?.ref === epic) return parent_item;
  const known = items.head.epics.find((one) => one.ref === epic);
  return known ? { ref: known.ref, key: known.key, title: known.title, state: null } : null;
}

/** @param {() => void} close @returns {HTMLElement} */
export function closer(close) {
  return quiet("x", "Close", "Esc", close);
}

/** @param {Ways} ways @returns {HTMLElement} */
function widener(ways) {
  const button = quiet("maximize-2", "Full width", "", () => {
    ways.widen();
    told();
  });
  const told = () => {
    button.setAttribute("aria-pressed", String(ways.isWide()));
    button.replaceChildren(icon(ways.isWide() ? "minimize-2" : "maximize-2"));
  };
  button.classList.add("widener");
  told();
  return button;
}

/** @param {string} sign @param {string} name @param {string} key @param {() => void} onclick @returns {HTMLElement} */
function quiet(sign, name, key, onclick) {
  return h("button", { type: "button", class: "quiet", "aria-label": name, title: key ? `${name} (${key})` : name, onclick, "data-mark": name }, icon(sign));
}

/** @param {Item} item @param {import("./field.js").Host} host @returns {Field} */
export function titleField(item, host) {
  const field = new Field(TITLE, item, host, ({ title, can }, edit) => [
    h("h2", { tabindex: -1, dir: "auto", "data-mark": "title", ondblclick: can.edit.includes("title") && edit }, title),
    can.edit.includes("title") && h("button", { type: "button", class: "quiet pencil", "aria-label": "Edit title", title: "Edit title", "data-edit": "", "data-mark": "edit-title", onclick: edit }, icon("pencil")),
  ]);
  field.element.classList.add("heading");
  return field;
}

/** @param {Host} host @returns {Part} the state, which opens the columns; the team's word; trouble; what one can do next */
export function marks(host) {
  return new Part(
    h("div", { class: "marks" }),
    (item) => [item.state, item.native_state, item.cancelled, item.blocked, item.priority, item.labels, item.can, item.here_only, hasArbiter() ? reasons(item) : canTake(item)],
    (item) => [
      stateChip(item, host),
      nativeChip(item.native_state),
      hereOnly(item),
      item.cancelled && h("span", { class: "chip" }, "cancelled"),
      urgencyOf(item),
      item.blocked && blockedChip(item.blocked),
      ...item.labels.map((label) => h("button", { type: "button", class: "chip label", dir: "auto", title: "Show only cards with this label", onclick: () => go({ label: [label] }), "data-mark": `label-${label}` }, label)),
      h("span", { class: "gap" }),
      hasArbiter() && h("span", { class: "claim-acts" }, ...claimButtons(item)),
      !hasArbiter() && canTake(item) && h("button", { type: "button", class: "button primary", "data-mark": "take", onclick: () => act.take(item.ref) }, "Take"),
    ],
  );
}

/** @param {Item} item @param {Host} host @returns {HTMLElement} */
function stateChip(item, host) {
  const dot = h("span", { class: `dot ${item.state}`, "aria-hidden": "true" });
  const name = columnName(item.state);
  if (!item.can.move) return h("span", { class: "chip state" }, dot, name);
  const button = h("button", { type: "button", class: "chip state", "aria-haspopup": "listbox", "aria-label": `State: ${name}. Move to …`, title: "Move to …", "data-mark": "state", "data-stays": "", onclick: () => moveBy(item, button).catch(refusal).then(host.refresh) }, dot, name, icon("chevron-down"));
  return button;
}

/** @param {Item} item @returns {boolean} whether it is free, or waits for the person it was given to */
function canTake(item) {
  const holder = holderOf(item, now());
  const isFree = !holder || (isUnstarted(item) && !holder.lease && holder.id === items.head.me?.id);
  return isFree && item.can.edit.includes("assignee") && item.state !== "done" && items.told.has(item.ref);
}
