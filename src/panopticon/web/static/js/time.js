/** Ages and remaining times, short and by the server's clock. */

let skew = 0;

/** Learn the server's time, so that a wrong clock here makes no wrong ages. @param {string} text */
export function setClock(text) {
  skew = Date.parse(text) - Date.now();
}

/** @returns {number} the server's time in milliseconds */
export function now() {
  return Date.now() + skew;
}

/**
 * Say a span in its largest unit: `40 s`, `5 min`, `17 h`, `2 d`.
 * @param {number} milliseconds
 * @returns {string}
 */
export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** @param {string} iso @returns {string} `9 h ago` */
export function age(iso) {
  return `${span(now() - Date.parse(iso))} ago`;
}

/** @param {string} iso @returns {string} `19 h left` */
export function left(iso) {
  return `${span(Date.parse(iso) - now())} left`;
}

/** @param {string} iso @returns {string} the hour of a moment, here */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {string} iso @returns {string} a moment in full, here */
export function moment(iso) {
  return new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/**
 * Keep every age on the page true. `left` and `age` are whole texts; where the word after the span
 * is an element of its own (so that it can go where room is short), only the span is written.
 */
export function tick() {
  for (const element of document.querySelectorAll("time")) {
    const { shows } = element.dataset;
    if (!shows) continue;
    const isLeft = shows === "left";
    if (element.firstElementChild && element.firstChild) write(element.firstChild, span((isLeft ? 1 : -1) * (Date.parse(element.dateTime) - now())));
    else write(element, isLeft ? left(element.dateTime) : age(element.dateTime));
  }
}

/** @param {Node} node @param {string} text */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
