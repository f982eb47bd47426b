/** The first view of the open item: whose it is, what it says, its steps, what is around it, what was said. */

import { go } from "./address.js";
import { askLabels } from "./asking.js";
import { avatar } from "./avatar.js";
import { blockedText } from "./card.js";
import { heldLease } from "./claim.js";
import { h, icon } from "./dom.js";
import { giveBy } from "./item_act.js";
import { items } from "./items.js";
import { claimPart } from "./panel_claim.js";
import { Comments } from "./panel_comments.js";
import { epicOf } from "./panel_head.js";
import { Links } from "./panel_link.js";
import { links, near } from "./panel_links.js";
import { Tasks } from "./panel_tasks.js";
import { textField } from "./panel_text.js";
import { twinPart } from "./panel_twin.js";
import { Part } from "./part.js";
import { refusal } from "./toast.js";
import { age, moment } from "./time.js";
import { labelOf } from "./value.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./panel.js").Host} Host */

export class Detail {
  /** @param {Item} item @param {Host} host */
  constructor(item, host) {
    this.texts = [
      textField({ name: "body", label: "Description", none: "Add a description" }, item, host),
      textField({ name: "acceptance_criteria", label: "Acceptance criteria", none: "Add acceptance criteria" }, item, host),
    ];
    this.parts = [claimPart(), facts(host), this.texts[0], this.texts[1], new Tasks(item, host.refresh), twinPart(), children(), new Links(item, host.refresh), new Comments(item)];
    this.fields = this.texts;
    this.elements = this.parts.map(({ element }) => element);
    this.take(item);
  }

  /** @param {Item} item */
  take(item) {
    for (const part of this.parts) part.take(item);
    const criteria = this.texts[1];
    criteria.element.hidden = !item.acceptance_criteria && !item.can.edit.includes("acceptance_criteria") && !criteria.control;
  }

  freeze() {
    for (const part of this.parts) if ("freeze" in part) part.freeze();
  }
}

/** @param {Host} host @returns {Part} */
function facts(host) {
  return new Part(
    h("dl", { class: "facts" }),
    (item) => [item.assignee, heldLease(item), item.blocked, item.blocked_by, item.blocks, item.parent_item, epicOf(item), item.updated_at, item.can.edit, item.values.branch, item.points, item.iteration, item.labels],
    (item) => {
      const branch = heldLease(item)?.branch ? null : item.values.branch; // the claim names it
      const { blocked } = item;
      const rows = /** @type {[string, Node | string | null | false][]} */ ([
        ["Assigned to", assignee(item, host)],
        ["Points", inFields(item, "points", item.points)],
        ["Iteration", inFields(item, "iteration", item.iteration)],
        ["Labels", labels(item, host)],
        ["Branch", branch ? h("span", { class: "branch" }, icon("git-branch"), h("code", { dir: "auto" }, branch)) : null],
        ["Blocked", blocked && (blocked.reason || !blocked.by.length) ? h("span", { class: "danger", dir: "auto" }, blocked.reason ?? blockedText(blocked)) : null],
        ["Blocked by", item.blocked_by.length > 0 && links(item.blocked_by, item.source)],
        ["Blocks", item.blocks.length > 0 && links(item.blocks, item.source)],
        ["Parent", item.parent_item && item.parent_item.ref !== epicOf(item)?.ref && near(item.parent_item)],
        ["Changed", h("time", { datetime: item.updated_at, title: moment(item.updated_at), "data-shows": "age" }, age(item.updated_at))],
      ]);
      return rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value || "")]);
    },
  );
}

/** @param {Item} item @param {Host} host @returns {HTMLElement} */
function assignee(item, host) {
  const person = item.assignee;
  const shown = person ? [avatar(person), h("span", { dir: "auto" }, person.name)] : [h("span", { class: "none" }, "Nobody")];
  if (!item.can.edit.includes("assignee")) return h("span", { class: "person" }, ...shown);
  const button = h("button", { type: "button", class: "value person", "aria-haspopup": "listbox", "aria-label": `Assigned to ${person?.name ?? "nobody"}. Change`, "data-mark": "assignee", onclick: () => giveBy(item, button).catch(refusal).then(host.refresh) }, ...shown, icon("chevron-down"));
  return button;
}

/** @param {Item} item @param {"points" | "iteration"} name @param {string | number | null} value @returns {HTMLElement | null} the way to where it is changed */
function inFields(item, name, value) {
  const shown = h("span", { dir: "auto", class: value === null ? "none" : "" }, value === null ? "None" : String(value));
  if (!item.can.edit.includes(name)) return value === null ? null : shown;
  return h("button", { type: "button", class: "value", "aria-label": `${labelOf(name)}: ${value ?? "none"}. Change in Fields`, "data-mark": name, onclick: () => go({ tab: "fields" }, { replace: true }) }, shown, icon("pencil"));
}

/** @param {Item} item @param {Host} host @returns {HTMLElement | null} */
function labels(item, host) {
  const words = item.labels.join(", ");
  const shown = h("span", { dir: "auto", class: words ? "" : "none" }, words || "None");
  if (!item.can.edit.includes("labels")) return words ? shown : null;
  const change = () => (items.get(item.ref) ? void askLabels([item.ref], button).catch(refusal).then(host.refresh) : go({ tab: "fields" }, { replace: true }));
  const button = h("button", { type: "button", class: "value", "aria-haspopup": "listbox", "aria-label": `Labels: ${words || "none"}. Change`, "data-mark": "labels", onclick: change }, shown, icon("chevron-down"));
  return button;
}

/** @returns {Part} */
function children() {
  const element = h("section", { class: "part", "aria-label": "Children" });
  return new Part(
    element,
    (item) => item.children,
    (item) => {
      element.hidden = !item.children.length;
      return [h("h3", {}, `Children · ${item.children.length}`), links(item.children)];
    },
  );
}
