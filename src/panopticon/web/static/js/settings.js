/** The page of settings. (To be completed by its owner.) */

export class SettingsPage {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /** Show what is so now. */
  show() {}
}
