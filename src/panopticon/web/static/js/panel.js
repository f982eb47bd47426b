/** The open item: everything about it beside the board, at an address of its own. */

import { addressOf, go, here } from "./address.js";
import { ask } from "./api.js";
import { avatar } from "./avatar.js";
import { blockedChip, blockedText, glyph, nativeChip } from "./card.js";
import { h, icon, isDemo, webAddress, worded } from "./dom.js";
import { columnName, holderOf } from "./items.js";
import { fill } from "./sanitised.js";
import { age, left, moment, now } from "./time.js";

export class Panel {
  /** @param {HTMLElement} place @param {{trouble: (e: any) => void, opened: (ref: string) => void, closed: (ref: string) => void, titled: () => void}} tell */
  constructor(place, tell) {
    this.place = place;
    this.tell = tell;
    this.ref = "";
    this.tab = "detail";
    this.item = null;
    this.text = "";
    document.addEventListener("keydown", (event) => {
      const typing = /** @type {HTMLElement} */ (event.target).closest?.("input, textarea, select");
      if (event.key === "Escape" && this.ref && !typing) this.close();
    });
  }

  /** Show the item that the address names, or nothing. @param {{focus?: boolean}} [how] */
  async show(how = {}) {
    const { item: ref } = here();
    if (!ref) return this.#hide();
    const isNew = ref !== this.ref;
    this.ref = ref;
    this.place.dataset.ref = ref;
    if (isNew) this.#wait();
    try {
      const item = await ask(`/api/item?ref=${encodeURIComponent(ref)}`);
      if (ref !== this.ref) return;
      this.#draw(item);
      if (isNew) this.tell.opened(item.ref);
      if (isNew && how.focus) this.place.querySelector("h2")?.focus();
      if (isNew) this.#remarks(ref);
    } catch (error) {
      if (ref === this.ref) this.#missing(error.status === 404 && this.item ? gone(this.item) : error);
    }
  }

  /** Bring the open item up to date if an event concerns it. @param {import("./types.js").News[]} events */
  follow(events) {
    if (!this.ref) return;
    const text = JSON.stringify(this.item);
    if (!events.length || events.some(({ ref }) => this.item === null || text.includes(JSON.stringify(ref).slice(1, -1)))) this.show();
  }

  /** Put the panel away. */
  close() {
    const ref = this.item?.ref ?? this.ref;
    go({ item: "" });
    this.tell.closed(ref);
  }

  #hide() {
    this.ref = "";
    this.place.dataset.ref = "";
    this.text = "";
    this.item = null;
    this.tell.titled();
    this.place.hidden = true;
    this.place.replaceChildren();
    document.body.classList.remove("with-panel");
  }

  #wait() {
    this.tab = "detail";
    this.item = null;
    this.text = "";
    this.place.hidden = false;
    document.body.classList.add("with-panel");
    this.place.replaceChildren(h("div", { class: "bar" }, h("span", { class: "gap" }), this.#closer()), h("p", { class: "none" }, "Loading …"));
  }

  /** @param {any} error */
  #missing(error) {
    this.text = "";
    this.place.setAttribute("aria-label", error.message);
    this.place.replaceChildren(
      h("div", { class: "bar" }, h("span", { class: "gap" }), this.#closer()),
      h("div", { class: "sheet" }, h("h2", { tabindex: -1 }, error.message), h("p", {}, ...worded(error.hint ?? ""))),
    );
  }

  /** Ask the tracker itself for newer remarks. @param {string} ref */
  async #remarks(ref) {
    const found = await ask(`/api/item/comments?ref=${encodeURIComponent(ref)}`).catch(() => null);
    if (found && !found.error && ref === this.ref && this.item) this.#draw({ ...this.item, comments: found.comments });
  }

  /** Draw only what is new, and leave scroll and focus where they are. @param {any} item */
  #draw(item) {
    const text = JSON.stringify(item);
    if (text === this.text) return;
    this.text = text;
    this.item = item;
    this.tell.titled();
    const top = this.place.querySelector(".sheet")?.scrollTop ?? 0;
    const focus = document.activeElement?.closest?.("#panel") ? /** @type {HTMLElement} */ (document.activeElement).dataset.mark : null;
    this.place.setAttribute("aria-label", item.title);
    this.place.replaceChildren(...this.#parts(item));
    this.place.querySelector(".sheet").scrollTop = top;
    if (focus) /** @type {HTMLElement | null} */ (this.place.querySelector(`[data-mark="${CSS.escape(focus)}"]`))?.focus({ preventScroll: true });
  }

  /** @param {any} item @returns {HTMLElement[]} */
  #parts(item) {
    const tabs = { detail: "Detail", fields: "Fields" };
    const body = this.tab === "detail" ? detail(item) : fields(item);
    return [
      this.#bar(item),
      h("h2", { tabindex: -1, dir: "auto", "data-mark": "title" }, item.title),
      marks(item),
      h("div", { role: "tablist", "aria-label": "Views of this item", class: "tabs" }, ...Object.entries(tabs).map(([name, word]) => this.#tab(name, word))),
      h("div", { class: "sheet", role: "tabpanel", id: "sheet", "aria-labelledby": `tab-${this.tab}`, tabindex: 0, "data-mark": "sheet" }, ...body),
    ];
  }

  /** @param {any} item @returns {HTMLElement} */
  #bar(item) {
    const url = isDemo() ? null : webAddress(item.url);
    return h(
      "div",
      { class: "bar" },
      glyph(item.source),
      h("span", { class: "key" }, item.key),
      item.parent_item && h("span", { class: "within" }, "in ", near(item.parent_item)),
      h("span", { class: "gap" }),
      url && h("a", { class: "quiet", href: url, target: "_blank", rel: "noopener noreferrer", "aria-label": "Open in the tracker", title: "Open in the tracker", "data-mark": "out" }, icon("external-link")),
      this.#closer(),
    );
  }

  #closer() {
    return h("button", { type: "button", class: "quiet", "aria-label": "Close", title: "Close (Esc)", onclick: () => this.close(), "data-mark": "close" }, icon("x"));
  }

  /** @param {string} name @param {string} word @returns {HTMLElement} */
  #tab(name, word) {
    const choose = () => this.#choose(name);
    const step = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "ArrowRight" || event.key === "ArrowLeft") this.#choose(name === "detail" ? "fields" : "detail");
    };
    const chosen = this.tab === name;
    return h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(chosen), "aria-controls": "sheet", tabindex: chosen ? 0 : -1, "data-mark": `tab-${name}`, onclick: choose, onkeydown: step }, word);
  }

  /** @param {string} name */
  #choose(name) {
    this.tab = name;
    this.text = "";
    this.#draw(this.item);
    document.getElementById(`tab-${name}`)?.focus();
  }
}

/** Say that an item went away while it was open. @param {any} item @returns {{message: string, hint: string}} */
function gone(item) {
  return { message: `${item.key} is gone`, hint: `“${item.title}” was deleted in the tracker, or left the projects that are shown here.` };
}

/** @param {any} item @returns {HTMLElement} */
function marks(item) {
  return h(
    "div",
    { class: "marks" },
    h("span", { class: "chip state" }, h("span", { class: `dot ${item.state}`, "aria-hidden": "true" }), columnName(item.state)),
    nativeChip(item.native_state),
    item.cancelled && h("span", { class: "chip" }, "cancelled"),
    item.blocked && blockedChip(item.blocked),
    ...item.labels.map((label) => h("span", { class: "chip label" }, label)),
  );
}

/** @param {any} item @returns {(HTMLElement | null)[]} */
function detail(item) {
  return [
    facts(item),
    item.body_html ? prose(item.body_html) : h("p", { class: "none" }, "No description."),
    item.acceptance_criteria_html && section("Acceptance criteria", prose(item.acceptance_criteria_html)),
    item.tasks.length > 0 && section(`Tasks · ${item.tasks.filter((t) => t.done).length} of ${item.tasks.length}`, steps(item.tasks)),
    item.children.length > 0 && section(`Children · ${item.children.length}`, links(item.children)),
    section(item.comments.length ? `Comments · ${item.comments.length}` : "Comments", remarks(item.comments)),
  ].filter(Boolean);
}

/** @param {any} item @returns {HTMLElement} */
function facts(item) {
  const holder = holderOf(item, now());
  const lease = holder?.lease;
  const time = lease?.expires_at && h("time", { datetime: lease.expires_at, "data-shows": "left" }, left(lease.expires_at));
  const fence = lease && lease.fence !== null && ` · fence ${lease.fence}`;
  const held = holder && h("span", { class: "person" }, avatar(holder), h("span", {}, holder.name, time && " · ", time, fence));
  const rows = [
    [lease ? "Held by" : "Assigned to", held || "Nobody"],
    ["Branch", lease?.branch && h("code", {}, lease.branch)],
    ["Blocked", item.blocked && !item.blocked.by.length && blockedText(item.blocked)],
    ["Blocked by", item.blocked_by.length > 0 && links(item.blocked_by)],
    ["Blocks", item.blocks.length > 0 && links(item.blocks)],
    ["Changed", h("time", { datetime: item.updated_at, "data-shows": "age" }, age(item.updated_at))],
  ];
  return h("dl", { class: "facts" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {any} item @returns {HTMLElement[]} */
function fields(item) {
  return [h("dl", { class: "facts wide" }, ...(item.fields ?? []).flatMap(({ name, value }) => [h("dt", {}, name), h("dd", { dir: "auto" }, said(value))]))];
}

/** @param {any} value @returns {string} */
function said(value) {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT/.test(value) ? moment(value) : value;
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {string} html @returns {HTMLElement} */
function prose(html) {
  const element = h("div", { class: "prose", dir: "auto" });
  fill(element, html);
  return element;
}

/** @param {string} name @param {HTMLElement} content @returns {HTMLElement} */
function section(name, content) {
  return h("section", { class: "part", "aria-label": name }, h("h3", {}, name), content);
}

/** @param {{title: string, done: boolean, key: string | null}[]} tasks @returns {HTMLElement} */
function steps(tasks) {
  const step = (/** @type {any} */ task) =>
    h("li", { class: task.done ? "done" : "todo" }, h("span", { class: "spoken" }, task.done ? "Done: " : "Open: "), h("span", { dir: "auto" }, ...worded(task.title)));
  return h("ul", { class: "steps", role: "list" }, ...tasks.map(step));
}

/** @param {{key: string, title: string | null, ref: string, state: string | null}[]} items @returns {HTMLElement} */
function links(items) {
  return h("ul", { class: "links", role: "list" }, ...items.map((item) => h("li", {}, near(item))));
}

/** @param {any} item @returns {HTMLElement} */
function near({ ref, key, title, state }) {
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go({ item: ref });
  };
  const dot = state && h("span", { class: `dot ${state}`, title: columnName(state) });
  return h("a", { class: "near", href: addressOf({ ...here(), item: ref }), onclick: open, "data-mark": `near-${ref}` }, dot, `${key}${title ? ` ${title}` : ""}`);
}

/** @param {any[]} comments @returns {HTMLElement} */
function remarks(comments) {
  if (!comments.length) return h("p", { class: "none" }, "No comments.");
  const remark = (/** @type {any} */ comment) =>
    h("li", {}, avatar(comment.author), h("div", {}, h("p", { class: "who" }, h("strong", {}, comment.author.name), " ", h("time", { datetime: comment.created_at, title: moment(comment.created_at), "data-shows": "age" }, age(comment.created_at))), prose(comment.body_html)));
  return h("ol", { class: "remarks", role: "list" }, ...comments.map(remark));
}
