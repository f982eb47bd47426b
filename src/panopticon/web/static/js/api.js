/** Talk to the server: JSON in, JSON out, one error shape. */

import { isDemo } from "./dom.js";

/** What the server said went wrong: a sentence, the next step, and what else it told. */
export class ApiError extends Error {
  /** @param {string} message @param {string} hint @param {number} status @param {any} [body] */
  constructor(message, hint, status, body = {}) {
    super(message);
    this.hint = hint;
    this.status = status;
    this.body = body;
  }
}

/** @param {any} error of a write @returns {"no" | "perhaps" | "partly"} whether it is written all the same: the answer may be lost, a commit refused */
export function isWritten({ status, body }) {
  if (body?.written) return "partly";
  return status === 0 || status === 504 ? "perhaps" : "no";
}

/** @param {any} error an ApiError or a bug @returns {string} what is wrong, and the next step */
export function reasonOf({ message, hint = "" }) {
  return `${message} ${hint}`.trim();
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
    response = await fetch(path, { ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("The board does not answer.", `Is \`${isDemo() ? "pan demo" : "pan up"}\` still running?`, 0);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(body.message ?? (response.statusText || "The server refused."), body.hint ?? "", response.status, body);
  return body;
}

/**
 * Ask with a question in the address; empty values are left out.
 * @param {string} path
 * @param {Record<string, string | null | undefined>} question
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export function read(path, question, options = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(question)) if (value) query.set(name, value);
  return ask(`${path}?${query}`, options);
}

/**
 * Write: a body as JSON.
 * @param {"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal] ends the waiting, not what the server has begun
 * @returns {Promise<any>}
 */
export function write(method, path, body, signal) {
  if (body === undefined) return ask(path, { method, signal });
  return ask(path, { method, signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}
