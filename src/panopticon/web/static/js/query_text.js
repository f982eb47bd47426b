/** The text of a query, cut into terms as the server cuts it; what each means, only the server says. */

/**
 * @typedef {{start: number, end: number, isNegated: boolean, field: string, from: number, values: Part[], isOpen: boolean}} Term
 *   `field` is "" of a plain word, `from` where its values begin; `isOpen`: a quote is not closed
 * @typedef {{text: string, start: number, end: number, isQuoted: boolean}} Part
 */

const HEAD = /^([A-Za-z_][\w.-]*):(?![:/\\])/;

/** @param {string} text @returns {Term[]} */
export function termsOf(text) {
  /** @type {Term[]} */
  const found = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) at += 1;
    else found.push(termAt(text, at));
    at = Math.max(at, found.at(-1)?.end ?? 0);
  }
  return found;
}

/** @param {string} text @param {number} start @returns {Term} */
function termAt(text, start) {
  const isNegated = text[start] === "-" && /\S/.test(text[start + 1] ?? "");
  const begin = start + Number(isNegated);
  const head = HEAD.exec(text.slice(begin));
  const from = begin + (head?.[0].length ?? 0);
  /** @type {Part[]} */
  const values = [partAt(text, from, head ? /^[^\s,]*/ : /^\S*/)];
  while (head && text[values[values.length - 1].end] === ",") values.push(partAt(text, values[values.length - 1].end + 1, /^[^\s,]*/));
  const last = values[values.length - 1];
  const isOpen = last.isQuoted && (last.end - last.start < 2 || text[last.end - 1] !== '"');
  return { start, end: Math.max(last.end, start + 1), isNegated, field: head?.[1].toLowerCase() ?? "", from, values, isOpen };
}

/** @param {string} text @param {number} start @param {RegExp} bare @returns {Part} */
function partAt(text, start, bare) {
  const rest = text.slice(start);
  if (rest[0] !== '"') {
    const word = bare.exec(rest)?.[0] ?? "";
    return { text: word, start, end: start + word.length, isQuoted: false };
  }
  const inside = /^"((?:[^"\\]|\\.|\\$)*)"?/s.exec(rest);
  const raw = inside?.[0] ?? '"';
  return { text: (inside?.[1] ?? "").replace(/\\(["\\])/g, "$1"), start, end: start + raw.length, isQuoted: true };
}

/** @param {string} value @returns {string} as it is read the same again */
export function spelled(value) {
  return /^[^\s",:\\-][^\s",:\\]*$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * Give a part of a text by the server's positions, which count characters and not halves of them.
 * @param {string} text
 * @param {[number, number]} at
 * @returns {[string, string, string]} what is before it, it, and what is behind it
 */
export function partedAt(text, [start, end]) {
  const letters = [...text];
  return [letters.slice(0, start).join(""), letters.slice(start, end).join(""), letters.slice(end).join("")];
}
