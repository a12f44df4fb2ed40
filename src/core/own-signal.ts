/** Made once: an abort without a reason makes an exception with its stack, which costs more than all the rest. */
const OVER = new Error("The call is over.");

/**
 * Runs `call` with a signal that follows `signal` and is aborted when the call is over. For libraries that never
 * stop listening on the signal they are given, which may live as long as the process, or that leave the body of an
 * answer open which was not read to its end. Rejects with the signal's reason when it is aborted before the call.
 */
export async function withOwnSignal<Result>(
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const own = new AbortController();
  const follow = () => own.abort(signal.reason);
  signal.addEventListener("abort", follow, { once: true });
  try {
    return await call(own.signal);
  } finally {
    signal.removeEventListener("abort", follow);
    own.abort(OVER);
  }
}
