/** What the page shows is in its address: filters, view and the open item can be shared and go back. */

/** The conditions the server decides; the page only asks which cards fit. */
export const FILTERS = /** @type {const} */ (["q", "tracker", "project", "epic", "assignee", "iteration", "kind", "blocked"]);
const LOOKS = /** @type {const} */ (["view", "group", "sort", "tab"]);
const PAGES = /** @type {Record<string, Place["page"]>} */ ({ "/settings": "settings", "/health": "health" });

/**
 * @typedef {{page: "board" | "settings" | "health", item: string, q: string, tracker: string, project: string,
 *   epic: string, assignee: string, iteration: string, kind: string, blocked: string, label: string[],
 *   view: string, group: string, sort: string, tab: string}} Place
 */

/** @returns {Place} */
export function here() {
  const item = location.pathname === "/item" ? (new URLSearchParams(location.search).get("ref") ?? "") : "";
  return { page: PAGES[location.pathname] ?? "board", item, ...placeOf(location.search) };
}

/**
 * Read conditions and looks out of a query string, as an address or a saved view keeps them.
 * @param {string} text
 * @returns {Omit<Place, "page" | "item">}
 */
export function placeOf(text) {
  const query = new URLSearchParams(text);
  const place = /** @type {any} */ ({ label: query.getAll("label") });
  for (const name of [...FILTERS, ...LOOKS]) place[name] = query.get(name) ?? "";
  return place;
}

/**
 * Write the address of a place.
 * @param {Place} place
 * @returns {string}
 */
export function addressOf(place) {
  const query = new URLSearchParams();
  if (place.item) query.set("ref", place.item);
  for (const name of [...FILTERS, ...LOOKS]) if (place[name]) query.set(name, place[name]);
  for (const label of place.label) query.append("label", label);
  const path = place.page === "board" ? (place.item ? "/item" : "/") : `/${place.page}`;
  const text = query.toString();
  return path + (text ? `?${text}` : "");
}

/** @param {Place} place @returns {string} the conditions as the API takes them, empty where there are none */
export function conditions(place) {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (place[name]) query.set(name, place[name]);
  for (const label of place.label) query.append("label", label);
  return query.toString();
}

/** @returns {Partial<Place>} the change that takes every condition away */
export function unfiltered() {
  return { ...Object.fromEntries(FILTERS.map((name) => [name, ""])), label: [] };
}

/**
 * Go to a place; typing replaces the entry in the history, opening an item adds one.
 * @param {Partial<Place>} change
 * @param {{replace?: boolean}} [how]
 */
export function go(change, how = {}) {
  const target = addressOf({ ...here(), ...change });
  if (target === location.pathname + location.search) return;
  history[how.replace ? "replaceState" : "pushState"](null, "", target);
  window.dispatchEvent(new Event("place"));
}

/** Follow the address. @param {() => void} listen @returns {() => void} ends it */
export function onPlace(listen) {
  window.addEventListener("place", listen);
  window.addEventListener("popstate", listen);
  return () => {
    window.removeEventListener("place", listen);
    window.removeEventListener("popstate", listen);
  };
}
