/** The types of tracker that can be connected, and the buttons that begin with one of them. */

import { ask } from "./api.js";
import { h, icon } from "./dom.js";

/**
 * One thing that a type asks for; `type` says how.
 * @typedef {{name: string, type: "line" | "secret" | "places" | "folders" | "flag", label: string, help: string, required: boolean}} Input
 * @typedef {{above: string, part: string, parts: string}} Words how a type calls what it reads: several parts of one above
 * @typedef {{type: string, label: string, offer: string, needs_key: boolean, server: string | null, key_help: string, name: string, place: Words, inputs: Input[]}} Type
 */

const CONNECT = "#connect"; // of the settings' address: opens the form for a new one

/** @param {string} word @returns {string} as a label begins */
export function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** @type {Promise<Type[]> | null} */
let asked = null;

/** The types as the server tells them, asked for once. @returns {Promise<Type[]>} */
function types() {
  asked ??= ask("/api/settings").then(
    ({ types }) => types,
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** @param {string} type @returns {string} the address at which its form stands open */
export function addressToConnect(type) {
  return `/settings${CONNECT}-${type}`;
}

/** @returns {string | null} the type whose form the address asks for */
export function wantedType() {
  return location.pathname === "/settings" && location.hash.startsWith(`${CONNECT}-`) ? location.hash.slice(CONNECT.length + 1) : null;
}

/**
 * Make a button for each type, so that nobody has to know beforehand what there is.
 * @param {Type[]} types
 * @param {(type: Type) => void} open
 * @returns {HTMLElement[]}
 */
export function offers(types, open) {
  return types.map((type) => h("button", { type: "button", class: "button", "data-type": type.type, onclick: () => open(type) }, icon(type.needs_key ? "plug" : "folder"), type.offer));
}

/**
 * Put the buttons into a place as soon as the types are known.
 * @param {HTMLElement} place
 * @param {(type: Type) => void} open
 * @param {() => void} otherwise where no type can be told, the settings say why
 */
export async function offerInto(place, open, otherwise) {
  place.classList.add("offers");
  try {
    const made = offers(await types(), open);
    made[0]?.classList.add("primary");
    place.replaceChildren(...made);
  } catch {
    place.replaceChildren(h("button", { type: "button", class: "button primary", onclick: otherwise }, "To the settings"));
  }
}
