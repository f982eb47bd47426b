/** The page of health. (To be completed by its owner.) */

export class HealthPage {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /** Show what is so now. */
  show() {}
}
