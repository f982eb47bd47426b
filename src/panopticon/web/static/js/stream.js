/** What happens, as it happens; where the stream does not come through, ask now and then. */

const ISSUE_KINDS = ["issue.created", "issue.updated", "issue.deleted"];
const QUIET = 120;
const POLL = 5000;

export class Stream {
  /**
   * @param {{changed: (events: {seq: number, kind: string, ref: string | null, data: any}[]) => void,
   *   sources: (sources: any[]) => void, lost: (isLost: boolean) => void}} tell
   */
  constructor(tell) {
    this.tell = tell;
    this.waiting = [];
    this.timer = 0;
    this.poll = 0;
    this.seq = 0;
    /** @type {EventSource | null} */
    this.source = null;
  }

  /** Follow from a sequence number on. @param {number} seq */
  follow(seq) {
    this.source?.close();
    this.seq = seq;
    this.source = new EventSource(`/api/events?after=${seq}`);
    for (const kind of ISSUE_KINDS) this.source.addEventListener(kind, (event) => this.#gather(JSON.parse(event.data)));
    this.source.addEventListener("reset", () => this.tell.changed([]));
    this.source.addEventListener("sources", (event) => this.tell.sources(JSON.parse(event.data)));
    this.source.addEventListener("open", () => this.#found());
    this.source.addEventListener("error", () => this.#lost());
  }

  /** Events come in swarms: tell them together. @param {any} event */
  #gather(event) {
    this.seq = event.seq;
    this.waiting.push(event);
    this.timer ||= setTimeout(() => this.#pass(), QUIET);
  }

  /** Ask for everything, and for the stream where the browser has given it up. */
  #again() {
    this.tell.changed([]);
    if (this.source?.readyState === EventSource.CLOSED) this.follow(this.seq);
  }

  #pass() {
    this.timer = 0;
    this.tell.changed(this.waiting.splice(0));
  }

  #found() {
    if (!this.poll) return;
    clearInterval(this.poll);
    this.poll = 0;
    this.tell.lost(false);
    this.tell.changed([]);
  }

  #lost() {
    if (this.poll) return;
    this.poll = setInterval(() => this.#again(), POLL);
    this.tell.lost(true);
  }
}
