import type { NormIdentity, ReadableAct } from "../../core/entities.ts";
import { foldInPlace } from "./fold-in-place.ts";
import { normKey } from "./norm-kinds.ts";
import { readNorms } from "./read-norms.ts";
import { CORRECTION } from "./relation-rules.ts";

/** Before its name an act may have its number in the edition, or a quotation mark; words make it somebody else's. */
const LEAD = /^[^\p{L}]{0,14}$/u;
/** Characters in which a name and its date stand. */
const OPENING = 400;
/** Laws and decrees of Costa Rica are headed by their number alone, under the section that says what they are. */
const NUMBER_ALONE =
  /^\W*n\s?\.?\s?[ºo]?\s?(\d{1,3}(?:\.\d{3})+|\d{3,6})(?:-[a-z][a-z0-9-]{0,20})?\b/;

/**
 * Which law, decree or order an act is: what its title begins with. Undefined for notices, and for corrections, which
 * bear the name of what they correct.
 */
export function readSelfNorm(act: ReadableAct, country: string): NormIdentity | undefined {
  const opening = act.passages[0]?.text.slice(0, OPENING) ?? "";
  // A segmenter that found no title leaves it at the beginning of the text.
  const written = act.title === "" ? opening : act.title;
  const folded = foldInPlace(written);
  if (CORRECTION.test(folded)) return undefined;
  const [named] = readNorms(folded.slice(0, OPENING), country);
  if (named === undefined || !LEAD.test(folded.slice(0, named.start)))
    return readNumberAlone(act, folded, country);
  const name = oneLine(written.slice(named.start, named.nameEnd));
  return { key: named.key, name, enactedOn: named.enactedOn };
}

function readNumberAlone(
  { title: written, section, issuingBody, passages }: ReadableAct,
  title: string,
  country: string,
): NormIdentity | undefined {
  const digits = NUMBER_ALONE.exec(title)?.[1];
  if (digits === undefined) return undefined;
  const around = foldInPlace(`${section} ${issuingBody} ${passages[0]?.text.slice(0, 600) ?? ""}`);
  if (!/\bdecretos?\b|\bdecretan?\b/.test(around)) return undefined;
  const isLaw = /asamblea legislativa|poder legislativo|\bleyes\b/.test(around);
  const kind = isLaw ? "law" : "decree";
  const number = String(Number(digits.replaceAll(".", "")));
  const key = normKey({ kind, number, year: undefined, enactedOn: undefined }, country);
  return key === undefined
    ? undefined
    : { key, name: oneLine(written).slice(0, 80), enactedOn: undefined };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
