import type { PromptSettings } from "../../core/prompts.ts";
import { nextDigestAt } from "../alerts/news-times.ts";

/** When a daily or weekly prompt runs next after `after`, by the wall clock of its zone. Undefined: no hour starts it. */
export function nextRunAt({ schedule }: PromptSettings, after: Date): Date | undefined {
  if (schedule.kind === "daily" || schedule.kind === "weekly") return nextDigestAt(after, schedule);
  return undefined;
}
