/** From the open item to the one before or after it, in the order in which the page shows them. */

import { go } from "./address.js";
import { register } from "./commands.js";
import { items } from "./items.js";
import { toast } from "./toast.js";
import { rows } from "./walk.js";

/** @param {() => string} openRef the ref of the open item, "" for none */
export function registerWalk(openRef) {
  const when = () => openRef() !== "";
  register(
    { id: "next-item", name: "Next item", group: "Item", keys: ["]"], icon: "chevron-down", when, run: () => walk(openRef(), 1) },
    { id: "previous-item", name: "Item before", group: "Item", keys: ["["], icon: "chevron-up", when, run: () => walk(openRef(), -1) },
  );
}

/** Replace the open item by its neighbour; the first card where it is not among those shown. @param {string} ref @param {number} step */
function walk(ref, step) {
  const order = rows().flatMap(({ columns }) => columns.flatMap(({ refs }) => refs));
  const shown = order.indexOf(ref);
  const place = shown < 0 ? order.indexOf(items.get(ref)?.folds_into ?? "") : shown; // one card stands for both sides
  const next = place < 0 ? order[0] : order[place + step];
  if (next) go({ item: next }, { replace: true });
  else toast(step > 0 ? "That is the last one." : "That is the first one.");
}
