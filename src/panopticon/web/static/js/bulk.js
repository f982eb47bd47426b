/** One action on all chosen cards: the bar at the foot of the page while cards are chosen. */

import { askAssign, askLabels, askMove } from "./asking.js";
import { work } from "./doing.js";
import { h, icon } from "./dom.js";
import { selection } from "./selection.js";

/** @param {HTMLElement} place */
export function showBulk(place) {
  const count = h("span", { class: "many", role: "status" });
  const bar = /** @type {HTMLProgressElement} */ (h("progress", { "aria-label": "Written to the trackers", hidden: true }));
  const ask = (/** @type {typeof askMove} */ question) => (/** @type {Event} */ event) =>
    void question([...selection.refs], /** @type {HTMLElement} */ (event.currentTarget));
  const stop = button("Stop", "circle-x", () => work.stop());
  place.replaceChildren(
    count,
    bar,
    stop,
    button("Move", "arrow-right", ask(askMove)),
    button("Assign", "user-round", ask(askAssign)),
    button("Label", "tag", ask(askLabels)),
    button("Clear", "x", () => selection.clear()),
  );
  const show = () => {
    const many = selection.refs.size;
    const isRunning = work.total > 1;
    place.hidden = !many && !isRunning;
    document.body.classList.toggle("with-bulk", !place.hidden);
    const said = isRunning ? `${work.made} of ${work.total} written` : `${many} selected`;
    if (count.textContent !== said) count.textContent = said;
    bar.hidden = stop.hidden = !isRunning;
    bar.max = Math.max(1, work.total);
    bar.value = work.made;
  };
  selection.addEventListener("change", show);
  work.addEventListener("change", show);
  show();
}

/** @param {string} name @param {string} sign @param {(event: Event) => void} does @returns {HTMLElement} */
function button(name, sign, does) {
  return h("button", { type: "button", class: "button", onclick: does }, icon(sign), name);
}
