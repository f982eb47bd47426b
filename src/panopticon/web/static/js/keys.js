/** What the keys do: walk the cards, act on them, go about the page. The palette and the overlay read the same. */

import { go, here } from "./address.js";
import { askAssign, askCard, askLabels, askMove } from "./asking.js";
import { register } from "./commands.js";
import { canUndo, undo } from "./doing.js";
import { items } from "./items.js";
import { GROUPS } from "./order.js";
import { toggleOverlay } from "./overlay.js";
import { currentRef, meantRefs, selection } from "./selection.js";
import { toast } from "./toast.js";
import { cardOf, focusCard, focusedRef, isWalking, keepFocus, walk } from "./walk.js";

export function registerKeys() {
  register(...walking(), ...acting(), ...choosing(), ...going());
  keepFocus();
}

const isBoard = () => here().page === "board";
const isMeant = () => isBoard() && meantRefs().some((ref) => items.get(ref));

/** @returns {import("./commands.js").Command[]} */
function walking() {
  const when = () => isBoard() && isWalking();
  const way = (/** @type {import("./walk.js").Way} */ to) => () => void walk(to);
  return [
    { id: "walk-down", name: "Next card", group: "Go", keys: ["j", "ArrowDown"], isQuiet: true, when, run: way("down") },
    { id: "walk-up", name: "Card before", group: "Go", keys: ["k", "ArrowUp"], isQuiet: true, when, run: way("up") },
    { id: "walk-left", name: "Column to the left", group: "Go", keys: ["h", "ArrowLeft"], isQuiet: true, when, run: way("left") },
    { id: "walk-right", name: "Column to the right", group: "Go", keys: ["l", "ArrowRight"], isQuiet: true, when, run: way("right") },
    { id: "walk-first", name: "First card of the column", group: "Go", keys: ["Home"], isQuiet: true, when, run: way("first") },
    { id: "walk-last", name: "Last card of the column", group: "Go", keys: ["End"], isQuiet: true, when, run: way("last") },
    { id: "open", name: "Open the card", group: "Item", keys: ["Enter"], icon: "panel-right", when: isOnCard, run: () => go({ item: focusedRef(), tab: "" }) },
    { id: "peek", name: "Peek: open it and stay on the card", group: "Item", keys: [" "], icon: "eye", when: isOnCard, run: peek },
  ];
}

/** @returns {import("./commands.js").Command[]} */
function acting() {
  return [
    { id: "move", name: "Move to …", group: "Item", keys: ["m"], icon: "arrow-right", when: isMeant, run: () => void askMove(meantRefs(), anchor()) },
    { id: "assign", name: "Assign …", group: "Item", keys: ["a"], icon: "user-round", when: isMeant, run: () => void askAssign(meantRefs(), anchor()) },
    { id: "label", name: "Labels (tags) …", group: "Item", keys: ["t"], icon: "tag", when: isMeant, run: () => void askLabels(meantRefs(), anchor()) },
    { id: "actions", name: "All actions …", group: "Item", keys: [".", "ContextMenu", "Shift+F10"], icon: "ellipsis", when: isOnCard, run: () => void askCard(currentRef(), anchor()) },
    { id: "undo", name: "Undo", group: "Item", keys: ["u", "Mod+z"], icon: "undo-2", when: canUndo, run: () => void undo() },
  ];
}

/** @returns {import("./commands.js").Command[]} */
function choosing() {
  const extend = (/** @type {"up" | "down"} */ to) => () => {
    selection.add([focusedRef()].filter(Boolean));
    const ref = walk(to);
    if (ref) selection.add([ref]);
  };
  const when = () => isBoard() && isWalking();
  return [
    { id: "choose", name: "Select the card", group: "Item", keys: ["x"], icon: "square-check", when: () => isMeant() && currentRef() !== "", run: () => selection.toggle(currentRef()) },
    { id: "choose-down", name: "Select downwards", group: "Item", keys: ["J", "Shift+ArrowDown"], isQuiet: true, when, run: extend("down") },
    { id: "choose-up", name: "Select upwards", group: "Item", keys: ["K", "Shift+ArrowUp"], isQuiet: true, when, run: extend("up") },
    { id: "choose-all", name: "Select all that are shown", group: "Item", keys: ["Mod+a"], icon: "square-check", when: isBoard, run: () => selection.add(items.shown().map(({ ref }) => ref)) },
    { id: "choose-none", name: "Select none", group: "Item", keys: ["Escape"], icon: "x", isFirst: true, when: () => selection.refs.size > 0, run: () => selection.clear() },
  ];
}

/** @returns {import("./commands.js").Command[]} */
function going() {
  const isList = () => here().view === "list";
  return [
    { id: "search", name: "Filter or search", group: "Board", keys: ["/"], icon: "search", when: isBoard, run: () => document.getElementById("query")?.focus() },
    { id: "filter", name: "Go to the filters", group: "Board", keys: ["f"], icon: "filter", when: isBoard, run: toFilters },
    { id: "view", name: "Board or list", group: "Board", keys: ["v"], icon: "rows-3", when: isBoard, run: () => go({ view: isList() ? "" : "list" }) },
    { id: "group", name: "Group by the next", group: "Board", keys: ["g"], icon: "layers", when: () => isBoard() && !isList(), run: group },
    { id: "keys", name: "Show all keys", group: "Help", keys: ["?"], icon: "keyboard", run: toggleOverlay },
  ];
}

/** @returns {boolean} whether the card itself has the focus, not a button on it */
function isOnCard() {
  return isBoard() && focusedRef() !== "" && document.activeElement?.closest("button, input, select") === null;
}

/** @returns {HTMLElement} beside what a question is asked: the card, else all that are chosen, else the open item */
function anchor() {
  const bar = /** @type {HTMLElement} */ (document.getElementById("bulk"));
  const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
  const card = cardOf(currentRef());
  if (selection.refs.size && !(card && selection.has(currentRef()))) return bar;
  if (panel.contains(document.activeElement)) return panel.querySelector("h2") ?? panel;
  return card ?? panel;
}

/** Open the panel, the focus stays on the card; once more closes it. */
function peek() {
  const ref = focusedRef();
  if (here().item === ref) return go({ item: "" });
  const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
  const back = () => void focusCard(ref);
  panel.addEventListener("focusin", back, { once: true });
  setTimeout(() => panel.removeEventListener("focusin", back), 1500);
  go({ item: ref });
}

function toFilters() {
  /** @type {HTMLElement | null} */ (document.querySelector("#filters :is(select, button, input, summary):not([disabled])"))?.focus();
}

function group() {
  const names = Object.keys(GROUPS);
  const next = names[(names.indexOf(here().group) + 1) % names.length];
  go({ group: next });
  toast(next ? `Grouped by ${next}.` : "Not grouped.");
}
