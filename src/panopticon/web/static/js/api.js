/** Talk to the server: JSON in, JSON out, one error shape. */

import { isDemo } from "./dom.js";

/** What the server said went wrong: a sentence and the next step. */
export class ApiError extends Error {
  /** @param {string} message @param {string} hint @param {number} status */
  constructor(message, hint, status) {
    super(message);
    this.hint = hint;
    this.status = status;
  }
}

/**
 * Ask for JSON.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { headers: { Accept: "application/json" }, ...options });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("The dashboard does not answer.", `Is \`${isDemo() ? "pan demo" : "pan up"}\` still running?`, 0);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(body.message ?? response.statusText, body.hint ?? "", response.status);
  return body;
}
