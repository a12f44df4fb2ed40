import type { Drift, StrategyName, Votes } from "./page-reader.ts";
import type { Opinion } from "./strategies/strategy.ts";
import type { Trust } from "./trust.ts";
import { type Verdict, vote, voteDirection } from "./vote.ts";

export interface Voter {
  readonly strategy: StrategyName;
  readonly opinion: Opinion;
}

type Field = Exclude<keyof Opinion, "isLikely" | "direction">;
type Said<K extends keyof Opinion> = NonNullable<Opinion[K]>;

/** Fields whose votes are kept with the row: they hold no text and no names. */
const PUBLIC: readonly string[] = ["direction", "kind", "tick", "edited"];

/** What the strategies make of one row together. Contradictions are reported, and remembered against who is outvoted. */
export interface Election {
  direction(): "in" | "out" | undefined;
  decide<K extends Field>(field: K, keyOf: (value: Said<K>) => string): Said<K> | undefined;
  /** Of the fields decided so far. */
  votes(): Votes;
}

export function createElection(
  voters: readonly Voter[],
  rowId: string,
  ports: { readonly trust: Trust; readonly onDrift: (drift: Omit<Drift, "pack">) => void },
): Election {
  const votes: Record<string, Partial<Record<StrategyName, string>>> = {};

  function ballotOf<K extends keyof Opinion>(field: K) {
    return voters.flatMap(({ strategy, opinion }) => {
      const value = opinion[field];
      if (value === undefined || !ports.trust.isTrusted(strategy, field)) return [];
      return [{ strategy, value: value as Said<K>, isLikely: opinion.isLikely === true }];
    });
  }

  /** Those who are suspended are still listened to: they may agree again. */
  function remember<T>(field: keyof Opinion, verdict: Verdict<T>, keyOf: (value: T) => string) {
    for (const { strategy, opinion } of voters) {
      const said = opinion[field] as T | undefined;
      if (said === undefined) continue;
      const isOutvoted =
        verdict.outvoted.includes(strategy) ||
        (!ports.trust.isTrusted(strategy, field) &&
          verdict.value !== undefined &&
          keyOf(said) !== keyOf(verdict.value));
      if (ports.trust.note(strategy, field, rowId, isOutvoted)) {
        ports.onDrift({ reason: "suspended", field, strategy });
      }
    }
  }

  function settle<T>(
    field: keyof Opinion,
    ballot: readonly { readonly strategy: StrategyName; readonly value: T }[],
    verdict: Verdict<T>,
    keyOf: (value: T) => string,
  ): T | undefined {
    if (PUBLIC.includes(field) && ballot.length > 0) {
      votes[field] = Object.fromEntries(
        ballot.map(({ strategy, value }) => [strategy, String(value)]),
      );
    }
    if (verdict.isContradicted) ports.onDrift({ reason: "contradiction", field });
    remember(field, verdict, keyOf);
    return verdict.value;
  }

  return {
    direction() {
      const ballot = ballotOf("direction");
      return settle("direction", ballot, voteDirection(ballot), String);
    },
    decide(field, keyOf) {
      const ballot = ballotOf(field);
      return settle(field, ballot, vote(ballot, keyOf), keyOf);
    },
    votes: () => votes,
  };
}
