import { markdownTable } from "./markdown-table.ts";
import { runPublishingCrashes } from "./publishing-crashes.ts";
import type { Promised, VerifiedTable } from "./verdict.ts";

/** Of the process that publishes; few of them where somebody is in a hurry. */
const DEATHS = 1_000;
const QUICK_DEATHS = 60;

/** What stands on networks after processes that publish have died so often, in the middle of whatever they were at. */
export async function runPublishingTable({
  isQuick,
}: {
  readonly isQuick: boolean;
}): Promise<VerifiedTable> {
  const deaths = isQuick ? QUICK_DEATHS : DEATHS;
  const seen = await runPublishingCrashes(deaths, (line) => process.stderr.write(`${line}\n`));
  const exactly = (what: string, promised: number, was: number): Promised => ({
    what,
    promised: String(promised),
    seen: String(was),
    holds: promised === was,
  });
  const rows: readonly Promised[] = [
    exactly("deaths in the middle", deaths, seen.crashes),
    exactly("posts that stand there twice", 0, seen.duplicated),
    exactly("posts that are called published and are not there", 0, seen.lost),
    exactly("posts of a thread out of order", 0, seen.astray),
    exactly("publications without an end", 0, seen.unfinished),
  ];
  const facts = `${seen.publications} publications, ${seen.posts} posts; networks failed ${seen.networkFaults} times; a person decided ${seen.decided} doubts; X refused ${seen.refusedAsDuplicates} posts as duplicates.`;
  const table = markdownTable(
    ["what", "promised", "seen", ""],
    rows.map(({ what, promised, seen: was, holds }) => [what, promised, was, holds ? "" : "SHORT"]),
  );
  return {
    text: `### Publishing, while processes die\n\n${facts}\n\n${table}`,
    shortfalls: rows
      .filter(({ holds }) => !holds)
      .map(({ what, promised, seen: was }) => `${what}: ${was}, promised ${promised}`),
  };
}
