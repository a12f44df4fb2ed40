import { itemsOf } from "./found.ts";
import type { Collected, Scope } from "./in-page/collected.ts";
import type { SelectorPack } from "./pack-schema.ts";

/** Looks for the marks of every era; the rollout of a redesign is per account, and may come while we run. */
export function marksScope(packs: readonly SelectorPack[]): Scope {
  const probes = packs.flatMap(({ era, marks }) => [
    ...marks.present.map((mark, at) => [`${era}+${at}`, { selectors: [mark] }] as const),
    ...marks.absent.map((mark, at) => [`${era}-${at}`, { selectors: [mark] }] as const),
  ]);
  return { root: ["html"], items: ["body"], limit: 1, probes: Object.fromEntries(probes) };
}

/** The pack with the most marks for it; that in use where no other has more. */
export function choosePack(
  collected: Collected,
  packs: readonly SelectorPack[],
  current: SelectorPack,
): SelectorPack {
  const [body] = itemsOf(collected, "marks");
  if (body === undefined) return current;
  const scoreOf = ({ era, marks }: SelectorPack) =>
    marks.present.filter((_, at) => body.first(`${era}+${at}`) !== undefined).length -
    marks.absent.filter((_, at) => body.first(`${era}-${at}`) !== undefined).length;
  let best = current;
  for (const pack of packs) if (scoreOf(pack) > Math.max(0, scoreOf(best))) best = pack;
  return best;
}
