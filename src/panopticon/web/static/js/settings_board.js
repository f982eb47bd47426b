/** The board's own settings: limits of columns, how often trackers are asked, who one is. */

import { write } from "./api.js";
import { h } from "./dom.js";
import { busily, row, select } from "./form_row.js";
import { toast } from "./toast.js";

/**
 * @typedef {{me: string | null, me_by_git: string | null, poll_seconds: number, default_tracker: string | null,
 *   limits: Record<string, number | null>, fixed_by: Record<string, string>, is_demo: boolean,
 *   sources: import("./settings_connect.js").Source[]}} Own
 */

/**
 * Draw the form; it saves all of it at once.
 * @param {Own} own
 * @param {() => void} changed
 * @returns {HTMLElement}
 */
export function boardForm(own, changed) {
  const { me, poll, tracker, limits } = controls(own);
  const said = h("div", { class: "said" });
  const save = h("button", { type: "submit", class: "button primary" }, "Save");
  const form = h(
    "form",
    { "aria-label": "The board's settings", autocomplete: "off" },
    row("You are", me, fixed(own, "me") ?? "Your email, or your name in the tracker: what `mine` and `Take` mean."),
    row("Ask trackers every", poll, fixed(own, "poll_seconds") ?? "Seconds between two looks; a failing tracker is asked more rarely."),
    own.sources.length > 1 && row("Default tracker", tracker, fixed(own, "default_tracker") ?? "Where new items go, and what an id without a name in front means."),
    h("fieldset", { class: "limits" }, h("legend", {}, "Most cards in a column"), ...limits.map(({ name, box }) => row(name, box))),
    said,
    h("div", { class: "acts" }, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busily(save, said, async () => {
      await write("PATCH", "/api/settings", given(own, { me, poll, tracker, limits }));
      said.replaceChildren();
      toast("The settings are saved.");
      changed();
    });
  });
  return form;
}

/** @param {Own} own */
function controls(own) {
  const box = (/** @type {Record<string, unknown>} */ attributes) => /** @type {HTMLInputElement} */ (h("input", { class: "input", ...attributes }));
  return {
    me: box({ type: "text", value: own.me ?? "", placeholder: own.me_by_git ?? "", disabled: "me" in own.fixed_by, maxlength: 200 }),
    poll: box({ type: "number", min: 1, step: 1, value: own.poll_seconds, disabled: "poll_seconds" in own.fixed_by }),
    tracker: select(own.sources.map(({ name }) => ({ value: name, text: name })), own.default_tracker ?? "", { disabled: "default_tracker" in own.fixed_by }),
    limits: Object.keys(own.limits).map((state) => ({ state, name: wordOf(state), box: box({ type: "number", min: 1, step: 1, value: own.limits[state] ?? "", placeholder: "no limit" }) })),
  };
}

/** @param {Own} own @param {ReturnType<typeof controls>} controls @returns {Record<string, unknown>} what differs */
function given(own, { me, poll, tracker, limits }) {
  /** @type {Record<string, unknown>} */
  const wanted = {
    me: me.value.trim() || null,
    poll_seconds: poll.value ? Number(poll.value) : null,
    default_tracker: tracker.value || null,
    limits: Object.fromEntries(limits.map(({ state, box }) => [state, box.value ? Number(box.value) : null])),
  };
  const known = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (own));
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name])));
}

/** @param {string} state @returns {string} the column's name, known before the board is read */
export function wordOf(state) {
  const text = state.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {Own} own @param {string} name @returns {string | null} */
function fixed(own, name) {
  return own.fixed_by[name] ? `Decided by \`${own.fixed_by[name]}\`; change it there.` : null;
}
