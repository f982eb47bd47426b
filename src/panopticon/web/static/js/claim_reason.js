/** Ask why a claim is taken over: the other one reads it. */

import { h, icon } from "./dom.js";
import { explain, fault, faultless } from "./form_row.js";

/**
 * @param {{key: string}} card
 * @param {string} holder
 * @returns {Promise<string | null>} null when put away
 */
export function askReason({ key }, holder) {
  return new Promise((resolve) => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    /** @type {string | null} */
    let given = null;
    const title = `Take ${key} over from ${holder}?`;
    const box = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "claim-reason", class: "input", rows: 3, maxlength: 2000, required: true, placeholder: "Away until Monday; the release needs it" }));
    const send = (/** @type {Event} */ event) => {
      event.preventDefault();
      faultless(dialog);
      if (!box.value.trim()) return fault(box, "Say why.");
      given = box.value.trim();
      dialog.close();
    };
    const cancel = () => dialog.close();
    const dialog = /** @type {HTMLDialogElement} */ (
      h(
        "dialog",
        { class: "claim-reason", "aria-labelledby": "claim-reason-title" },
        h(
          "form",
          { novalidate: true, onsubmit: send },
          h("div", { class: "overlay-head" }, h("h2", { id: "claim-reason-title" }, title), h("span", { class: "gap" }), h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: cancel }, icon("x"))),
          h("label", { for: "claim-reason" }, "Why"),
          h("div", { class: "setting-value" }, box),
          h("div", { class: "acts" }, h("button", { type: "button", class: "button", onclick: cancel }, "Cancel"), h("button", { type: "submit", class: "button primary" }, "Take over")),
        ),
      )
    );
    dialog.addEventListener("click", (event) => event.target === dialog && cancel());
    dialog.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && send(event));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(given);
    });
    explain(box, `${holder} loses the claim, and reads the reason: it is kept in the history.`);
    document.body.append(dialog);
    dialog.showModal();
    box.focus();
  });
}
