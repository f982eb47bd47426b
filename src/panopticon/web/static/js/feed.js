/** Keep the page's cards true: the whole board once, then what changed, and which cards fit. */

import { conditions, here, onPlace } from "./address.js";
import { ask } from "./api.js";
import { items } from "./items.js";
import { Stream } from "./stream.js";
import { setClock } from "./time.js";

/**
 * @typedef {{trouble: (error: any) => void, mended: () => void, said: (text: string) => void,
 *   sources: (sources: import("./types.js").Source[]) => void, lost: (isLost: boolean) => void,
 *   news: (events: import("./types.js").News[]) => void}} Listener
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
    onPlace(() => conditions(here()) !== this.asked && this.match());
  }

  /** Read the board and begin to follow it. */
  async start() {
    await Promise.all([this.#read(true), this.match()]);
    this.stream.follow(items.head.seq);
  }

  /** Ask which cards fit what the address says. */
  async match() {
    const turn = ++this.turn;
    this.asked = conditions(here());
    if (!this.asked) return items.narrow(null);
    try {
      const { refs } = await ask(`/api/board/matches?${this.asked}`);
      if (turn === this.turn) items.narrow(refs);
    } catch (error) {
      if (turn === this.turn) this.tell.trouble(error);
    }
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
      items.take(answer);
      document.body.dataset.seq = String(answer.seq);
      this.tell.sources(answer.sources);
      this.tell.mended();
    } catch (error) {
      this.tell.trouble(error);
    }
  }

  /** One reading at a time, and a rest after a long one. @param {import("./types.js").News[]} events */
  async #changed(events) {
    this.waiting.push(events);
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting.length) {
      const start = performance.now();
      const told = this.waiting.splice(0).flat();
      await this.refresh();
      this.tell.news(told);
      await new Promise((rest) => setTimeout(rest, Math.min(1000, performance.now() - start)));
    }
    this.isBusy = false;
  }
}
