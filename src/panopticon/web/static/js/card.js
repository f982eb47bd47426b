/** The one renderer of a card: what, who holds it, which state, what is in the way, what next. */

import { avatar } from "./avatar.js";
import { hasArbiter, isFree, isMe } from "./claim.js";
import { h, icon } from "./dom.js";
import { columnName, holderOf, isUnstarted, items } from "./items.js";
import { selection } from "./selection.js";
import { moment, now, span } from "./time.js";
import { twinMark, twinText } from "./twin.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {NonNullable<Card["blocked"]>} Blocked */

/** @type {Record<number, string>} */
const URGENCY = { 1: "urgent", 2: "high" };
const panel = document.getElementById("panel");

/** @returns {HTMLElement} an empty card to be drawn into */
export function blankCard() {
  return h(
    "li",
    { class: "card", role: "listitem" },
    h("span"),
    h("a", { class: "title-link", draggable: "false" }),
    h("span"),
    h("input", { type: "checkbox", class: "chooser", tabindex: "-1" }),
  );
}

/**
 * Draw a card into its element; the link stays the same element, so that focus stays on it.
 * @param {HTMLElement} element
 * @param {Card} card
 */
export function drawCard(element, card) {
  const [top, link, bottom, chooser] = /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (element.children));
  const hadFocus = bottom.contains(document.activeElement);
  element.setAttribute("aria-label", nameOf(card));
  element.dataset.ref = card.ref;
  element.classList.toggle("cancelled", card.cancelled);
  element.classList.toggle("mine", isMe(holderOf(card, now())?.id ?? "") && card.state !== "done");
  link.setAttribute("href", `/item?ref=${encodeURIComponent(card.ref)}`);
  link.replaceChildren(h("span", { class: "spoken" }, `${card.key} `), h("span", { class: "title", dir: "auto" }, card.title));
  top.replaceWith(head(card));
  bottom.replaceWith(foot(card));
  if (isFootFull(card) && saysMore(card)) link.setAttribute("title", `The tracker's own state: ${card.native_state}`);
  else link.removeAttribute("title");
  markCard(element, card.ref);
  chooser.setAttribute("aria-label", `Select ${card.key}`);
  if (hadFocus) link.focus({ preventScroll: true });
}

/** Show what is no part of the card itself: chosen, open, waiting for its answer. @param {HTMLElement} element @param {string} ref */
export function markCard(element, ref) {
  const isChosen = selection.has(ref);
  element.classList.toggle("is-chosen", isChosen);
  element.classList.toggle("open", panel?.dataset.ref === ref);
  const chooser = /** @type {HTMLInputElement} */ (element.querySelector(".chooser"));
  chooser.checked = isChosen;
  if (items.isPending(ref)) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}

/** @param {Card} card @returns {string} what a screen reader says: id, title, holder and trouble */
export function nameOf(card) {
  const parts = [`${card.key} ${card.title}`];
  const holder = holderOf(card, now());
  if (holder) parts.push(`${holder.lease ? "held by" : "assigned to"} ${holder.name}${holder.lease?.expires_at ? ` until ${moment(holder.lease.expires_at)}` : ""}`);
  if (card.here_only) parts.push(`${columnName(card.state)} here only`);
  if (card.blocked) parts.push(blockedText(card.blocked));
  if (card.twin) parts.push(twinText(card.twin));
  if (items.head.sources.length > 1) parts.push(`in ${card.source}`);
  return parts.join(", ");
}

/** @param {Blocked} blocked @returns {string} */
export function blockedText(blocked) {
  return blocked.by.length ? `blocked by ${blocked.by.map(({ key }) => key).join(", ")}` : `blocked${blocked.reason ? `: ${blocked.reason}` : ""}`;
}

/** @param {string} source @returns {HTMLElement} the source's letters, told apart where there are several */
export function glyph(source) {
  return h("span", { class: "glyph", title: source, "aria-hidden": "true" }, lettersOf(source));
}

/** @param {string} source @returns {string} its first letter; one more where another source begins so */
function lettersOf(source) {
  const alike = items.head.sources.filter(({ name }) => name !== source && name[0] === source[0]);
  if (!alike.length) return source.slice(0, 1).toUpperCase();
  const after = source.search(/[-_. ]\w/) + 1; // rally-eu beside rally
  const next = after || [...source].findIndex((letter, at) => at > 0 && alike.every(({ name }) => name[at] !== letter));
  return next > 0 ? source[0].toUpperCase() + source[next].toLowerCase() : source.slice(0, 1).toUpperCase();
}

/** @param {string} word @returns {HTMLElement} the team's own word for a state */
export function nativeChip(word) {
  return h("span", { class: "chip native", title: `The tracker's own state: ${word}` }, word);
}

/** @param {Blocked} blocked @returns {HTMLElement} */
export function blockedChip(blocked) {
  const more = blocked.by.length > 1 ? ` +${blocked.by.length - 1}` : "";
  return h("span", { class: "chip blocked", title: blockedText(blocked) }, icon("ban"), `${blocked.by[0]?.key ?? "blocked"}${more}`);
}

/** @param {{done: number, total: number}} progress @returns {HTMLElement} */
export function progressBar({ done, total }) {
  const bar = h("progress", { max: total, value: done, "aria-label": `${done} of ${total} tasks done` });
  return h("span", { class: "progress", title: `${done} of ${total} tasks done` }, bar, `${done}/${total}`);
}

/** @param {Pick<Card, "priority" | "state">} card @returns {HTMLElement | false} */
export function urgencyOf({ priority, state }) {
  const word = state !== "done" && URGENCY[priority];
  return Boolean(word) && h("span", { class: priority === 1 ? "urgent" : "high" }, word);
}

/** @param {Card} card @returns {boolean} whether the team's own word says what the column does not */
function saysMore({ state, native_state }) {
  const plain = (/** @type {string} */ word) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return plain(native_state) !== plain(columnName(state));
}

/** @param {Card} card @returns {boolean} whether the foot has no room for that word */
function isFootFull(card) {
  return card.blocked ? Boolean(card.progress) : hasArbiter() && Boolean(holderOf(card, now())) && isFree(card);
}

/** @param {Card} card @returns {HTMLElement} */
function head(card) {
  return h(
    "span",
    { class: "row head" },
    glyph(card.source),
    h("span", { class: "key", title: card.kind === "story" ? null : card.kind }, card.key),
    twinMark(card),
    hereOnly(card),
    urgencyOf(card),
    h("span", { class: "gap" }),
    card.points !== null && h("span", { class: "points", title: `${card.points} points` }, String(card.points)),
  );
}

/** @param {Card} card @returns {HTMLElement} */
function foot(card) {
  const holder = holderOf(card, now());
  const native = saysMore(card) && !isFootFull(card) && nativeChip(card.native_state);
  return h(
    "span",
    { class: "row foot" },
    ...(holder ? person(holder, card) : [since(card.updated_at)]),
    native,
    h("span", { class: "gap" }),
    card.blocked && blockedChip(card.blocked),
    card.progress && !card.blocked && progressBar(card.progress),
    verb(card, holder),
  );
}

/** @param {Card} card @param {unknown} holder @returns {HTMLElement | false} what one does next with a free card */
function verb(card, holder) {
  if (hasArbiter()) return isFree(card) && h("button", { type: "button", class: "verb", "aria-label": `Check out ${card.key}`, title: "Hold it, so that nobody else works on it, and start it" }, "Check out");
  const isOpen = !holder && !card.blocked && isUnstarted(card);
  return isOpen && h("button", { type: "button", class: "verb", "aria-label": `Take ${card.key}`, title: "Make it mine and start it" }, "Take");
}

/** @param {Pick<Card, "here_only" | "state" | "source" | "native_state">} card @returns {HTMLElement | false} that its tracker has no word for the column */
export function hereOnly({ here_only, state, source, native_state }) {
  return here_only && h("span", { class: "here-only", title: `${source} has no word for ${columnName(state)}: this board keeps it there until ${source} says something else than ${native_state}` }, "here only");
}

/** @param {NonNullable<ReturnType<typeof holderOf>>} holder @param {Card} card @returns {HTMLElement[]} who holds it, else whose it is */
function person(holder, card) {
  const first = holder.name.split(" ")[0];
  const said = `${holder.lease ? "Held by" : "Assigned to"} ${holder.name}`;
  const end = holder.lease?.expires_at;
  const time = end
    ? h("time", { datetime: end, "data-shows": "left", title: `The claim ends in ${span(Date.parse(end) - now())}, ${moment(end)}` }, span(Date.parse(end) - now()), h("span", { class: "unit" }, " left"))
    : since(card.updated_at);
  return [avatar(holder), h("span", { class: "holder", title: said }, first), time];
}

/** @param {string} iso @returns {HTMLElement} */
export function since(iso) {
  return h("time", { datetime: iso, "data-shows": "age", title: `Changed ${moment(iso)}` }, span(now() - Date.parse(iso)), h("span", { class: "unit" }, " ago"));
}
