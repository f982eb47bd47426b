/** Ask why a claim is taken over: the other one reads it. */

import { h, icon } from "./dom.js";

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
    const box = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "claim-reason", class: "input", rows: 3, maxlength: 2000, required: true, "aria-describedby": "claim-reason-note", placeholder: "Away until Monday; the release needs it" }));
    const note = h("p", { id: "claim-reason-note", class: "small-note", role: "status" }, `${holder} loses the claim; the reason is kept in the history.`);
    const send = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!box.value.trim()) {
        note.textContent = "Say why: it is kept, and the other one reads it.";
        box.setAttribute("aria-invalid", "true");
        return box.focus();
      }
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
          box,
          note,
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
    document.body.append(dialog);
    dialog.showModal();
    box.focus();
  });
}
