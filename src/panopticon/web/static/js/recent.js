/** What was opened or done last through the palette, in this browser. */

const PLACE = "panopticon-recent";
const MOST = 8;

/** @returns {string[]} ids, the last first */
export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string} id */
export function remember(id) {
  try {
    localStorage.setItem(PLACE, JSON.stringify([id, ...recent().filter((one) => one !== id)].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing has no recent things: no harm.
  }
}
