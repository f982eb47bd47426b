/** Light, dark, or as the system says: chosen for this browser, in all its tabs. */

import { avatar } from "./avatar.js";
import { register } from "./commands.js";
import { h, icon } from "./dom.js";
import { items } from "./items.js";

const THEMES = /** @type {const} */ ([
  ["system", "As the system", "monitor"],
  ["light", "Light", "sun"],
  ["dark", "Dark", "moon"],
]);

/** @returns {string} */
function kept() {
  try {
    return localStorage.getItem("theme") ?? "system";
  } catch {
    return "system";
  }
}

/** @param {string} theme */
function choose(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // storage is switched off: it holds until the page is closed
  }
  apply(theme);
}

/** @param {string} theme */
function apply(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const box of document.querySelectorAll("input[name=theme]")) /** @type {HTMLInputElement} */ (box).checked = /** @type {HTMLInputElement} */ (box).value === theme;
}

/** @returns {HTMLElement} the three choices of the settings page */
export function themeChoice() {
  const one = (/** @type {readonly [string, string, string]} */ [theme, name, sign]) =>
    h("label", { class: "theme" }, h("input", { type: "radio", name: "theme", value: theme, checked: kept() === theme, onchange: () => choose(theme) }), icon(sign), name);
  return h("fieldset", { class: "themes" }, h("legend", { class: "spoken" }, "Theme"), ...THEMES.map(one));
}

/** Offer the themes as commands, follow the other tabs, and show whose board this is. */
export function registerTheme() {
  register(...THEMES.map(([theme, name, sign]) => ({ id: `theme-${theme}`, name: `Theme: ${name.toLowerCase()}`, group: /** @type {const} */ ("Board"), icon: sign, run: () => choose(theme) })));
  window.addEventListener("storage", ({ key }) => key === "theme" && apply(kept()));
  items.addEventListener("change", showMe);
}

function showMe() {
  const place = document.getElementById("me");
  const me = items.head.me;
  if (!place || place.dataset.id === (me?.id ?? "")) return;
  place.dataset.id = me?.id ?? "";
  place.title = me ? `You are ${me.name}` : "";
  place.replaceChildren(...(me ? [avatar({ ...me, lease: null }), h("span", { class: "spoken" }, `You are ${me.name}`)] : []));
}
