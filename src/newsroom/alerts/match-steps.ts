import type { AlertCandidate, AlertMatch, MatchCursor } from "../../core/subscriptions.ts";

interface MatchStep {
  readonly from: MatchCursor;
  /** Undefined: it is the last. */
  readonly next: MatchCursor | undefined;
}

interface StepPorts {
  /** Where to go on; undefined: it is done. */
  begin(): Promise<MatchCursor | undefined>;
  read(from: MatchCursor): Promise<{
    readonly candidates: readonly AlertCandidate[];
    readonly next: MatchCursor | undefined;
  }>;
  match(candidates: readonly AlertCandidate[]): Promise<readonly AlertMatch[]>;
  /** False: somebody else took this step, and nothing was written. */
  commit(step: MatchStep, matches: readonly AlertMatch[]): Promise<boolean>;
}

/**
 * Goes through an edition's subscriptions from `cursor` to the end, or until the signal aborts. The database writes one
 * step and reads another while this process compares the one between them; steps are written one after the other, so
 * that a process that dies leaves whole ones. Throws what a port throws, once nothing is under way any more.
 */
export async function goThroughSteps(
  { begin, read, match, commit }: StepPorts,
  cursor: MatchCursor,
  signal: AbortSignal,
): Promise<{ readonly compared: number; readonly matched: number }> {
  let compared = 0;
  let matched = 0;
  let from: MatchCursor | undefined = cursor;
  let reading = quietly(read(cursor));
  let writing = Promise.resolve(true);
  try {
    while (from !== undefined && !signal.aborted) {
      const at: MatchCursor = from;
      const { candidates, next } = await reading;
      if (next !== undefined) reading = quietly(read(next));
      const matches = await match(candidates);
      if (await writing) {
        writing = quietly(
          commit({ from: at, next }, matches).then((isOurs) => {
            compared += isOurs ? candidates.length : 0;
            matched += isOurs ? matches.length : 0;
            return isOurs;
          }),
        );
        from = next;
      } else {
        from = await begin();
        writing = Promise.resolve(true);
        if (from !== undefined) reading = quietly(read(from));
      }
    }
    await writing;
  } finally {
    await Promise.allSettled([reading, writing]);
  }
  return { compared, matched };
}

/** It is awaited later: a failure meanwhile is not one that nobody handles. */
function quietly<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
