/** Light, dark, or as the system says. (To be completed by its owner.) */

export function registerTheme() {}
