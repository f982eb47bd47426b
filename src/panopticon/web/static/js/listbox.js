/** A listbox that is walked from a text box, or by itself: which option is meant, and which was pointed at. */

/**
 * Mark the option that is meant, bring it into sight, and name it to those who hold the focus.
 * @param {HTMLElement} list
 * @param {number} index
 * @param {HTMLElement[]} holders
 * @param {{isChoice?: boolean}} [how] where nothing is ticked, what is meant is what is selected
 */
export function markOption(list, index, holders, { isChoice = true } = {}) {
  const current = list.querySelector(`[data-index="${index}"]`);
  for (const option of list.querySelectorAll("[role=option]")) {
    option.classList.toggle("at", option === current);
    if (isChoice) option.setAttribute("aria-selected", String(option === current));
  }
  current?.scrollIntoView({ block: "nearest" });
  for (const holder of holders) {
    if (current) holder.setAttribute("aria-activedescendant", current.id);
    else holder.removeAttribute("aria-activedescendant");
  }
}

/** @param {Event} event @returns {number} the index of the option it happened on, -1 for none */
export function optionOf(event) {
  const option = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[role=option]"));
  return option ? Number(option.dataset.index) : -1;
}
