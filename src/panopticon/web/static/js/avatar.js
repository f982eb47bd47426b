/** Who holds an item: initials in a ring that drains with the lease. */

import { h, svg } from "./dom.js";
import { now } from "./time.js";

const HUES = 8;
const DAY = 86_400_000;
const SOON = 3_600_000;

/**
 * Give a name one of a few colours, always the same.
 * @param {string} text
 * @returns {number}
 */
export function hueOf(text) {
  let sum = 0x811c9dc5; // FNV-1a; its upper bits mix best
  for (const letter of text) sum = Math.imul(sum ^ letter.codePointAt(0), 0x01000193);
  return (sum >>> 15) % HUES;
}

/**
 * Draw a person; decorative, the name stands beside it.
 * @param {{id: string, initials: string, lease?: {locked_at: string | null, expires_at: string | null} | null}} person
 * @returns {HTMLElement}
 */
export function avatar(person) {
  const face = h("span", { class: `face hue-${hueOf(person.id)}` }, person.initials);
  const held = person.lease?.expires_at;
  return h("span", { class: held ? "avatar ringed" : "avatar", "aria-hidden": "true" }, held && ring(person.lease), face);
}

/** @param {{locked_at: string | null, expires_at: string}} lease @returns {SVGElement} */
function ring(lease) {
  const end = Date.parse(lease.expires_at);
  const start = lease.locked_at ? Date.parse(lease.locked_at) : end - DAY;
  const rest = Math.max(0, end - now());
  const share = Math.min(100, (100 * rest) / Math.max(1, end - start));
  const circle = { cx: 13, cy: 13, r: 12, pathLength: 100 };
  return svg(
    "svg",
    { class: rest < SOON ? "ring soon" : "ring", viewBox: "0 0 26 26" },
    svg("circle", { ...circle, class: "track" }),
    svg("circle", { ...circle, class: "rest", "stroke-dasharray": `${share} 100` }),
  );
}
