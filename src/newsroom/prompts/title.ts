import { longDate, shortDate } from "../../conversation/cite.ts";
import type { PromptRunEdition, PromptSettings } from "../../core/prompts.ts";

const MAX_NAMES = 3;

/** `Lo de hoy — La Gaceta, 14 de noviembre de 2026`: no model has a hand in it. */
export function titleOf(
  { title, language }: PromptSettings,
  editions: readonly PromptRunEdition[],
): string {
  const names = [...new Set(editions.map(({ sourceName }) => sourceName))];
  const dates = editions.map(({ date }) => date).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return title;
  const when =
    first === last
      ? longDate(first, language)
      : `${shortDate(first, language)} – ${shortDate(last, language)}`;
  const named = names.slice(0, MAX_NAMES).join(", ");
  return `${title} — ${names.length > MAX_NAMES ? `${named}, …` : named}, ${when}`;
}
