/** Wire the page: read the place, ask the server, show, follow. */

import { boardQuestion, go, here } from "./address.js";
import { ask } from "./api.js";
import { Board } from "./board.js";
import { columnName, setColumns, setSources } from "./card.js";
import { emptyBoard, sync } from "./empty.js";
import { Filter } from "./filter.js";
import { Header } from "./header.js";
import { Notice } from "./notice.js";
import { Panel } from "./panel.js";
import { Stream } from "./stream.js";
import { setClock, tick } from "./time.js";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const at = (id) => /** @type {T} */ (document.getElementById(id));

const notice = new Notice(at("alert"), at("status"));
const header = new Header(at("title"), at("sources"));
const board = new Board(at("board"), at("switcher"));
const filter = new Filter(at("query"), at("tokens"), at("epic"), at("tracker"));
const panel = new Panel(at("panel"), { trouble: (error) => notice.trouble(error), opened: (ref) => board.mark(ref), closed: (ref) => board.focus(ref), titled });
const stream = new Stream({ changed, sources: (sources) => header.show(sources), lost });

let asked = 0;
let question = "";
/** @type {AbortController | null} */
let running = null;

/** Ask for the board that the address describes. @param {{slide?: boolean}} [how] @returns {Promise<any>} */
async function load(how = {}) {
  const turn = ++asked;
  running?.abort();
  running = new AbortController();
  question = boardQuestion(here());
  try {
    const found = await ask(question, { signal: running.signal });
    if (turn === asked) show(found, how);
    return found;
  } catch (error) {
    if (turn === asked) notice.trouble(error);
    return null;
  }
}

/** @param {any} found @param {{slide?: boolean}} how */
function show(found, how) {
  const { q, epic, tracker } = here();
  const shown = found.columns.reduce((/** @type {number} */ sum, /** @type {any} */ column) => sum + column.count, 0);
  setClock(found.now);
  setColumns(found.columns);
  setSources(found.sources.map((/** @type {any} */ source) => source.name));
  header.name(found.title);
  header.show(found.sources);
  filter.offer(found.epics, found.sources.map((/** @type {any} */ source) => source.name));
  board.show(found, how);
  at("summary").textContent = summary(found, shown);
  at("empty").replaceChildren(...(shown ? [] : [emptyBoard(found, Boolean(q || epic || tracker), (e) => notice.trouble(e))]));
  document.body.classList.toggle("is-empty", !shown);
  titled();
  document.body.dataset.seq = found.seq;
  notice.mended();
}

/** Name the window after the open item, else after the board. */
function titled() {
  const name = header.title.textContent;
  document.title = panel.item ? `${panel.item.key} ${panel.item.title} · ${name}` : `${name} · Board`;
}

/** @param {any} found @param {number} shown @returns {string} */
function summary(found, shown) {
  const cards = found.columns.flatMap((/** @type {any} */ column) => column.cards);
  const blocked = cards.filter((/** @type {any} */ card) => card.blocked).length;
  const held = cards.filter((/** @type {any} */ card) => card.holder?.lease).length;
  const count = shown === found.total ? `${shown} ${shown === 1 ? "card" : "cards"}` : `${shown} of ${found.total} cards`;
  return [count, held && `${held} held`, blocked && `${blocked} blocked`].filter(Boolean).join(" · ");
}

/** Events that wait for the board to be read: one reading at a time, and a rest after a long one. */
const news = { waiting: /** @type {any[][]} */ ([]), isBusy: false };

/** @param {any[]} events */
async function changed(events) {
  news.waiting.push(events);
  if (news.isBusy) return;
  news.isBusy = true;
  while (news.waiting.length) {
    const start = performance.now();
    await follow(news.waiting.splice(0).flat());
    await new Promise((rest) => setTimeout(rest, Math.min(1000, performance.now() - start)));
  }
  news.isBusy = false;
}

/** @param {any[]} events */
async function follow(events) {
  await load({ slide: true });
  if (panel.ref && (!events.length || events.some((event) => concerns(event)))) panel.show();
  if (events.length === 1 && events[0].data?.state) notice.say(`${keyOf(events[0].ref)} is now ${columnName(events[0].data.state[1]).toLowerCase()}.`);
  else if (events.length) notice.say(`${events.length} ${events.length === 1 ? "change" : "changes"} came in.`);
}

/** Tell whether an event may change the open item: it, or one it names. @param {any} event */
function concerns(event) {
  return panel.item === null || JSON.stringify(panel.item).includes(JSON.stringify(event.ref).slice(1, -1));
}

/** @param {string} ref @returns {string} */
function keyOf(ref) {
  return ref.slice(ref.indexOf(":") + 1);
}

/** @param {boolean} isLost */
function lost(isLost) {
  if (isLost) notice.say("The live stream is interrupted; asking every few seconds instead.");
  else notice.say("Live again.");
  document.body.classList.toggle("offline", isLost);
}

/** The address changed: show what it says now. */
function moved() {
  filter.show();
  panel.show({ focus: true });
  if (!here().item) board.mark("");
  if (boardQuestion(here()) !== question) load();
}

window.addEventListener("place", moved);
window.addEventListener("popstate", moved);
at("sync").addEventListener("click", () => sync((error) => notice.trouble(error)).then((asked) => asked && notice.say("Asking every source for news.")));
at("board").addEventListener("click", (event) => {
  const card = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest?.("li.card"));
  if (!card || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go({ item: card.dataset.ref });
});
setInterval(() => header.tick(), 1000);
setInterval(tick, 15_000);

load().then((found) => {
  stream.follow(found?.seq ?? 0);
  panel.show();
});
