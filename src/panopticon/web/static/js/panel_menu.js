/** What is done to the open item seldom: open it in its tracker, copy its link, delete it. */

import { addressOf, here } from "./address.js";
import { write } from "./api.js";
import { copy } from "./clipboard.js";
import { h, icon, isDemo, webAddress } from "./dom.js";
import { items } from "./items.js";
import { choose } from "./menu.js";
import { refusal, toast } from "./toast.js";

/** @typedef {import("./types.js").Item} Item */

/** @param {Item} item @param {() => void} close puts the panel away @returns {HTMLElement} */
export function more(item, close) {
  const name = `More for ${item.key}`;
  const button = h("button", { type: "button", class: "quiet", "aria-label": name, title: "More", "aria-haspopup": "listbox", "data-mark": "more", onclick: () => ask(item, button, close).catch(refusal) }, icon("ellipsis"));
  return button;
}

/** @param {Item} item @param {HTMLElement} anchor @param {() => void} close */
async function ask(item, anchor, close) {
  const url = isDemo() ? null : webAddress(item.url);
  const choices = [
    ...(url ? [{ value: "out", text: "Open in the tracker", icon: "external-link" }] : []),
    { value: "copy", text: "Copy link", icon: "link" },
    ...(item.can.delete ? [{ value: "delete", text: "Delete …", icon: "trash-2" }] : []),
  ];
  const wanted = await choose({ anchor, title: `More for ${item.key}`, choices });
  if (wanted === "out" && url) window.open(url, "_blank", "noopener,noreferrer");
  if (wanted === "copy") await copy(location.origin + addressOf({ ...here(), item: item.ref, tab: "" }), `The link to ${item.key} is copied.`, "Copy the address of this page.");
  if (wanted === "delete") await askDelete(item, anchor, close);
}

/** There is no way back from this, so ask first. @param {Item} item @param {HTMLElement} anchor @param {() => void} close */
async function askDelete({ ref, key, source }, anchor, close) {
  const choices = [
    { value: "keep", text: "Keep it", icon: "undo-2" },
    { value: "delete", text: `Delete ${key}`, hint: `in ${source}; it cannot be brought back from here`, icon: "trash-2" },
  ];
  if ((await choose({ anchor, title: `Delete ${key}?`, choices })) !== "delete") return;
  await write("DELETE", `/api/item?ref=${encodeURIComponent(ref)}`);
  if (anchor.isConnected) close(); // unless another item was opened meanwhile
  items.drop(ref);
  toast(`${key} deleted in ${source}`);
}
