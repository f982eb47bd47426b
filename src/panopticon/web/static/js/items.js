/**
 * Every card this page knows, as the server last told it, with what the person has just done on top
 * until the server has answered. One for the page: `items`.
 */

/** @typedef {import("./types.js").Card} Card */

class Items extends EventTarget {
  constructor() {
    super();
    /** @type {Map<string, Card>} */
    this.told = new Map();
    /** @type {Map<string, Partial<Card>[]>} */
    this.pending = new Map();
    /** @type {Set<string> | null} the refs that fit the conditions; null where there are none */
    this.fits = null;
    /** @type {Omit<import("./types.js").BoardAnswer, "cards" | "gone">} */
    this.head = { epoch: "", seq: 0, whole: true, now: "", title: "Panopticon", me: null, claims: { arbiter: null, lock_hours: 24, warn_minutes: 60 }, waiting: [], is_demo: false, columns: [], epics: [], sources: [], total: 0 };
    /** Rises with every change, so that what was computed from the cards can be kept until then. */
    this.version = 0;
    /** @type {Map<string, import("./types.js").Epic>} by the ref of each epic the one that stands for it: one that two trackers have is one */
    this.epics = new Map();
    /** Rises when a card or an epic itself changed: what is sorted once stays sorted while one types a filter. */
    this.edition = 0;
    this.counted = { edition: -1, count: 0 };
  }

  /** Take the whole board, or what changed since the last time. @param {import("./types.js").BoardAnswer} answer */
  take({ cards, gone, ...head }) {
    if (head.whole) this.told.clear();
    for (const card of cards) this.told.set(card.ref, card);
    for (const ref of gone) this.told.delete(ref);
    const hasOtherEpics = JSON.stringify(head.epics) !== JSON.stringify(this.head.epics);
    if (head.whole || cards.length || gone.length || hasOtherEpics) this.edition += 1;
    this.head = head;
    const epics = new Map(head.epics.map((epic) => [epic.ref, epic]));
    this.epics = new Map(head.epics.map((epic) => [epic.ref, epics.get(epic.folds_into ?? "") ?? epic]));
    this.changed();
  }

  /** Take one card as a write's answer gives it. @param {Card} card */
  put(card) {
    this.told.set(card.ref, card);
    this.edition += 1;
    this.changed();
  }

  /** Forget a card that is deleted. @param {string} ref */
  drop(ref) {
    if (!this.told.delete(ref)) return;
    this.edition += 1;
    this.changed();
  }

  /** Show only these; null shows all. @param {Iterable<string> | null} refs */
  narrow(refs) {
    this.fits = refs === null ? null : new Set(refs);
    this.changed();
  }

  /** @param {string} ref @returns {Card | undefined} the card as it is to be shown */
  get(ref) {
    const card = this.told.get(ref);
    const patches = this.pending.get(ref);
    return card && patches ? Object.assign({}, card, ...patches) : card;
  }

  /** @param {string[]} refs @returns {Card[]} those of them that are still here */
  those(refs) {
    return refs.flatMap((ref) => this.get(ref) ?? []);
  }

  /** @param {Iterable<string>} sources @returns {string[]} the labels in use there, by name */
  labelsOf(sources) {
    const meant = new Set(sources);
    const labels = new Set([...this.told.values()].flatMap((card) => (meant.has(card.source) ? card.labels : [])));
    return [...labels].sort((a, b) => a.localeCompare(b));
  }

  /**
   * Show a change before the server has answered; the function that comes back takes it away.
   * @param {string} ref
   * @param {Partial<Card>} patch
   * @returns {() => void}
   */
  hurry(ref, patch) {
    this.pending.set(ref, [...(this.pending.get(ref) ?? []), patch]);
    this.changed();
    return () => {
      const rest = (this.pending.get(ref) ?? []).filter((one) => one !== patch);
      if (rest.length) this.pending.set(ref, rest);
      else this.pending.delete(ref);
      this.changed();
    };
  }

  /** @param {string} ref @returns {boolean} whether a change of this card waits for its answer */
  isPending(ref) {
    return this.pending.has(ref);
  }

  /**
   * Give the cards that fit, in the order given (else in none), as they are to be shown.
   * @param {Iterable<Card>} [order]
   * @returns {Card[]}
   */
  shown(order = this.told.values()) {
    const cards = [];
    for (const card of order) {
      if (!this.#isWanted(card.ref) || this.#isFolded(card)) continue;
      cards.push(this.pending.size ? /** @type {Card} */ (this.get(card.ref)) : card);
    }
    return cards;
  }

  /** @param {string} ref @returns {boolean} whether it fits, or was just touched */
  #isWanted(ref) {
    return this.fits === null || this.fits.has(ref) || this.pending.has(ref);
  }

  /** One item of two trackers is one card: the other side stands for both. @param {Card} card @returns {boolean} */
  #isFolded({ folds_into: other }) {
    return Boolean(other) && this.told.has(/** @type {string} */ (other)) && this.#isWanted(/** @type {string} */ (other));
  }

  /** @returns {Card[]} every card as it is to be shown, whether it fits or not */
  shownAll() {
    const cards = [...this.told.values()].filter(({ folds_into: other }) => !other || !this.told.has(other));
    return cards.map((card) => (this.pending.size ? /** @type {Card} */ (this.get(card.ref)) : card));
  }

  /** @returns {number} how many cards there are when all are shown */
  countAll() {
    if (this.counted.edition !== this.edition) this.counted = { edition: this.edition, count: this.shownAll().length };
    return this.counted.count;
  }

  changed() {
    this.version += 1;
    this.dispatchEvent(new Event("change"));
  }
}

export const items = new Items();

/** @param {Pick<Card, "state">} card @returns {boolean} whether nobody has begun it, by its column */
export function isUnstarted({ state }) {
  return state === "backlog" || state === "planning";
}

/** @param {import("./types.js").State} state @returns {string} the name of a column */
export function columnName(state) {
  return items.head.columns.find((column) => column.state === state)?.name ?? state;
}

/**
 * Say who has a card: whoever holds a claim that has not ended, else the assignee.
 * @param {Pick<Card, "lease" | "assignee">} card
 * @param {number} now
 * @returns {(import("./types.js").Person & {lease: import("./types.js").Lease | null}) | null}
 */
export function holderOf({ lease, assignee }, now) {
  const isHeld = lease && (lease.expires_at === null || Date.parse(lease.expires_at) > now);
  if (isHeld) return { ...lease.holder, lease };
  return assignee && { ...assignee, lease: null };
}

