/** Claims by key and palette: for the card that has the focus, else the open one. */

import { here } from "./address.js";
import { reasons } from "./claim.js";
import { claim, takeOver } from "./claim_act.js";
import { register } from "./commands.js";
import { items } from "./items.js";
import { currentRef } from "./selection.js";

/** @typedef {import("./claim.js").Verb} Verb */

export function registerClaims() {
  const may = (/** @type {Verb} */ verb) => () => {
    const card = here().page === "board" ? items.get(currentRef()) : undefined;
    return card !== undefined && reasons(card)[verb] === "";
  };
  register(
    { id: "claim-checkout", name: "Check out", group: "Item", keys: ["o"], icon: "hand", when: may("checkout"), run: () => void claim(currentRef(), "checkout") },
    { id: "claim-renew", name: "Renew the claim", group: "Item", keys: ["r"], icon: "clock", when: may("renew"), run: () => void claim(currentRef(), "renew") },
    { id: "claim-release", name: "Give back", group: "Item", keys: ["b"], icon: "undo-2", when: may("release"), run: () => void claim(currentRef(), "release") },
    { id: "claim-steal", name: "Take over …", group: "Item", icon: "user-round", when: may("steal"), run: () => void takeOver(currentRef()) },
    { id: "messages", name: "Go to the message", group: "Go", keys: ["n"], icon: "message-square", when: () => lastMessage() !== null, run: () => lastMessage()?.focus() },
  );
}

/** @returns {HTMLElement | null} the first thing to do in the newest message */
function lastMessage() {
  const toasts = document.querySelectorAll("#toasts .toast");
  return toasts[toasts.length - 1]?.querySelector("button") ?? null;
}
