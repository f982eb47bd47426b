/** The tools above the board: look, lanes, order, whose, filters, saved views, and a new item. */

import { conditions, go, here } from "./address.js";
import { run } from "./commands.js";
import { h, icon } from "./dom.js";
import { Fields, Pick } from "./fields.js";
import { items } from "./items.js";
import { GROUPS, SORTS } from "./order.js";
import { popover, popoverAnchor } from "./popover.js";
import { Query } from "./query.js";
import { viewsButton } from "./views.js";

const PHONE = matchMedia("(max-width: 599px)");

export class Filter {
  /** @param {HTMLElement} tools */
  constructor(tools) {
    this.query = new Query(/** @type {HTMLInputElement} */ (document.getElementById("query")), /** @type {HTMLElement} */ (document.getElementById("tokens")));
    this.fields = new Fields();
    this.signature = "";
    this.row = /** @type {HTMLElement} */ (document.getElementById("filters"));
    this.group = new Pick("Group", "layers", (value) => go({ group: value }));
    this.group.offer(Object.entries(GROUPS).map(([value, text]) => ({ value, text: value ? `Group: ${text.toLowerCase()}` : "No lanes" })));
    this.sort = new Pick("Sort", "arrow-up-down", (value) => go({ sort: value === "rank" ? "" : value }));
    this.mine = h("button", { type: "button", class: "pick toggle", "aria-pressed": "false", onclick: () => go({ assignee: here().assignee === "me" ? "" : "me" }) }, icon("user-round"), h("span", {}, "Mine"));
    this.views = viewsButton();
    this.looks = h("span", { class: "segments", role: "group", "aria-label": "Look" }, look("", "Board"), look("list", "List"));
    /** What found no room in the row. */
    this.sheet = h("div", { class: "sheet-fields" });
    this.more = h("button", { type: "button", class: "pick", "aria-label": "Filter", title: "Filter", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => popover(this.more, "Filter", () => [this.sheet]) }, icon("filter"), h("span", { class: "more-text" }, "Filter"));
    tools.prepend(this.looks);
    this.row.after(this.more);
    const create = h("button", { type: "button", class: "button primary", "aria-label": "New", title: "New item (c)", "aria-keyshortcuts": "c", onclick: (/** @type {Event} */ event) => run("create", event) }, icon("plus"), h("span", {}, "New"), h("kbd", { "aria-hidden": "true" }, "C"));
    document.getElementById("starters")?.append(create);
    new ResizeObserver(() => this.#fit()).observe(this.row);
    PHONE.addEventListener("change", () => this.#fit());
    document.fonts?.ready.then(() => this.#fit());
  }

  /** Offer what the cards have, and say what the address says. @param {number} count of the cards shown */
  show(count) {
    const place = here();
    this.query.show();
    const isOther = this.fields.show();
    const orders = { ...SORTS, ...(place.sort && !(place.sort in SORTS) ? { [place.sort]: wordsOf(place.sort) } : {}) };
    this.sort.offer(Object.entries(orders).map(([value, text]) => ({ value, text })));
    this.sort.choose(place.sort || "rank");
    this.sort.element.classList.toggle("set", Boolean(place.sort) && place.sort !== "rank");
    this.group.choose(place.group);
    this.group.element.hidden = place.view === "list";
    this.mine.hidden = !items.head.me;
    this.mine.setAttribute("aria-pressed", String(place.assignee === "me"));
    for (const link of this.looks.children) link.setAttribute("aria-current", String(/** @type {HTMLElement} */ (link).dataset.view === (place.view === "list" ? "list" : "")));
    const signature = `${conditions(place)} ${place.group} ${place.sort} ${place.view} ${items.head.me?.id}`;
    if (isOther || signature !== this.signature) this.#fit();
    this.signature = signature;
  }

  /** Put into the row what has room there, the rest behind "Filter". */
  #fit() {
    if (popoverAnchor() === this.more) return;
    const wanted = [this.group.element, this.sort.element, this.mine, this.views, ...this.fields.elements()];
    const rest = PHONE.matches ? wanted : [];
    const inside = PHONE.matches ? [] : wanted;
    if (inside.length !== this.row.childElementCount || inside.some((element, at) => this.row.children[at] !== element)) this.row.replaceChildren(...inside);
    this.more.hidden = !rest.length;
    if (this.row.scrollWidth > this.row.clientWidth) this.more.hidden = false;
    while (inside.length && this.row.scrollWidth > this.row.clientWidth) {
      const last = /** @type {HTMLElement} */ (inside.pop());
      last.remove();
      rest.unshift(last);
    }
    this.sheet.replaceChildren(...rest);
  }
}

/** @param {string} view @param {string} name @returns {HTMLElement} */
function look(view, name) {
  return h("a", { href: view ? `/?view=${view}` : "/", "data-page": "board", "data-view": view, onclick: (/** @type {MouseEvent} */ event) => keepItem(event, view) }, name);
}

/** Another look at the same place, with the same item open. @param {MouseEvent} event @param {string} view */
function keepItem(event, view) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  go({ view });
}

/** @param {string} sort @returns {string} */
function wordsOf(sort) {
  const name = sort.replace("-", "");
  const word = SORTS[/** @type {keyof typeof SORTS} */ (name)] ?? name[0]?.toUpperCase() + name.slice(1);
  return sort.startsWith("-") ? `${word}, reversed` : word;
}
