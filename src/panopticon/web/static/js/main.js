/** Wire the page: what the feed tells is drawn, what a person does is heard. */

import { conditions, go, here, onPlace } from "./address.js";
import { drainRings } from "./avatar.js";
import { Board } from "./board.js";
import { showBulk } from "./bulk.js";
import { registerClaims } from "./claim_commands.js";
import { claimNews } from "./claim_news.js";
import { warn } from "./claim_warning.js";
import { listen as listenToKeys, register } from "./commands.js";
import { registerCreate } from "./create.js";
import { makeDraggable } from "./drag.js";
import { emptyBoard } from "./empty.js";
import { Feed } from "./feed.js";
import { Filter } from "./filter.js";
import { Header } from "./header.js";
import { HealthPage } from "./health.js";
import { columnName, holderOf, items } from "./items.js";
import { registerKeys } from "./keys.js";
import { List } from "./list.js";
import { Notice } from "./notice.js";
import { lanes, shownInOrder } from "./order.js";
import { registerPalette } from "./palette.js";
import { Panel } from "./panel.js";
import { Queued } from "./queued.js";
import { SettingsPage } from "./settings.js";
import { syncNow } from "./syncing.js";
import { registerTheme } from "./theme.js";
import { now, tick } from "./time.js";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const at = (id) => /** @type {T} */ (document.getElementById(id));

const notice = new Notice(at("alert"), at("status"));
const header = new Header(at("title"), at("sources"));
const board = new Board(at("board"), at("switcher"));
const list = new List(at("list"));
const filter = new Filter(at("tools"));
const panel = new Panel(at("panel"), { trouble: (error) => notice.trouble(error), opened: (ref) => view().mark(ref), closed: (ref) => view().focus(ref), titled });
const pages = { settings: new SettingsPage(at("page")), health: new HealthPage(at("page")) };
const feed = new Feed({
  trouble: (error) => notice.trouble(error),
  mended: () => notice.mended(),
  sources: (sources) => {
    header.show(sources);
    document.dispatchEvent(new CustomEvent("sources", { detail: sources }));
  },
  lost,
  misread: (error) => filter.query.misread(error),
  news: (events) => told(events),
});

/** @returns {Board | List} what shows the cards now */
function view() {
  return here().view === "list" ? list : board;
}

let isDrawing = false;

/** Draw in the next frame: many changes are one picture. */
function soon() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

function draw() {
  const place = here();
  document.body.dataset.page = place.page;
  document.body.dataset.view = place.view === "list" ? "list" : "board";
  header.name(items.head.title, place.page);
  if (place.page === "board") drawCards(place);
  else pages[place.page].show();
  titled();
}

/** @param {import("./address.js").Place} place */
function drawCards(place) {
  if (!items.head.epoch) return;
  const cards = shownInOrder(place.sort);
  filter.show(cards.length);
  if (place.view === "list") list.show(cards);
  else board.show(lanes(place.group, place.sort));
  at("summary").textContent = summary(cards);
  const isEmpty = cards.length === 0;
  document.body.classList.toggle("is-empty", isEmpty);
  at("empty").replaceChildren(...(isEmpty ? [emptyBoard(items.head, Boolean(conditions(place)))] : []));
}

/** @param {import("./types.js").Card[]} cards @returns {string} */
function summary(cards) {
  const blocked = cards.filter((card) => card.blocked).length;
  const held = cards.filter((card) => holderOf(card, now())?.lease).length;
  const total = items.countAll();
  const all = `${total.toLocaleString("en")} ${total === 1 ? "card" : "cards"}`;
  const count = cards.length === total ? all : `${cards.length.toLocaleString("en")} of ${all}`;
  const unread = items.head.sources.filter((source) => !source.ok_at).map(({ name }) => name);
  return [count, held && `${held} held`, blocked && `${blocked} blocked`, unread.length > 0 && `without ${unread.join(", ")} so far`].filter(Boolean).join(" · ");
}

/** Name the window after the open item, else after the page. */
function titled() {
  const name = items.head.title;
  const views = { board: here().view === "list" ? "List" : "Board", settings: "Settings", health: "Health" };
  document.title = panel.item ? `${panel.item.key} ${panel.item.title} · ${name}` : `${name} · ${views[here().page]}`;
}

/** Say what came in, and bring the open item up to date. @param {import("./types.js").News[]} events */
function told(events) {
  panel.follow(events);
  const claimed = claimNews(events);
  if (claimed) return notice.say(claimed);
  const [only] = events;
  const state = only?.data?.state; // old and new; a plain word where an item is new
  const key = items.get(only?.ref ?? "")?.key ?? only?.ref?.replace(/^[^:]*:/, ""); // steps are on no card
  if (events.length === 1 && only.kind === "issue.created") notice.say(`${key} came in.`);
  else if (events.length === 1 && Array.isArray(state)) notice.say(`${key} moved to ${columnName(state[1])}.`);
  else if (events.length) notice.say(`${events.length} ${events.length === 1 ? "change" : "changes"} came in.`);
}

/** @param {boolean} isLost */
function lost(isLost) {
  notice.say(isLost ? "The live stream is interrupted; asking every few seconds instead." : "Live again.");
  document.body.classList.toggle("offline", isLost);
}

/** Links of the page itself move inside it; the rail and the cards are such links. @param {MouseEvent} event */
function followLink(event) {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {HTMLElement} */ (event.target).closest?.("a[data-page]") ?? null);
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const { page, view: wanted } = link.dataset;
  go({ page: /** @type {any} */ (page), view: wanted ?? here().view, item: "", tab: "" });
}

register(
  { id: "go-board", name: "Go to the board", group: "Go", icon: "layout-dashboard", run: () => go({ page: "board", view: "", item: "" }) },
  { id: "go-list", name: "Go to the list", group: "Go", icon: "list", run: () => go({ page: "board", view: "list", item: "" }) },
  { id: "go-settings", name: "Go to settings", group: "Go", icon: "settings", run: () => go({ page: "settings", item: "" }) },
  { id: "go-health", name: "Go to health", group: "Go", icon: "heart-pulse", run: () => go({ page: "health", item: "" }) },
  { id: "sync", name: "Sync now", group: "Board", icon: "refresh-cw", run: syncNow },
);
registerPalette();
registerKeys();
registerClaims();
registerCreate();
registerTheme();
listenToKeys();
makeDraggable(at("board"));
showBulk(at("bulk"));
items.addEventListener("change", soon);
items.addEventListener("change", warn);
new Queued(at("queued"));
onPlace(soon);
onPlace(() => panel.show({ focus: true }));
document.addEventListener("click", followLink);
setInterval(() => header.tick(), 1000);
setInterval(() => {
  tick();
  drainRings();
  panel.tick();
  warn();
  if (view().isStale()) soon();
}, 15_000);
document.addEventListener("sources", (event) => header.show(/** @type {CustomEvent} */ (event).detail));
draw();
feed.start().then(() => panel.show());
