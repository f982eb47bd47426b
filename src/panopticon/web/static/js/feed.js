/** Keep the page's cards true: the whole board once, then what changed, and which cards fit. */

import { conditions, here, onPlace } from "./address.js";
import { ask } from "./api.js";
import { items } from "./items.js";
import { Stream } from "./stream.js";
import { setClock } from "./time.js";

const AWAY = 20_000;

/**
 * @typedef {{trouble: (error: any) => void, mended: () => void,
 *   sources: (sources: import("./types.js").Source[]) => void, lost: (isLost: boolean) => void,
 *   news: (events: import("./types.js").News[]) => void, misread: (error: any) => void}} Listener
 */

export class Feed {
  /** @param {Listener} tell */
  constructor(tell) {
    this.tell = tell;
    this.asked = "";
    this.turn = 0;
    /** @type {import("./types.js").News[][]} */
    this.waiting = [];
    this.isBusy = false;
    this.stream = new Stream({ changed: (events) => this.#changed(events), sources: tell.sources, lost: tell.lost });
    this.isOut = false;
    this.isMissing = false;
    onPlace(() => conditions(here()) !== this.asked && this.match());
    document.addEventListener("visibilitychange", () => !document.hidden && (this.isMissing || this.isOut || this.#isLongAgo()) && this.wake());
    window.addEventListener("online", () => this.wake());
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
  }

  /** Read the board and begin to follow it. */
  async start() {
    await Promise.all([this.#read(true), this.match()]);
    this.stream.follow(items.head.seq);
  }

  /** The page is looked at again after a while, or the network is back. */
  wake() {
    this.isMissing = false;
    this.isOut = false;
    this.stream.wake();
  }

  /** @returns {boolean} */
  #isLongAgo() {
    return Date.now() - this.stream.heardAt > AWAY;
  }

  /** Ask which cards fit what the address says. */
  async match() {
    const turn = ++this.turn;
    this.asked = conditions(here());
    if (!this.asked) return this.#fits(null);
    try {
      const { refs } = await ask(`/api/board/matches?${this.asked}`);
      if (turn === this.turn) this.#fits(refs);
    } catch (error) {
      if (turn !== this.turn) return;
      // What cannot be read changes nothing: the board keeps what it shows.
      if (/** @type {any} */ (error).status === 400) this.tell.misread(error);
      else this.#failed(error);
    }
  }

  /** @param {string[] | null} refs */
  #fits(refs) {
    this.tell.misread(null);
    items.narrow(refs);
  }

  /** Read what changed and show it, as after a write of one's own. */
  async refresh() {
    await this.#read(false);
    if (this.asked) await this.match();
  }

  /** @param {boolean} isWhole */
  async #read(isWhole) {
    const { epoch, seq } = items.head;
    const since = isWhole || !epoch ? "" : `?since=${seq}&epoch=${encodeURIComponent(epoch)}`;
    try {
      const answer = await ask(`/api/board${since}`);
      setClock(answer.now);
      // Of two answers that overtook one another, the newer one stands.
      if (answer.epoch === items.head.epoch && answer.seq < items.head.seq) return;
      items.take(answer);
      document.body.dataset.seq = String(answer.seq);
      this.tell.sources(answer.sources);
      this.tell.mended();
      answering(true);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Who is signed out asks no more until the page is looked at again. @param {any} error */
  #failed(error) {
    this.tell.trouble(error);
    if (error.status === 0) answering(false);
    if (error.status !== 401) return;
    this.isOut = true;
    this.stream.end();
  }

  /** One reading at a time, and a rest after a long one. @param {import("./types.js").News[]} events */
  async #changed(events) {
    this.waiting.push(events);
    // A hundred tabs need not all ask: one that nobody sees asks when it is looked at.
    if (document.hidden) this.isMissing = true;
    if (this.isBusy || this.isOut || document.hidden) return;
    this.isBusy = true;
    try {
      while (this.waiting.length) await this.#catchUp(this.waiting.splice(0).flat());
    } finally {
      this.isBusy = false;
    }
  }

  /** @param {import("./types.js").News[]} events */
  async #catchUp(events) {
    const start = performance.now();
    await this.refresh();
    this.tell.news(events);
    await new Promise((rest) => setTimeout(rest, Math.min(1000, performance.now() - start)));
  }
}

/** Tell whoever shows how fresh things are: nothing is known while the server is silent. @param {boolean} isThere */
function answering(isThere) {
  document.dispatchEvent(new CustomEvent("answering", { detail: isThere }));
}
