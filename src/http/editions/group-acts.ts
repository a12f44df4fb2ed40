import type { Edition } from "../../core/gazette.ts";
import type { ListedAct } from "../../core/gazette-archive.ts";

/** One document of a date with its acts in order. */
export interface DocumentOfDay {
  readonly edition: Edition;
  readonly acts: readonly ListedAct[];
}

export interface PlacedAct extends ListedAct {
  /** The document that it stands in. */
  readonly edition: Edition;
}

export interface Body {
  /** Empty: no issuing body is named. */
  readonly name: string;
  readonly acts: readonly PlacedAct[];
}

export interface Section {
  /** Anchor, and `?section=`: `s1` and so on, in the order of the edition. */
  readonly id: string;
  /** Empty: acts that stand under no section. */
  readonly name: string;
  readonly bodies: readonly Body[];
  readonly actCount: number;
}

/**
 * Sections, issuing bodies and acts over all documents of a date, each where it comes first. What differs in case,
 * accents or spaces alone is one.
 */
export function groupActs(documents: readonly DocumentOfDay[]): readonly Section[] {
  const sections = new Map<string, { name: string; bodies: Map<string, OpenBody> }>();
  for (const { edition, acts } of documents) {
    for (const act of acts) {
      const section = findOrAdd(sections, act.section, (name) => ({ name, bodies: new Map() }));
      const body = findOrAdd(section.bodies, act.issuingBody, (name) => ({ name, acts: [] }));
      body.acts.push({ ...act, edition });
    }
  }
  return [...sections.values()].map(({ name, bodies }, index) => ({
    id: `s${index + 1}`,
    name,
    bodies: [...bodies.values()],
    actCount: [...bodies.values()].reduce((sum, { acts }) => sum + acts.length, 0),
  }));
}

interface OpenBody {
  readonly name: string;
  readonly acts: PlacedAct[];
}

function findOrAdd<Value>(
  known: Map<string, Value>,
  name: string,
  make: (name: string) => Value,
): Value {
  const key = normalise(name);
  const found = known.get(key) ?? make(name.trim());
  known.set(key, found);
  return found;
}

function normalise(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[\p{M}\s]+/gu, "")
    .toLowerCase();
}

/** Issuing bodies with the most acts over all sections, at most `limit`. */
export function busiestBodies(
  sections: readonly Section[],
  limit: number,
): readonly { readonly name: string; readonly actCount: number }[] {
  const counts = new Map<string, { name: string; actCount: number }>();
  for (const { name, acts } of sections.flatMap((section) => section.bodies)) {
    if (name === "") continue;
    const known = findOrAdd(counts, name, () => ({ name, actCount: 0 }));
    known.actCount += acts.length;
  }
  // Stable: of as many, the one that comes first.
  return [...counts.values()].sort((one, other) => other.actCount - one.actCount).slice(0, limit);
}

/** How many different issuing bodies are named. */
export function countBodies(sections: readonly Section[]): number {
  const names = sections.flatMap((section) => section.bodies.map(({ name }) => normalise(name)));
  return new Set(names.filter((name) => name !== "")).size;
}
