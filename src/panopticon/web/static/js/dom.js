/** Build elements: everything that is text stays text, so no title can become markup. */

const SVG = "http://www.w3.org/2000/svg";
const MOST_PARTS = 100; // thousands of elements in one line take the browser seconds to lay out

/**
 * Make an element. `on*` functions become listeners, null and false are left out.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child || child === "")));
  return element;
}

/**
 * Make an SVG element.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Draw an icon of the sprite; what it means is said by text beside it.
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/**
 * Set what stands between backticks as code.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function worded(text) {
  const parts = text.split("`");
  if (parts.length > MOST_PARTS) return [text];
  return parts.map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** @returns {boolean} whether this is the demo's board, whose tracker has no pages of its own */
export function isDemo() {
  return document.body.dataset.demo === "yes";
}

/**
 * Let a link out only to the web: a tracker may have stored any address.
 * @param {string} address
 * @returns {string | null}
 */
export function webAddress(address) {
  return /^https?:\/\//i.test(address) ? address : null;
}
