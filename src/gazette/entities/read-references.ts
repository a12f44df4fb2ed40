import type { ActReference, NormIdentity, ReadableAct, Relation } from "../../core/entities.ts";
import { foldInPlace } from "./fold-in-place.ts";
import { dateOf, datePattern } from "./read-dates.ts";
import { findGazette, type NamedGazette, type NormMention, readNorms } from "./read-norms.ts";
import {
  CORRECTION,
  findSigns,
  IS_PART,
  IS_PAST,
  IS_REASON,
  IS_RELATIVE,
  JOINS,
  REPUBLICATION,
  type RelationSign,
} from "./relation-rules.ts";
import { findSentences } from "./sentences.ts";

/** A page of corrections of one service has some thirty. */
const MAX_REFERENCES = 60;
/** Between a verb and what it changes: the article, its title, whose it is. */
const MAX_GAP = 220;
const MAX_GAP_AFTER = 160;
const MAX_NAME = 160;

interface Sentence {
  readonly passage: number;
  readonly start: number;
  readonly text: string;
  readonly folded: string;
  readonly norms: readonly NormMention[];
  /** The first of its act. */
  readonly isFirst: boolean;
}

interface ReadingOf {
  readonly self: NormIdentity | undefined;
  readonly country: string;
}

/** What an act says that it changes: norms that it derogates, modifies, corrects …, each with its sentence. */
export function readReferences(act: ReadableAct, reading: ReadingOf): readonly ActReference[] {
  const isCorrection = CORRECTION.test(foldInPlace(act.title)) || opensAsCorrection(act);
  const references: ActReference[] = [];
  for (const sentence of sentencesOf(act, reading.country)) {
    const found = isCorrection
      ? correctedIn(sentence, references.length > 0)
      : [...republishedIn(sentence, reading.self), ...changedIn(sentence, reading)];
    for (const one of found) {
      if (one.target.key !== reading.self?.key || one.relation === "corrects") references.push(one);
    }
    if (references.length >= MAX_REFERENCES) break;
  }
  return withoutRepeats(references).slice(0, MAX_REFERENCES);
}

function opensAsCorrection({ section, passages }: ReadableAct): boolean {
  return (
    CORRECTION.test(foldInPlace((passages[0]?.text ?? "").slice(0, 60))) ||
    /^\W*fe de erratas/.test(foldInPlace(section))
  );
}

function sentencesOf(act: ReadableAct, country: string): readonly Sentence[] {
  return act.passages.flatMap(({ text }, passage) => {
    const folded = foldInPlace(text);
    return findSentences(text, folded).map(({ start, end }, at) => {
      const part = folded.slice(start, end);
      return {
        passage,
        start,
        text: text.slice(start, end),
        folded: part,
        norms: readNorms(part, country),
        isFirst: passage === 0 && at === 0,
      };
    });
  });
}

function changedIn(sentence: Sentence, reading: ReadingOf): readonly ActReference[] {
  if (sentence.norms.length === 0) return elliptical(sentence, reading);
  return [
    ...findSigns(sentence.folded, "before").flatMap((sign) =>
      changedAfter(sentence, sign, reading),
    ),
    ...findSigns(sentence.folded, "after").flatMap((sign) => changedBefore(sentence, sign)),
    ...elliptical(sentence, reading),
  ];
}

/** "Deróguese la Ley N° 1, y el Decreto N° 2": the norms after the verb that share it. */
function changedAfter(
  sentence: Sentence,
  sign: RelationSign,
  reading: ReadingOf,
): readonly ActReference[] {
  const { folded, norms } = sentence;
  const lead = folded.slice(Math.max(0, sign.start - 40), sign.start);
  if (isOfAnother(sentence, sign, lead, reading)) return [];
  const first = norms.findIndex(({ start }) => start >= sign.end);
  const target = norms[first];
  if (target === undefined || target.start - sign.end > MAX_GAP) return [];
  const gap = folded.slice(sign.end, target.start);
  if (IS_REASON.test(gap) || IS_RELATIVE_WITHIN.test(gap) || THE_ONE_OF.test(gap)) return [];
  const isPartial = IS_PART.test(gap);
  const found = [toReference(sentence, sign.relation, target, isPartial)];
  for (let at = first + 1, before = target; at < norms.length; at++) {
    const next = norms[at];
    if (next === undefined || !JOINS.test(folded.slice(before.end, next.start))) break;
    found.push(toReference(sentence, sign.relation, next, isPartial));
    before = next;
  }
  return found;
}

/** Another clause with its own verb stands between. */
const IS_RELATIVE_WITHIN =
  /\b(?:que (?:regulamenta|reglamenta|dispoe|dispone|fixa|estabelece)|onde se le|donde dice)\b/;

/** Whether it tells what another norm did, or was done before, rather than what this act does. */
function isOfAnother(
  { norms, isFirst }: Sentence,
  sign: RelationSign,
  lead: string,
  { self }: ReadingOf,
): boolean {
  if (!IS_RELATIVE.test(lead)) return IS_PAST.test(lead);
  const subject = norms.findLast(({ end }) => end <= sign.start);
  if (subject === undefined) return !isFirst;
  return subject !== norms[0] || subject.key !== self?.key;
}

/** "El Decreto N° 5 queda derogado", "O art. 2º da Lei nº 3 passa a vigorar". */
function changedBefore(sentence: Sentence, sign: RelationSign): readonly ActReference[] {
  const { folded, norms } = sentence;
  const lead = folded.slice(Math.max(0, sign.start - 40), sign.start);
  if (IS_RELATIVE.test(lead)) return [];
  const target = norms.findLast(({ end }) => end <= sign.start);
  if (target === undefined || sign.start - target.end > MAX_GAP_AFTER) return [];
  // "Queda derogada la Orden": what comes after the verb is what it changes.
  const next = norms.find(({ start }) => start >= sign.end);
  if (next !== undefined && next.start - sign.end < 60) return [];
  const opening = folded.slice(Math.max(0, target.start - 120), target.start);
  if (IS_REASON.test(opening.slice(-60)) || IS_REASON.test(folded.slice(target.end, sign.start))) {
    return [];
  }
  return [toReference(sentence, sign.relation, target, IS_PART.test(opening))];
}

const THE_ONE_OF = new RegExp(`^\\s*(?:en|de|a|na|da)\\s+l[ao]s?\\s+de\\s+${datePattern("")}`);

/** "Resolución … por la que se corrigen errores en la de 27 de marzo": of the same kind as this act. */
function elliptical(sentence: Sentence, { self }: ReadingOf): readonly ActReference[] {
  const kind = self?.key.split(/[:@]/)[0];
  if (kind === undefined || !sentence.isFirst) return [];
  return findSigns(sentence.folded, "before").flatMap((sign) => {
    const match = THE_ONE_OF.exec(sentence.folded.slice(sign.end));
    const enactedOn = dateOf(match?.groups, "");
    if (match === null || enactedOn === undefined) return [];
    const place = {
      passage: sentence.passage,
      start: sentence.start,
      end: sentence.start + sentence.text.length,
    };
    const name = sentence.text.slice(sign.end, sign.end + match[0].length).trim();
    const target = { key: `${kind}@${enactedOn}`, name, enactedOn, ...NO_GAZETTE };
    return [{ ...place, relation: sign.relation, isPartial: false, target }];
  });
}

const NO_GAZETTE = { gazetteNumber: undefined, gazetteOn: undefined, gazettePage: undefined };

/** Of an act that corrects: what it says was published, and the first norm that it names. */
function correctedIn(sentence: Sentence, hasTarget: boolean): readonly ActReference[] {
  const { folded } = sentence;
  const norms = sentence.norms.filter(({ start }) => !IS_REASON.test(folded.slice(0, start)));
  const published = norms.filter(({ gazette }) => gazette !== undefined);
  const [first] = norms;
  if (published.length > 0 || (first !== undefined && !hasTarget)) {
    const chosen = published.length > 0 ? published : [first].filter((norm) => norm !== undefined);
    const where = published.length > 0 ? undefined : findGazette(folded);
    return chosen.map((norm) => toReference(sentence, "corrects", withWhere(norm, where), true));
  }
  const gazette = hasTarget ? undefined : findGazette(folded);
  return gazette?.date === undefined ? [] : [ofGazette(sentence, gazette, gazette.date)];
}

/** "En La Gaceta N° 218 del 12 de noviembre se publicó el Decreto N° 5": the edition may come first. */
function withWhere(norm: NormMention, where: NamedGazette | undefined): NormMention {
  return where === undefined || norm.gazette !== undefined ? norm : { ...norm, gazette: where };
}

/** "(*) Republicada por ter sido encaminhada com incorreção no original, publicada no DODF nº 9, de 14/01/2019, pág. 4". */
function republishedIn(
  sentence: Sentence,
  self: NormIdentity | undefined,
): readonly ActReference[] {
  const { folded, text } = sentence;
  const begins = REPUBLICATION.exec(folded);
  if (begins === null) return [];
  const gazette = findGazette(folded, begins.index);
  if (gazette?.date === undefined) return [];
  if (self === undefined) return [ofGazette(sentence, gazette, gazette.date)];
  const place = {
    passage: sentence.passage,
    start: sentence.start,
    end: sentence.start + text.length,
  };
  const target = { key: self.key, name: self.name, enactedOn: self.enactedOn, ...placeOf(gazette) };
  return [{ ...place, relation: "corrects", isPartial: false, target }];
}

function ofGazette(sentence: Sentence, gazette: NamedGazette, date: string): ActReference {
  const { passage, start, text } = sentence;
  const name = text.slice(gazette.start, gazette.end).trim().slice(0, MAX_NAME);
  const target = { key: `gazette@${date}`, name, enactedOn: undefined, ...placeOf(gazette) };
  return {
    passage,
    start,
    end: start + text.length,
    relation: "corrects",
    isPartial: true,
    target,
  };
}

function placeOf({ number, date, page }: NamedGazette) {
  return { gazetteNumber: number, gazetteOn: date, gazettePage: page };
}

function toReference(
  { passage, start, text }: Sentence,
  relation: Relation,
  norm: NormMention,
  isPartial: boolean,
): ActReference {
  return {
    passage,
    start,
    end: start + text.length,
    relation,
    isPartial,
    target: {
      key: norm.key,
      name: text.slice(norm.start, norm.nameEnd).replace(/\s+/g, " ").trim().slice(0, MAX_NAME),
      enactedOn: norm.enactedOn,
      ...(norm.gazette === undefined ? NO_GAZETTE : placeOf(norm.gazette)),
    },
  };
}

/** The title says it and the first article again; a list of corrections names one edition for several acts. */
function withoutRepeats(references: readonly ActReference[]): readonly ActReference[] {
  const seen = new Map<string, ActReference>();
  for (const reference of references) {
    const { relation, target } = reference;
    const key = [relation, target.key, target.enactedOn, target.gazetteOn, target.gazettePage].join(
      " ",
    );
    if (!seen.has(key)) seen.set(key, reference);
  }
  return [...seen.values()];
}
