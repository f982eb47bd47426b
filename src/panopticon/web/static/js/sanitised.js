/** The one door for HTML: only what the server has cleaned comes through here. */

// @ts-ignore trustedTypes is not in every browser, nor in TypeScript
const policy = window.trustedTypes?.createPolicy("sanitised", { createHTML: (html) => html });

/**
 * Fill an element with HTML that the server has sanitised (the `…_html` fields of the API).
 * @param {HTMLElement} element
 * @param {string} html
 */
export function fill(element, html) {
  element.innerHTML = /** @type {string} */ (policy ? policy.createHTML(html) : html);
}
