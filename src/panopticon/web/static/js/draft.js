/** What somebody has typed and not yet sent, kept for as long as the tab is open. */

const PREFIX = "draft ";
/** @type {Map<string, string>} where the browser keeps nothing, this page still does */
const spare = new Map();

/** @param {string} name @returns {any} null where there is none */
export function draftOf(name) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name) ?? spare.get(name) ?? "null");
  } catch {
    return null;
  }
}

/** Keep a draft; null drops it. @param {string} name @param {any} value */
export function keepDraft(name, value) {
  const text = JSON.stringify(value);
  if (value === null) spare.delete(name);
  else spare.set(name, text);
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, text);
  } catch {
    // full or forbidden: the spare copy stays
  }
}
