/** Say what came in about a claim, for those who do not see the card change. */

import { isMe } from "./claim.js";
import { nameOfPerson } from "./claim_taken.js";
import { items } from "./items.js";

/** @type {Record<string, (key: string, name: string) => string>} */
const SAID = {
  "claim.taken": (key, name) => `${key} is held by ${name}.`,
  "claim.renewed": (key, name) => `${key} is held by ${name} for longer.`,
  "claim.released": (key) => `${key} is given back.`,
  "claim.expired": (key) => `${key} is free: its claim has ended.`,
  "claim.stolen": (key, name) => `${key} was taken over by ${name}.`,
};

/** @param {import("./types.js").News[]} events @returns {string} "" where they tell of more than one claim, or of none */
export function claimNews(events) {
  const claims = events.filter(({ kind }) => kind in SAID);
  const card = items.get(claims[0]?.ref ?? "");
  const isOne = claims.length === 1 && card !== undefined && events.every(({ ref }) => ref === claims[0].ref);
  const isLost = isMe(String(claims[0]?.data?.from ?? "")); // a message says so
  return isOne && !isLost ? SAID[claims[0].kind](card.key, nameOfPerson(claims[0].data?.holder ?? "")) : "";
}
