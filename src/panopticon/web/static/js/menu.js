/**
 * A small list to choose from, beside what it is for. (To be completed by its owner.)
 *
 * @typedef {{value: string, text: string, hint?: string, icon?: string, swatch?: string, disabled?: boolean, reason?: string}} Choice
 */

/**
 * Ask for one of several; resolves to its value, or null when put away. Focus goes back to the anchor.
 * @param {{anchor: HTMLElement, title: string, choices: Choice[] | Promise<Choice[]>, chosen?: string[], isFiltered?: boolean}} question
 * @returns {Promise<string | null>}
 */
export async function choose(question) {
  return null;
}

/**
 * Ask for any number of several, and new ones where `canAdd`; resolves to those chosen, or null.
 * @param {{anchor: HTMLElement, title: string, choices: Choice[] | Promise<Choice[]>, chosen: string[], canAdd?: boolean}} question
 * @returns {Promise<string[] | null>}
 */
export async function chooseMany(question) {
  return null;
}
