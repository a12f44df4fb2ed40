import { setImmediate as nextTurn } from "node:timers/promises";
import type { ActEntity, ActReading, ReadableAct, ReadingContext } from "../../core/entities.ts";
import { foldInPlace, nameKey } from "./fold-in-place.ts";
import { readAmounts } from "./read-amounts.ts";
import { findDates } from "./read-dates.ts";
import { type Named, readBodies, readCompanies, readPersons, readPlaces } from "./read-names.ts";
import { readNorms } from "./read-norms.ts";
import { readReferences } from "./read-references.ts";
import { readSelfNorm } from "./read-self-norm.ts";

/** Grows when the rules read otherwise than before: editions are then read again. */
export const READING_VERSION = 1;
/** Lists of a thousand candidates are read as far as this. */
const MAX_ENTITIES = 300;
const MAX_KEY = 200;

/** Acts read before others of the process have their turn: some milliseconds. */
const ACTS_AT_ONCE = 20;

/** Reads the acts of an edition in order, in the main thread, leaving it to others in between. */
export async function readActs(
  acts: readonly ReadableAct[],
  context: ReadingContext,
  signal: AbortSignal,
): Promise<readonly ActReading[]> {
  const readings: ActReading[] = [];
  for (const [at, act] of acts.entries()) {
    if (at % ACTS_AT_ONCE === 0) await nextTurn(undefined, { signal });
    readings.push(readAct(act, context));
  }
  return readings;
}

/** Reads what an act is, speaks of and changes, by rules. */
export function readAct(act: ReadableAct, context: ReadingContext): ActReading {
  const norm = readSelfNorm(act, context.country);
  return {
    norm,
    entities: readEntities(act, context),
    references: readReferences(act, { self: norm, country: context.country }),
  };
}

function readEntities(act: ReadableAct, { country }: ReadingContext): readonly ActEntity[] {
  const entities = new Map<string, ActEntity>();
  act.passages.forEach(({ text }, passage) => {
    for (const { kind, key, name, start, end } of readPassage(text, country)) {
      const id = `${kind} ${key}`;
      const known = entities.get(id);
      if (known !== undefined) entities.set(id, { ...known, mentions: known.mentions + 1 });
      else if (entities.size < MAX_ENTITIES && key !== "" && key.length <= MAX_KEY) {
        entities.set(id, { kind, key, name, passage, start, end, mentions: 1 });
      }
    }
  });
  return withIssuer(act, [...entities.values()]);
}

/** Who issues the act stands above it, not in its text. */
function withIssuer(
  { issuingBody }: ReadableAct,
  entities: readonly ActEntity[],
): readonly ActEntity[] {
  const key = nameKey(issuingBody).slice(0, MAX_KEY);
  if (key === "" || entities.some((one) => one.kind === "body" && one.key === key)) return entities;
  const name = issuingBody.replace(/\s+/g, " ").trim().slice(0, MAX_KEY);
  return [{ kind: "body", key, name, passage: 0, start: 0, end: 0, mentions: 1 }, ...entities];
}

function readPassage(text: string, country: string): readonly Named[] {
  const folded = foldInPlace(text);
  const norms = readNorms(folded, country);
  const companies = readCompanies(text);
  const isTaken = ({ start, end }: Named) =>
    companies.some((company) => start < company.end && end > company.start);
  return [
    ...norms.map(
      ({ key, start, nameEnd }): Named => ({
        kind: "norm",
        key,
        name: text.slice(start, nameEnd).replace(/\s+/g, " ").trim(),
        start,
        end: nameEnd,
      }),
    ),
    ...companies,
    ...readPersons(text).filter((person) => !isTaken(person)),
    ...readBodies(text),
    ...readPlaces(text),
    ...readAmounts(text, folded, country),
    // A norm's own date is part of its name.
    ...findDates(folded)
      .filter((date) => !norms.some(({ start, end }) => date.start >= start && date.end <= end))
      .map(({ date, start, end }): Named => {
        const name = text.slice(start, end).replace(/\s+/g, " ");
        return { kind: "date", key: date, name, start, end };
      }),
  ];
}
