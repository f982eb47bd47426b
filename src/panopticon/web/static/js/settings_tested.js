/** What a tracker answered when it was tried: who one is, what one may do, how much is there. */

import { h, icon, worded } from "./dom.js";

/**
 * @typedef {{name: string, ok: boolean, seconds: number, user?: string, workspace?: {name: string, id: string},
 *   project?: {name: string, id: string} | null, can_write?: boolean | null, counts?: Record<string, number>,
 *   warnings?: string[], clock_skew_seconds?: number | null, message?: string, hint?: string}} Tested
 */

const SKEW = 300; // seconds from which on a clock is called wrong
/** @type {Record<string, [string, string]>} */
const KINDS = { epic: ["epic", "epics"], feature: ["feature", "features"], story: ["story", "stories"], defect: ["defect", "defects"], task: ["task", "tasks"], issue: ["issue", "issues"] };

const FIRST = 5; // problems that are shown at once

/** @param {Tested} tested @param {import("./settings_types.js").Type} [type] @returns {HTMLElement} */
export function testedCard(tested, type) {
  const isSignedIn = type?.needs_key ?? true;
  if (!tested.ok) return h("div", { class: "tested bad", role: "alert" }, h("p", {}, icon("circle-x"), h("strong", { dir: "auto" }, ...worded(tested.message ?? "It does not answer."))), h("p", { class: "help" }, ...worded(tested.hint ?? "")));
  const rows = [
    [isSignedIn ? "Signed in as" : "Writes as", tested.user],
    [isSignedIn ? "Sees" : "Reads", [...new Set([tested.workspace?.name, tested.project?.name])].filter(Boolean).join(" / ")],
    ["May", tested.can_write === false ? "only read: moves, edits and comments will be refused" : tested.can_write ? "read and write" : "read; whether it may write is not known"],
    ["Holds", counted(tested.counts ?? {})],
    ["Took", tested.seconds < 0.1 ? "less than 0.1 s" : `${tested.seconds.toFixed(1)} s`],
  ];
  const skew = tested.clock_skew_seconds ?? 0;
  const warnings = [...(tested.warnings ?? []), ...(Math.abs(skew) > SKEW ? [`This machine's clock is ${Math.round(Math.abs(skew) / 60)} min ${skew > 0 ? "ahead of" : "behind"} the server's.`] : [])];
  return h(
    "div",
    { class: "tested good", role: "status" },
    h("p", {}, icon("circle-check"), h("strong", {}, isSignedIn ? "The connection works" : "The files can be read")),
    h("dl", { class: "pairs" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, value)])),
    ...problems(warnings),
  );
}

/**
 * Show the first problems; the others fold away.
 * @param {string[]} texts
 * @returns {HTMLElement[]}
 */
export function problems(texts) {
  const rest = texts.slice(FIRST);
  const folded = rest.length > 0 && h("details", { class: "more-problems" }, h("summary", {}, `${rest.length} more`), ...rest.map(warned));
  return [...texts.slice(0, FIRST).map(warned), ...(folded ? [folded] : [])];
}

/** @param {string} text @returns {HTMLElement} what works, but not as one may think */
function warned(text) {
  return h("p", { class: "warned" }, icon("triangle-alert"), h("span", { dir: "auto" }, ...worded(text)));
}

/** @param {Record<string, number>} counts @returns {string} `39 stories, 1 defect` */
function counted(counts) {
  const said = Object.entries(counts).filter(([, count]) => count).map(([kind, count]) => `${count.toLocaleString()} ${(KINDS[kind] ?? [kind, `${kind}s`])[count === 1 ? 0 : 1]}`);
  return said.join(", ") || "no items";
}
