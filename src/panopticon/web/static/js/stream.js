/**
 * What happens, as it happens; where the stream does not come through, ask now and then.
 *
 * A browser opens about six connections to a host, so its tabs share one stream: the tab that
 * holds the lock listens and passes on what it hears; when it closes, the next one takes over.
 */

const ISSUE_KINDS = ["issue.created", "issue.updated", "issue.deleted"];
const QUIET = 120;
const POLL = 5000;
const SHARED = "panopticon-stream";

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
    /** What the other tabs hear; listened to before the board is read, so that nothing is missed. */
    this.tabs = navigator.locks && window.BroadcastChannel ? new BroadcastChannel(SHARED) : null;
    this.tabs?.addEventListener("message", ({ data }) => this.#hear(data.name, data.data));
  }

  /** Follow from a sequence number on. @param {number} seq */
  follow(seq) {
    this.seq = Math.max(this.seq, seq);
    if (!this.tabs) return this.#listen();
    const untilClosed = () => new Promise(() => this.#listen());
    navigator.locks.request(SHARED, untilClosed).catch(() => this.#listen());
  }

  /** Open the stream, for this tab and the others. */
  #listen() {
    this.source?.close();
    this.source = new EventSource(`/api/events?after=${this.seq}`);
    for (const kind of ISSUE_KINDS) this.source.addEventListener(kind, (event) => this.#pass(kind, JSON.parse(event.data)));
    this.source.addEventListener("reset", (event) => this.#pass("reset", { seq: Number(event.lastEventId) }));
    this.source.addEventListener("sources", (event) => this.#pass("sources", JSON.parse(event.data)));
    this.source.addEventListener("open", () => this.#pass("open"));
    this.source.addEventListener("error", () => this.#pass("error"));
  }

  /** @param {string} name @param {any} [data] */
  #pass(name, data) {
    this.tabs?.postMessage({ name, data });
    this.#hear(name, data);
  }

  /** @param {string} name @param {any} data */
  #hear(name, data) {
    if (name === "sources") this.tell.sources(data);
    else if (name === "open") this.#found();
    else if (name === "error") this.#lost();
    else if (name === "reset") this.#anew(data.seq);
    else if (data.seq > this.seq) this.#gather(data);
  }

  /** The numbers of a new store begin anew. @param {number} seq */
  #anew(seq) {
    this.seq = seq;
    this.tell.changed([]);
  }

  /** Events come in swarms: tell them together. @param {any} event */
  #gather(event) {
    this.seq = event.seq;
    this.waiting.push(event);
    this.timer ||= setTimeout(() => this.#flush(), QUIET);
  }

  /** Ask for everything, and for the stream where the browser has given it up. */
  #again() {
    this.tell.changed([]);
    if (this.source?.readyState === EventSource.CLOSED) this.#listen();
  }

  #flush() {
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
