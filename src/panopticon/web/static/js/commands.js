/**
 * Everything a person can do, once: the keys, the palette and the overlay of keys read this list.
 * A widget registers what it can do; nothing else listens for single keys.
 */

/**
 * @typedef {{id: string, name: string, group: "Go" | "Item" | "Board" | "Help", keys?: string[], icon?: string,
 *   isQuiet?: boolean, isFirst?: boolean, when?: () => boolean, run: (event?: Event) => void}} Command
 *   quiet ones are for keys alone and not offered in the palette; the first is asked before others with its key; keys as `KeyboardEvent.key` says them, with `Mod+` for Ctrl or Cmd and `Shift+` before a named key
 */

/** @type {Map<string, Command>} */
const known = new Map();

/** @param {...Command} commands */
export function register(...commands) {
  for (const command of commands) known.set(command.id, command);
}

const EDITING = new Set(["a", "c", "v", "x", "y", "z", "b", "i", "u"].map((letter) => `Mod+${letter}`)); // a text field's own

/** @returns {Command[]} what can be done now */
export function available() {
  return [...known.values()].filter((command) => command.when?.() ?? true);
}

/** @returns {Command[]} everything, for the overlay of keys */
export function everything() {
  return [...known.values()];
}

/** @param {string} id @param {Event} [event] */
export function run(id, event) {
  const command = known.get(id);
  if (command && (command.when?.() ?? true)) command.run(event);
}

/** @param {KeyboardEvent} event @returns {string} `Mod+k`, `Shift+ArrowDown`, `?` */
function keyOf(event) {
  const isThird = event.getModifierState("AltGraph"); // where brackets lie on the third level, AltGr is no command
  const mod = !isThird && (event.ctrlKey || event.metaKey) ? "Mod+" : "";
  const shift = event.shiftKey && (event.key.length > 1 || mod) ? "Shift+" : "";
  const isLetter = event.key.length === 1;
  return mod + shift + (isLetter && (mod || !event.shiftKey) ? event.key.toLowerCase() : event.key);
}

/** @param {EventTarget | null} target @returns {boolean} whether somebody types there */
function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

/** Listen for keys. Where one types, in a dialog or in a menu, only keys with Mod are heard that no text field wants. */
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || (event.altKey && !event.getModifierState("AltGraph"))) return;
    const key = keyOf(event);
    const isElsewhere = isTyping(event.target) || document.querySelector("dialog[open], .menu, .popover, [role=menu]") !== null;
    if (isElsewhere && (!key.startsWith("Mod+") || EDITING.has(key))) return;
    const able = everything().filter((command) => command.keys?.includes(key) && (command.when?.() ?? true));
    const found = able.find(({ isFirst }) => isFirst) ?? able[0];
    if (!found) return;
    event.preventDefault();
    found.run(event);
  });
}
