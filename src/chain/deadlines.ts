import { PregoneroError } from "../core/errors.ts";

export interface Deadlines {
  /** From the call to the first piece of text. */
  readonly firstTokenMs: number;
  /** Between two pieces. SDK timeouts do not bound this: they end when the headers are there. */
  readonly betweenTokensMs: number;
}

/**
 * Runs `work` with a signal that aborts at the first of: `parent`, no first piece in time, a pause between
 * pieces that is too long, `remainingMs` over. Settles at the abort even if `work` ignores it. `work` calls
 * `onPiece` with each piece. Rejects with the parent's reason, or `model-timeout`.
 */
export async function withDeadlines<Result>(
  name: string,
  parent: AbortSignal,
  deadlines: Deadlines & { readonly remainingMs: number },
  work: (signal: AbortSignal, onPiece: () => void) => Promise<Result>,
): Promise<Result> {
  parent.throwIfAborted();
  const abort = new AbortController();
  const giveUp = (what: string, ms: number) => () =>
    abort.abort(
      new PregoneroError("model-timeout", `${name} ${what} within ${Math.round(ms)} ms.`, {
        retry: "backoff",
        status: 503,
      }),
    );
  const followParent = () => abort.abort(parent.reason);
  parent.addEventListener("abort", followParent, { once: true });
  const total = setTimeout(giveUp("did not finish", deadlines.remainingMs), deadlines.remainingMs);
  let hasBegun = false;
  let idle = setTimeout(giveUp("wrote nothing", deadlines.firstTokenMs), deadlines.firstTokenMs);
  const onPiece = () => {
    if (hasBegun) {
      idle.refresh();
      return;
    }
    hasBegun = true;
    clearTimeout(idle);
    idle = setTimeout(
      giveUp("wrote nothing more", deadlines.betweenTokensMs),
      deadlines.betweenTokensMs,
    );
    if (abort.signal.aborted) clearTimeout(idle);
  };
  try {
    return await new Promise<Result>((resolve, reject) => {
      abort.signal.addEventListener("abort", () => reject(abort.signal.reason), { once: true });
      work(abort.signal, onPiece).then(resolve, reject);
    });
  } finally {
    parent.removeEventListener("abort", followParent);
    clearTimeout(total);
    clearTimeout(idle);
  }
}
