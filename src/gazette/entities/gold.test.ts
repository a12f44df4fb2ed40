import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ENTITY_KINDS, type EntityKind } from "../../core/entities.ts";
import { readAct } from "./read-act.ts";

/** One act, or part of one, as printed, with what a person found in it. */
interface GoldAct {
  readonly id: string;
  readonly country: string;
  readonly title: string;
  readonly section: string;
  readonly text: string;
  readonly entities: Readonly<Partial<Record<EntityKind, readonly string[]>>>;
  /** `relation key`. */
  readonly references: readonly string[];
}

const GOLD = readFileSync(new URL("../../../eval/entities/gold.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): GoldAct => JSON.parse(line));

interface Score {
  readonly wanted: number;
  readonly read: number;
  readonly right: number;
  readonly wrong: readonly string[];
}

function score(
  pairs: readonly {
    readonly id: string;
    readonly wanted: readonly string[];
    readonly read: readonly string[];
  }[],
): Score {
  const sum = (of: (pair: (typeof pairs)[number]) => number) =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  return {
    wanted: sum(({ wanted }) => wanted.length),
    read: sum(({ read }) => read.length),
    right: sum(({ wanted, read }) => read.filter((key) => wanted.includes(key)).length),
    wrong: pairs.flatMap(({ id, wanted, read }) => [
      ...read.filter((key) => !wanted.includes(key)).map((key) => `${id} +${key}`),
      ...wanted.filter((key) => !read.includes(key)).map((key) => `${id} -${key}`),
    ]),
  };
}

const readings = GOLD.map((gold) => ({
  gold,
  reading: readAct(
    { section: gold.section, issuingBody: "", title: gold.title, passages: [{ text: gold.text }] },
    { country: gold.country, language: gold.country === "BR" ? "pt" : "es" },
  ),
}));
const ofKind = (kind: EntityKind) =>
  score(
    readings.map(({ gold, reading }) => ({
      id: gold.id,
      wanted: gold.entities[kind] ?? [],
      read: reading.entities.filter((entity) => entity.kind === kind).map(({ key }) => key),
    })),
  );
const references = score(
  readings.map(({ gold, reading }) => ({
    id: gold.id,
    wanted: gold.references,
    read: reading.references.map(({ relation, target }) => `${relation} ${target.key}`),
  })),
);

/** Least precision and recall, some points below what was seen: docs/entities.md has the figures. */
const LEAST: Readonly<Record<EntityKind | "reference", readonly [number, number]>> = {
  body: [0.7, 0.6],
  norm: [0.95, 0.9],
  company: [0.8, 0.7],
  person: [0.9, 0.8],
  place: [0.6, 0.4],
  amount: [0.9, 0.9],
  date: [0.9, 0.8],
  reference: [0.95, 0.9],
};

it.each([
  ...ENTITY_KINDS.map((kind) => [kind, ofKind(kind)] as const),
  ["reference", references] as const,
])("%s: precision and recall on acts read by hand", (kind, { wanted, read, right, wrong }) => {
  const precision = read === 0 ? 1 : right / read;
  const recall = wanted === 0 ? 1 : right / wanted;
  const figures = `${kind}: ${right} right of ${read} read and ${wanted} wanted; ${wrong.join(", ")}`;
  const [leastPrecision, leastRecall] = LEAST[kind];
  expect(precision, figures).toBeGreaterThanOrEqual(leastPrecision);
  expect(recall, figures).toBeGreaterThanOrEqual(leastRecall);
});
