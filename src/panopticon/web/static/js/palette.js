/** Find and do anything by typing. (To be completed by its owner.) */

export function registerPalette() {}
