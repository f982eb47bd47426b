/**
 * Everything a person can do, once: the keys, the palette and the overlay of keys read this list.
 * A widget registers what it can do; nothing else listens for single keys.
 */

/**
 * @typedef {{id: string, name: string, group: "Go" | "Item" | "Board" | "Help", keys?: string[], icon?: string,
 *   when?: () => boolean, run: (event?: Event) => void}} Command
 *   keys as `KeyboardEvent.key` says them, with `Mod+` for Ctrl or Cmd and `Shift+` before a named key
 */

/** @type {Map<string, Command>} */
const known = new Map();

/** @param {...Command} commands */
export function register(...commands) {
  for (const command of commands) known.set(command.id, command);
}

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
export function keyOf(event) {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const shift = event.shiftKey && (event.key.length > 1 || mod) ? "Shift+" : "";
  return mod + shift + (event.key.length === 1 && !mod ? event.key : event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** @param {EventTarget | null} target @returns {boolean} whether somebody types there */
export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

/** Listen for keys. Where one types, in a dialog or in a menu, only keys with Mod are heard. */
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const key = keyOf(event);
    const isElsewhere = isTyping(event.target) || document.querySelector("dialog[open], .menu, [role=menu]") !== null;
    if (isElsewhere && !key.startsWith("Mod+")) return;
    const found = available().find((command) => command.keys?.includes(key));
    if (!found) return;
    event.preventDefault();
    found.run(event);
  });
}
