import { reconnect } from "./link.js";
import { set } from "./state.js";

/** One tab of a profile may use WhatsApp; the lock is gone with its tab, however that ends. */
const NAME = "whatsapp-tab";
/** A page that is being reloaded holds its lock a moment longer. */
const GRACE_MS = 400;
let requests = 0;

export async function lockTab() {
  if (await tryLock({ ifAvailable: true })) return;
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
  if (!(await tryLock({ ifAvailable: true }))) set({ isConflicted: true });
}

/** "Use here": whoever had it shows the conflict instead. */
export async function takeOver() {
  await tryLock({ steal: true });
  set({ isConflicted: false });
  // What happened meanwhile comes with the snapshot of a fresh connection.
  reconnect();
}

/** Resolves as soon as it is decided; the lock itself is held until the page goes or it is stolen. */
function tryLock(options) {
  return new Promise((resolve) => {
    requests += 1;
    const own = requests;
    navigator.locks
      .request(NAME, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => {});
      })
      // Stolen by another tab, or by this very one, which had it already.
      .catch(() => own === requests && set({ isConflicted: true }));
  });
}
