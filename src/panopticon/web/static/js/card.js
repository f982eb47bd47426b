/** The one renderer of a card: what, who holds it, which state, what is in the way. */

import { avatar } from "./avatar.js";
import { addressOf, here } from "./address.js";
import { h, icon } from "./dom.js";
import { holderOf, items } from "./items.js";
import { age, left, span, now } from "./time.js";

/** @typedef {import("./types.js").Card} Card */

const URGENCY = { 1: "urgent", 2: "high" };
/** @returns {HTMLElement} an empty card to be drawn into */
export function blankCard() {
  return h("li", { class: "card", role: "listitem" }, h("span"), h("a", { class: "title-link" }), h("span"));
}

/**
 * Draw a card into its element; the link stays the same element, so that focus stays on it.
 * @param {HTMLElement} element
 * @param {Card} card
 */
export function drawCard(element, card) {
  const [top, link, bottom] = element.children;
  element.setAttribute("aria-label", nameOf(card));
  element.dataset.ref = card.ref;
  element.classList.toggle("cancelled", card.cancelled);
  link.setAttribute("href", addressOf({ ...here(), item: card.ref }));
  link.replaceChildren(h("span", { class: "spoken" }, `${card.key} `), h("span", { class: "title", dir: "auto" }, card.title));
  top.replaceWith(head(card));
  bottom.replaceWith(foot(card));
}

/** @param {Card} card @returns {string} what a screen reader says: id, title, holder and trouble */
export function nameOf(card) {
  const parts = [`${card.key} ${card.title}`];
  const holder = holderOf(card, now());
  if (holder) parts.push(`${holder.lease ? "held by" : "assigned to"} ${holder.name}`);
  if (card.blocked) parts.push(blockedText(card.blocked));
  return parts.join(", ");
}

/** @param {{by: {ref: string, key: string}[], reason: string | null}} blocked @returns {string} */
export function blockedText(blocked) {
  return blocked.by.length ? `blocked by ${blocked.by.map(({ key }) => key).join(", ")}` : `blocked${blocked.reason ? `: ${blocked.reason}` : ""}`;
}

/** @param {string} source @returns {HTMLElement} the source's letter in its colour */
export function glyph(source) {
  const place = Math.max(0, items.head.sources.findIndex(({ name }) => name === source)) % 6;
  return h("span", { class: `glyph source-${place}`, title: source, "aria-hidden": "true" }, source.slice(0, 1).toUpperCase());
}

/** @param {string} word @returns {HTMLElement} the team's own word for a state */
export function nativeChip(word) {
  return h("span", { class: "chip native", title: "The tracker's own state" }, word);
}

/** @param {{by: {ref: string, key: string}[], reason: string | null}} blocked @returns {HTMLElement} */
export function blockedChip(blocked) {
  const more = blocked.by.length > 1 ? ` +${blocked.by.length - 1}` : "";
  return h("span", { class: "chip blocked", title: blockedText(blocked) }, icon("ban"), `${blocked.by[0]?.key ?? "blocked"}${more}`);
}

/** @param {{done: number, total: number}} progress @returns {HTMLElement} */
export function progressBar({ done, total }) {
  const bar = h("progress", { max: total, value: done, "aria-label": `${done} of ${total} tasks done` });
  return h("span", { class: "progress", title: `${done} of ${total} tasks done` }, bar, `${done}/${total}`);
}

/** @param {Card} card @returns {HTMLElement} */
function head(card) {
  const urgency = card.state !== "done" && URGENCY[card.priority];
  return h(
    "span",
    { class: "row head" },
    glyph(card.source),
    h("span", { class: "key" }, card.key),
    urgency && h("span", { class: card.priority === 1 ? "urgent" : "high" }, urgency),
    holderOf(card, now()) && nativeChip(card.native_state),
    h("span", { class: "gap" }),
    card.points !== null && h("span", { class: "points", title: "Points" }, String(card.points)),
  );
}

/** @param {Card} card @returns {HTMLElement} */
function foot(card) {
  const holder = holderOf(card, now());
  return h(
    "span",
    { class: "row foot" },
    ...(holder ? person(holder, card) : [nativeChip(card.native_state), since(card.updated_at)]),
    h("span", { class: "gap" }),
    card.blocked && blockedChip(card.blocked),
    card.progress && progressBar(card.progress),
  );
}

/** @param {NonNullable<ReturnType<typeof holderOf>>} holder @param {Card} card @returns {HTMLElement[]} who holds it, else whose it is */
function person(holder, card) {
  const first = holder.name.split(" ")[0];
  const said = `${holder.lease ? "Held by" : "Assigned to"} ${holder.name}`;
  const end = holder.lease?.expires_at;
  const time = end
    ? h("time", { datetime: end, "data-shows": "left", title: `Claim ends in ${span(Date.parse(end) - now())}` }, left(end))
    : since(card.updated_at);
  return [avatar(holder), h("span", { class: "holder", title: said }, first), time];
}

/** @param {string} moment @returns {HTMLElement} */
function since(moment) {
  return h("time", { datetime: moment, "data-shows": "age", title: `Changed ${new Date(moment).toLocaleString()}` }, age(moment));
}
