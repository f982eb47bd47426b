/** What the page shows is in its address: filters and the open item can be shared and go back. */

const FILTERS = ["q", "epic", "tracker"];

/** @typedef {{q: string, epic: string, tracker: string, item: string}} Place */

/** @returns {Place} */
export function here() {
  const query = new URLSearchParams(location.search);
  const item = location.pathname === "/item" ? (query.get("ref") ?? "") : "";
  return { q: query.get("q") ?? "", epic: query.get("epic") ?? "", tracker: query.get("tracker") ?? "", item };
}

/**
 * Write the address of a place.
 * @param {Place} place
 * @returns {string}
 */
export function addressOf(place) {
  const query = new URLSearchParams();
  if (place.item) query.set("ref", place.item);
  for (const name of FILTERS) if (place[name]) query.set(name, place[name]);
  const text = query.toString();
  return (place.item ? "/item" : "/") + (text ? `?${text}` : "");
}

/**
 * Write the question to the API that this place asks.
 * @param {Place} place
 * @returns {string}
 */
export function boardQuestion(place) {
  const query = new URLSearchParams(FILTERS.filter((name) => place[name]).map((name) => [name, place[name]]));
  return `/api/board?${query}`;
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
