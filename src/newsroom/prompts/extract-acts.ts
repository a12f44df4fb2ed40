import type { Language } from "../../core/language.ts";
import type { PassagePart, StepOutput } from "../../core/prompt-work.ts";
import type { RunStatement } from "../../core/prompts.ts";
import { splitSentences } from "../../retrieval/split-sentences.ts";
import { isQuotation, oneLine } from "./check-statements.ts";
import { type PlacedInMaterial, toCitation, toFound } from "./cite-passage.ts";

/** Characters of an act that are quoted. */
const LEAD = 320;
/** A first sentence shorter than this says too little to end there. */
const LEAST_LEAD = 60;

/** The way without a model: of each act that begins in the batch its first sentences, word for word. */
export function extractActs(
  parts: readonly PassagePart[],
  places: ReadonlyMap<string, PlacedInMaterial>,
  language: Language,
): StepOutput {
  const statements = parts.flatMap((part): readonly RunStatement[] => {
    const place = places.get(part.passageId);
    const isBeginning = part.from === 0 && place?.act.passages[0] === place?.passage;
    if (place === undefined || !isBeginning) return [];
    const found = toFound(place, part);
    const text = leadOf(found.passage.text);
    if (!isQuotation(text, found)) return [];
    const citations = [toCitation(text, found, language)];
    return [{ text, origin: "gazette", citations, isSupported: true }];
  });
  return { statements, dropped: [], model: undefined };
}

/** As many whole sentences as fit; where the first does not, it is cut between words, and shows so. */
export function leadOf(text: string): string {
  const whole = oneLine(text);
  if (whole.length <= LEAD) return whole;
  const ends = splitSentences(whole)
    .filter(({ end, endsSentence }) => endsSentence && end >= LEAST_LEAD && end <= LEAD)
    .filter(({ end }) => /[.!?…]["»”')]*$/.test(whole.slice(0, end).trimEnd()));
  const end = ends.at(-1)?.end;
  if (end !== undefined) return whole.slice(0, end).trimEnd();
  const space = whole.lastIndexOf(" ", LEAD - 1);
  const cut = whole.slice(0, space > 0 ? space : LEAD - 1);
  return `${cut.replace(/[\s,;:–—-]+$/, "")}…`;
}

/** At most `limit`, of each section in turn as many as of the others, in the order of the edition. */
export function pickBySection(
  statements: readonly RunStatement[],
  places: ReadonlyMap<string, PlacedInMaterial>,
  limit: number,
): readonly RunStatement[] {
  const bySection = new Map<string, RunStatement[]>();
  for (const statement of statements) {
    const place = places.get(statement.citations[0]?.passageId ?? "");
    const key = `${place?.material.facts.sourceSlug ?? ""} ${place?.act.section ?? ""}`;
    const known = bySection.get(key);
    if (known === undefined) bySection.set(key, [statement]);
    else known.push(statement);
  }
  const chosen = new Set<RunStatement>();
  for (let turn = 0; chosen.size < Math.min(limit, statements.length); turn += 1) {
    for (const ofSection of bySection.values()) {
      const next = ofSection[turn];
      if (next !== undefined && chosen.size < limit) chosen.add(next);
    }
  }
  return statements.filter((statement) => chosen.has(statement));
}
