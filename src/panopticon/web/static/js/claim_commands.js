/** Claims by key and palette: for the card that has the focus, else the open one. */

import { here } from "./address.js";
import { reasons } from "./claim.js";
import { acts } from "./claim_act.js";
import { register } from "./commands.js";
import { items } from "./items.js";
import { currentRef } from "./selection.js";

/** @typedef {import("./claim.js").Verb} Verb */

export function registerClaims() {
  const may = (/** @type {Verb} */ verb) => () => {
    const card = here().page === "board" ? items.get(currentRef()) : undefined;
    return card !== undefined && reasons(card)[verb] === "";
  };
  for (const { verb, name, icon, key, run } of acts) register({ id: `claim-${verb}`, name, group: "Item", keys: key ? [key] : [], icon, when: may(verb), run: () => run(currentRef()) });
  register(
    { id: "messages", name: "Go to the message", group: "Go", keys: ["n"], icon: "message-square", when: () => lastMessage() !== null, run: () => lastMessage()?.focus() },
  );
}

/** @returns {HTMLElement | null} the first thing to do in the newest message */
function lastMessage() {
  const toasts = document.querySelectorAll("#toasts .toast");
  return toasts[toasts.length - 1]?.querySelector("button") ?? null;
}
