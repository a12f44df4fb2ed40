import type { Turn } from "../core/turn.ts";

const MAX_LENGTH = 700;
const MAX_LINE = 140;

/**
 * What a person and a citizen talked about, for the bot to remember: the person's own words for it, if they gave any,
 * and the last of what was said. Data from outside, as the turns are.
 */
export function summariseHandOver(
  said: readonly Pick<Turn, "speaker" | "text">[],
  given: string | undefined,
): string {
  const lines = said
    .filter(({ text }) => text.trim() !== "")
    .map(({ speaker, text }) => {
      const line = text.replace(/\s+/g, " ").trim();
      const cut = line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1).toWellFormed()}…` : line;
      return `${speaker === "person" ? "person" : "citizen"}: ${cut}`;
    });
  const own = given?.replace(/\s+/g, " ").trim() ?? "";
  const kept: string[] = [];
  let length = own.length;
  for (const line of lines.reverse()) {
    if (length + line.length + 1 > MAX_LENGTH) break;
    kept.unshift(line);
    length += line.length + 1;
  }
  if (own === "" && kept.length === 0) return "";
  return ["With a person of the staff:", own, ...kept].filter((line) => line !== "").join("\n");
}
