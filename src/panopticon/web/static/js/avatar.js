/** Who holds an item: initials in a ring that drains with the lease; an agent is a square. */

import { isMe, isNearEnd } from "./claim.js";
import { h, icon, svg } from "./dom.js";
import { now } from "./time.js";

const HUES = 8;
const DAY = 86_400_000;
const AGENT = /^(claude|codex|copilot|gemini|cursor|devin|agent)\b|[-_.](agent|bot)(@|$)|\[bot\]$/i;

/** @typedef {{locked_at: string | null, expires_at: string | null}} Span */

/**
 * Give a name one of a few colours, always the same.
 * @param {string} text
 * @returns {number}
 */
function hueOf(text) {
  let sum = 0x811c9dc5; // FNV-1a; its upper bits mix best
  for (const letter of text) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (sum >>> 15) % HUES;
}

/** @param {string} id @returns {boolean} whether a holder is a program, as far as its name says */
function isAgent(id) {
  return AGENT.test(id);
}

/**
 * Draw a person; decorative, the name stands beside it.
 * @param {{id: string, initials: string, lease?: Span | null}} person
 * @returns {HTMLElement}
 */
export function avatar(person) {
  const isProgram = isAgent(person.id);
  const face = isProgram ? h("span", { class: "face agent" }, icon("bot")) : h("span", { class: `face hue-${hueOf(person.id)}` }, person.initials);
  const { lease } = person;
  return h("span", { class: lease?.expires_at ? "avatar ringed" : "avatar", "aria-hidden": "true" }, lease?.expires_at ? ring(lease.locked_at, lease.expires_at, isMe(person.id)) : null, face);
}

/** @param {string | null} lockedAt @param {string} expiresAt @param {boolean} isOwn @returns {Node} */
function ring(lockedAt, expiresAt, isOwn) {
  const circle = { cx: 13, cy: 13, r: 12, pathLength: 100 };
  const drawn = svg("svg", { class: isOwn ? "ring own" : "ring", viewBox: "0 0 26 26" }, svg("circle", { ...circle, class: "track" }), svg("circle", { ...circle, class: "rest" }));
  const end = Date.parse(expiresAt);
  drawn.dataset.end = String(end);
  drawn.dataset.start = String(lockedAt ? Date.parse(lockedAt) : end - DAY);
  drain(drawn);
  return drawn;
}

/** Show how much is left of a claim. @param {SVGElement} drawn */
function drain(drawn) {
  const [start, end] = [Number(drawn.dataset.start), Number(drawn.dataset.end)];
  const rest = Math.max(0, end - now());
  const share = Math.min(100, (100 * rest) / Math.max(1, end - start));
  drawn.classList.toggle("soon", isNearEnd(end));
  drawn.lastElementChild?.setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
}

/** Keep every ring on the page true. */
export function drainRings() {
  for (const drawn of document.querySelectorAll("svg.ring")) drain(/** @type {SVGElement} */ (drawn));
}
