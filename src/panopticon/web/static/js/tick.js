/** The boxes in a markdown text: found as the server's reader finds them, and ticked. */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const BOX = /^((?:\s|>)*(?:(?:[-*+]|\d{1,9}[.)])\s+)+)\[([ xX])\] /;

/**
 * @param {string} markdown
 * @returns {number[]} where the sign inside each box stands
 */
export function tickable(markdown) {
  /** @type {number[]} */
  const found = [];
  let fence = "";
  let start = 0;
  for (const line of markdown.split("\n")) {
    const [, mark] = FENCE.exec(line) ?? [];
    if (fence) {
      if (mark && mark[0] === fence[0] && mark.length >= fence.length) fence = "";
    } else if (mark) fence = mark;
    else {
      const [, before] = BOX.exec(line) ?? [];
      if (before) found.push(start + before.length + 1);
    }
    start += line.length + 1;
  }
  return found;
}

/** Tick or untick one box and leave every other sign as it is. @param {string} markdown @param {number} index @param {boolean} isDone */
export function ticked(markdown, index, isDone) {
  const place = tickable(markdown)[index];
  return markdown.slice(0, place) + (isDone ? "x" : " ") + markdown.slice(place + 1);
}
