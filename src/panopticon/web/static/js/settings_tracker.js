/** One connected tracker on the settings page: what it is, and what can be done with it. */

import { write } from "./api.js";
import { h, icon, worded } from "./dom.js";
import { busily } from "./form_row.js";
import { ConnectForm } from "./settings_connect.js";
import { statesTable } from "./settings_states.js";
import { testedCard } from "./settings_tested.js";

/**
 * Draw a tracker.
 * @param {import("./settings_connect.js").Source} source
 * @param {import("./settings_connect.js").Type[]} types
 * @param {{changed: () => void}} tell
 * @returns {HTMLElement}
 */
export function trackerCard(source, types, tell) {
  const said = h("div", { class: "said" });
  const label = types.find(({ type }) => type === source.type)?.label ?? source.type;
  const head = h("header", {}, h("h3", {}, source.name), h("span", { class: "help" }, label), source.default && h("span", { class: "chip native" }, "default"));
  return h("article", { class: "tracker", "aria-label": source.name }, head, facts(source), acts(source, types, said, tell), said);
}

/** @param {import("./settings_connect.js").Source} source @returns {HTMLElement} */
function facts(source) {
  const key = source.has_key ? "set" : `missing: put \`${source.key_env}\` into the secrets file, or change the connection here`;
  const rows = [
    ["Server", source.server ?? "the vendor's"],
    ["Workspace", source.workspace],
    ["Projects", source.projects.length ? source.projects.join(", ") : "all"],
    ["Key", key],
  ];
  return h("dl", { class: "pairs" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, ...worded(String(value)))]), ...(source.why_not ? [h("dt", {}, "Fixed"), h("dd", {}, ...worded(source.why_not))] : []));
}

/**
 * @param {import("./settings_connect.js").Source} source
 * @param {import("./settings_connect.js").Type[]} types
 * @param {HTMLElement} said
 * @param {{changed: () => void}} tell
 * @returns {HTMLElement}
 */
function acts(source, types, said, tell) {
  const path = `/api/sources/${encodeURIComponent(source.name)}`;
  const button = (/** @type {string} */ text, /** @type {string} */ sign, /** @type {() => Promise<unknown>} */ act) => {
    const element = h("button", { type: "button", class: "button" }, icon(sign), text);
    element.addEventListener("click", () => busily(element, said, act));
    return element;
  };
  const close = () => said.replaceChildren();
  const edit = async () => {
    const form = new ConnectForm(types, source, { saved: tell.changed, closed: close });
    said.replaceChildren(form.element);
    form.server.focus();
  };
  return h(
    "div",
    { class: "acts" },
    button("Test connection", "plug", async () => said.replaceChildren(testedCard(await write("POST", `${path}/test`)))),
    button("Columns", "columns-3", async () => said.replaceChildren(await statesTable(source.name))),
    source.editable && button("Change", "pencil", edit),
    source.editable && button("Remove", "trash-2", async () => said.replaceChildren(sure(source.name, path, said, tell))),
  );
}

/** @param {string} name @param {string} path @param {HTMLElement} said @param {{changed: () => void}} tell @returns {HTMLElement} */
function sure(name, path, said, tell) {
  const place = h("div", { class: "said" });
  const yes = h("button", { type: "button", class: "button danger" }, "Remove it");
  yes.addEventListener("click", () => busily(yes, place, () => write("DELETE", path).then(tell.changed)));
  const no = h("button", { type: "button", class: "button", onclick: () => said.replaceChildren() }, "Keep it");
  queueMicrotask(() => no.focus());
  return h("div", { class: "sure", role: "group", "aria-label": `Remove ${name}` }, h("p", {}, `Remove ${name} and its key? Its items leave this board; the tracker itself is not touched.`), h("div", { class: "acts" }, yes, no), place);
}

