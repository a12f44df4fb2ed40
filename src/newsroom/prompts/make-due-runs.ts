import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { DueRuns } from "../../core/prompt-work.ts";
import { nextRunAt } from "./next-run.ts";
import { titleOf } from "./title.ts";

/** Looks once at every prompt that something starts by itself. Resolves with how many runs it made. */
export function createDueRunMaker({
  due,
  clock,
  logger,
}: {
  readonly due: DueRuns;
  readonly clock: Clock;
  readonly logger: Logger;
}): (stop: AbortSignal) => Promise<number> {
  return async (stop) => {
    let made = 0;
    for (const prompt of await due.listPrompts(clock.now())) {
      if (stop.aborted) return made;
      try {
        made += await due.make(prompt, clock.now(), { title: titleOf, nextAt: nextRunAt });
      } catch (error) {
        // One prompt's trouble keeps no other waiting.
        logger.warn("prompt-not-started", { promptId: prompt.promptId, error });
      }
    }
    return made;
  };
}
