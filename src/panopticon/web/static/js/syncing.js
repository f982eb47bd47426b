/** Ask every source for news now; what changed comes over the stream. */

import { ask } from "./api.js";
import { refusal, toast } from "./toast.js";

export async function syncNow() {
  try {
    await ask("/api/sync", { method: "POST" });
    toast("Asking for news.");
  } catch (error) {
    refusal(error);
  }
}
