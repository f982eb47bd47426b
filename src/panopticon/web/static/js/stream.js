/**
 * What happens, as it happens; where the stream does not come through, ask now and then.
 *
 * A browser opens about six connections to a host, so its tabs share one stream: the tab that
 * holds the lock listens and passes on what it hears; when it closes, the next one takes over.
 * A tab that has heard nothing for long asks for a sign of life: the listener opens the stream
 * anew, and a listener that stays silent loses the lock.
 */

const CLAIM_KINDS = ["taken", "renewed", "released", "expired", "stolen"].map((kind) => `claim.${kind}`);
const WRITE_KINDS = ["queued", "sent", "dropped"].map((kind) => `write.${kind}`);
const KINDS = ["issue.created", "issue.updated", "issue.deleted", ...CLAIM_KINDS, ...WRITE_KINDS];
const QUIET = 120;
const POLL = 5000;
const SOON = 1000; // a stream that merely broke is back by then
const SHARED = "panopticon-stream";
const FIRST_WORD = 6000; // a proxy that holds the stream back says nothing
const SILENT = 40_000;
const LISTENER_ANSWERS = 4000;
const WATCH = 5000;

/** @typedef {import("./types.js").News} News */

export class Stream {
  /**
   * @param {{changed: (events: News[]) => void,
   *   sources: (sources: import("./types.js").Source[]) => void, lost: (isLost: boolean) => void}} tell
   */
  constructor(tell) {
    this.tell = tell;
    /** @type {News[]} */
    this.waiting = [];
    this.timer = 0;
    this.poll = 0;
    this.first = 0;
    this.seq = 0;
    this.heardAt = Date.now();
    this.watchedAt = Date.now();
    this.isEnded = false;
    /** @type {EventSource | null} */
    this.source = null;
    /** What the other tabs hear; listened to before the board is read, so that nothing is missed. */
    this.tabs = navigator.locks && window.BroadcastChannel ? new BroadcastChannel(SHARED) : null;
    this.tabs?.addEventListener("message", ({ data }) => this.#hear(data.name, data.data));
  }

  /** Follow from a sequence number on. @param {number} seq */
  follow(seq) {
    this.seq = Math.max(this.seq, seq);
    setInterval(() => this.#watch(), WATCH);
    this.#queue();
  }

  /** Listen no more: the session has ended. */
  end() {
    this.isEnded = true;
    clearInterval(this.poll);
    this.poll = 0;
    this.source?.close();
  }

  /** The page is looked at again, or the network is back: what was missed may be much. */
  wake() {
    const wasEnded = this.isEnded;
    this.isEnded = false;
    this.tell.changed([]);
    if (wasEnded || Date.now() - this.heardAt > SILENT) this.#reopen();
  }

  /** Wait for the turn to listen; where tabs cannot share, listen at once. @param {LockOptions} [how] */
  #queue(how = {}) {
    if (!this.tabs) return this.#listen();
    const untilClosed = () => new Promise(() => this.#listen());
    // A lock that was taken away is waited for again; where there are none, each tab listens for itself.
    navigator.locks.request(SHARED, how, untilClosed).catch((error) => (error.name === "AbortError" ? this.#handOver() : this.#listen()));
  }

  #handOver() {
    this.source?.close();
    this.source = null;
    this.#queue();
  }

  /** Open the stream, for this tab and the others. */
  #listen() {
    if (this.isEnded) return;
    this.source?.close();
    const source = new EventSource(`/api/events?after=${this.seq}`);
    this.source = source;
    for (const kind of KINDS) source.addEventListener(kind, (event) => this.#pass(kind, JSON.parse(event.data)));
    source.addEventListener("reset", (event) => this.#pass("reset", { seq: Number(event.lastEventId) }));
    source.addEventListener("sources", (event) => this.#pass("sources", JSON.parse(event.data)));
    source.addEventListener("error", () => this.#pass("error"));
    clearTimeout(this.first);
    this.first = window.setTimeout(() => this.source === source && this.#pass("error"), FIRST_WORD);
  }

  /** @param {string} name @param {any} [data] */
  #pass(name, data) {
    if (name !== "error") clearTimeout(this.first);
    this.tabs?.postMessage({ name, data });
    this.#hear(name, data);
  }

  /** @param {string} name @param {any} data */
  #hear(name, data) {
    if (name === "error") return this.#lost();
    if (name === "listening?") return void (this.source && this.#reopen());
    this.heardAt = Date.now();
    this.#found();
    if (name === "sources") this.tell.sources(data);
    else if (name === "reset") this.#anew(data.seq);
    else if (data?.seq > this.seq) this.#gather(data);
  }

  /** The numbers of a new store begin anew. @param {number} seq */
  #anew(seq) {
    this.seq = seq;
    this.tell.changed([]);
  }

  /** Events come in swarms: tell them together. @param {News} event */
  #gather(event) {
    this.seq = event.seq;
    this.waiting.push(event);
    this.timer ||= window.setTimeout(() => this.#flush(), QUIET);
  }

  #flush() {
    this.timer = 0;
    this.tell.changed(this.waiting.splice(0));
  }

  /** Notice that the machine slept, or that nothing comes any more. */
  #watch() {
    const slept = Date.now() - this.watchedAt > SILENT;
    this.watchedAt = Date.now();
    if (this.isEnded || document.hidden) return;
    if (slept) this.wake();
    else if (Date.now() - this.heardAt > SILENT) this.#reopen();
  }

  /** Open the stream anew; its first words are heard by all. Another tab's is asked for, then taken over. */
  #reopen() {
    this.heardAt = Date.now();
    if (this.source || !this.tabs) return this.#listen();
    const askedAt = this.heardAt;
    this.tabs.postMessage({ name: "listening?" });
    setTimeout(() => this.heardAt === askedAt && this.#queue({ steal: true }), LISTENER_ANSWERS);
  }

  /** Ask for everything, and for the stream where the browser has given it up. */
  #again() {
    if (document.hidden) return;
    this.tell.changed([]);
    if (this.source?.readyState === EventSource.CLOSED) this.#listen();
  }

  #found() {
    if (!this.poll) return;
    clearInterval(this.poll);
    this.poll = 0;
    this.tell.lost(false);
    this.tell.changed([]);
  }

  #lost() {
    if (this.poll || this.isEnded) return;
    this.poll = window.setInterval(() => this.#again(), POLL);
    setTimeout(() => this.poll && this.#again(), SOON);
    this.tell.lost(true);
  }
}
