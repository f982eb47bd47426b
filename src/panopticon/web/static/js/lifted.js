/** The cards that are being dragged: where they may be dropped, and what a drop does. */

import { assign, move } from "./act.js";
import { here } from "./address.js";
import { columnName, items } from "./items.js";
import { laneOf } from "./order.js";
import { toast } from "./toast.js";
import { targetsOf } from "./words.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").State} State */
/** @typedef {{state: State, lane: string | null}} Spot a column, in a lane where there are lanes */
/** @typedef {{kind: "home" | "good" | "bad", reason: string}} Verdict */

export class Lifted {
  /**
   * @param {string[]} refs the first is the one under the pointer
   * @param {() => void} told is called when it is known where they may go
   */
  constructor(refs, told) {
    this.refs = refs;
    /** Where the person saw them when they were taken up. @type {Map<string, State>} */
    this.seen = new Map(this.cards().map(({ ref, state }) => [ref, state]));
    this.first = /** @type {Card} */ (items.get(refs[0]));
    /** @type {import("./words.js").Target[] | null} */
    this.targets = null;
    this.told = told;
    this.#ask();
  }

  /** @returns {Card[]} those that are still here */
  cards() {
    return items.those(this.refs);
  }

  /** Let go of what has vanished, and ask anew for what has changed. @returns {boolean} whether anything is left */
  refresh() {
    const first = items.get(this.refs[0]);
    this.refs = this.refs.filter((ref) => items.told.has(ref));
    if (!first || !this.refs.length) return false;
    if (first.native_state !== this.first.native_state) this.#ask();
    this.first = first;
    return true;
  }

  #ask() {
    targetsOf(this.cards()).then((targets) => {
      this.targets = targets;
      this.told();
    }, () => undefined); // unknown stays neutral: the tracker will say
  }

  /** @param {State} state @returns {string} why none of them may go to a column, "" where one may or nobody knows */
  refusal(state) {
    const target = this.targets?.find((one) => one.state === state);
    if (!target || target.isAllowed || target.isHere) return "";
    return target.reason || `${this.first.source} does not allow it.`;
  }

  /** @param {Spot} spot @returns {Verdict} */
  verdict({ state, lane }) {
    const isOwnLane = lane === null || lane === laneOf(this.first, here().group);
    if (!isOwnLane && here().group !== "assignee") return { kind: "bad", reason: "A card keeps its epic here: change it in the item." };
    const reason = this.refusal(state);
    if (reason) return { kind: "bad", reason };
    const isHome = isOwnLane && this.cards().every((card) => card.state === state && this.seen.get(card.ref) === state);
    return isHome ? { kind: "home", reason: "" } : { kind: "good", reason: this.targets?.find((one) => one.state === state)?.note ?? "" };
  }

  /** Drop them. @param {Spot} spot */
  drop(spot) {
    const { kind, reason } = this.verdict(spot);
    const what = this.refs.length === 1 ? this.first.key : `${this.refs.length} items`;
    if (kind === "bad") toast(`${what} cannot go to ${columnName(spot.state)}: ${reason}`, { isTrouble: true, about: this.first.ref });
    if (kind !== "good") return;
    move(this.refs, spot.state, { seen: this.seen });
    if (spot.lane !== null && spot.lane !== laneOf(this.first, here().group)) assign(this.refs, personOf(spot.lane));
  }
}

/** @param {string} id @returns {import("./types.js").Person | null} */
function personOf(id) {
  for (const { assignee } of items.told.values()) if (id && assignee?.id === id) return assignee;
  return null;
}
