import type { StrategyName } from "./page-reader.ts";

export type Ballot<T> = readonly { readonly strategy: StrategyName; readonly value: T }[];

export interface Verdict<T> {
  readonly value?: T;
  readonly isContradicted: boolean;
  /** Those whom at least two others, agreeing with each other, contradict. */
  readonly outvoted: readonly StrategyName[];
}

/**
 * The value that most strategies give; of two that are given as often, the one given first. For fields where a wrong value
 * is a blemish: who wrote a message is decided by `voteDirection`.
 */
export function vote<T>(ballot: Ballot<T>, keyOf: (value: T) => string): Verdict<T> {
  const groups = new Map<string, { value: T; count: number }>();
  for (const { value } of ballot) {
    const group = groups.get(keyOf(value)) ?? { value, count: 0 };
    group.count += 1;
    groups.set(keyOf(value), group);
  }
  const [winner] = [...groups.values()].sort((one, other) => other.count - one.count);
  if (winner === undefined) return { isContradicted: false, outvoted: [] };
  const others = ballot.filter(({ value }) => keyOf(value) !== keyOf(winner.value));
  return {
    value: winner.value,
    isContradicted: groups.size > 1,
    outvoted: winner.count >= 2 ? others.map(({ strategy }) => strategy) : [],
  };
}

export type DirectionBallot = readonly {
  readonly strategy: StrategyName;
  readonly value: "in" | "out";
  readonly isLikely: boolean;
}[];

/**
 * Who wrote a row. The two errors cost differently: a message of theirs taken for ours is never answered, and nobody
 * notices. So "out" needs a strategy that states it or two that find it likely, and nobody against; "in" may have one
 * against it when two are for it; all else is unknown.
 */
export function voteDirection(ballot: DirectionBallot): Verdict<"in" | "out"> {
  const of = (value: "in" | "out") => ballot.filter((each) => each.value === value);
  const [ins, outs] = [of("in"), of("out")];
  const names = (votes: DirectionBallot) => votes.map(({ strategy }) => strategy);
  if (ins.length === 0) {
    const isSure = outs.length >= 2 || outs.some(({ isLikely }) => !isLikely);
    return { ...(isSure ? { value: "out" as const } : {}), isContradicted: false, outvoted: [] };
  }
  if (outs.length === 0) return { value: "in", isContradicted: false, outvoted: [] };
  if (ins.length >= 2 && ins.length > outs.length) {
    return { value: "in", isContradicted: true, outvoted: names(outs) };
  }
  return {
    isContradicted: true,
    outvoted: outs.length >= 2 && outs.length > ins.length ? names(ins) : [],
  };
}
