/** Put a text on the clipboard, and say so. */

import { toast } from "./toast.js";

/** @param {string} text @param {string} done what is said then @param {string} instead what one can do where the browser refuses */
export async function copy(text, done, instead) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast("The browser does not let this page copy.", { isTrouble: true, hint: instead });
  }
}
