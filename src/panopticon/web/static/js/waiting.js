/** Ask for what may take long: a button that is busy, the seconds in sight, and a way to stop waiting. */

import { h } from "./dom.js";
import { refused } from "./form_row.js";

export { write as send } from "./api.js";

const LONG = 10; // seconds from which on it is said that the other side is slow

/** @type {WeakMap<HTMLElement, AbortController>} what is under way, by the place that tells of it */
const underWay = new WeakMap();

/**
 * Do one thing at a time in `place`; the buttons beside wait meanwhile, and a refusal is shown there.
 * @param {HTMLElement} button
 * @param {HTMLElement} place
 * @param {(signal: AbortSignal) => Promise<unknown>} act
 * @param {string} [stopped] what is said when somebody stopped waiting
 */
export async function busily(button, place, act, stopped = "Stopped waiting; nothing was changed.") {
  if (underWay.has(place) || button.getAttribute("aria-disabled") === "true") return;
  const control = new AbortController();
  underWay.set(place, control);
  const buttons = /** @type {HTMLElement[]} */ ([...(button.closest(".acts")?.querySelectorAll("button:not([data-always])") ?? [button])]);
  for (const one of buttons) one.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  const clock = wait(place, control);
  try {
    await act(control.signal);
  } catch (error) {
    const isLeftAlone = place.contains(document.activeElement); // the focus was on what goes now
    if (control.signal.aborted) place.replaceChildren(h("p", { class: "help", role: "status" }, stopped));
    else refused(place, error);
    if (isLeftAlone) button.focus();
  } finally {
    clearInterval(clock);
    underWay.delete(place);
    place.querySelector(".waiting")?.remove();
    for (const one of buttons) one.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

/** Stop what `place` waits for, if anything. @param {HTMLElement} place */
export function stop(place) {
  underWay.get(place)?.abort();
}

/** @param {HTMLElement} place @param {AbortController} control @returns {number} the timer that counts */
function wait(place, control) {
  const words = h("span", {}, "Waiting for an answer …");
  const seconds = h("span", { class: "seconds", "aria-hidden": "true" });
  const enough = h("button", { type: "button", class: "button", hidden: true, onclick: () => control.abort() }, "Stop waiting");
  const start = Date.now();
  place.replaceChildren(h("div", { class: "waiting" }, h("p", { class: "help", role: "status" }, words), seconds, enough));
  return window.setInterval(() => {
    const passed = Math.round((Date.now() - start) / 1000);
    enough.hidden = false;
    seconds.textContent = `${passed} s`;
    if (passed === LONG) words.textContent = "Still waiting: the tracker is slow …";
  }, 1000);
}
