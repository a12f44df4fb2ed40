import type { GazetteDate } from "../../core/gazette.ts";
import type { Stretch } from "../../core/gazette-archive.ts";
import { type FoundKind, findNormKinds, type NormKind, normKey } from "./norm-kinds.ts";
import { dateOf, datePattern, fullYear } from "./read-dates.ts";

/** The edition that something was published in, as far as a text names it. */
export interface NamedGazette extends Stretch {
  readonly number: string | undefined;
  readonly date: GazetteDate | undefined;
  readonly page: number | undefined;
}

/** A law, decree or order where a text names it, with where it was published if that follows. */
export interface NormMention extends Stretch {
  readonly kind: NormKind;
  readonly key: string;
  readonly enactedOn: GazetteDate | undefined;
  readonly gazette: NamedGazette | undefined;
  /** End of number and date: what comes after may say where it was published. */
  readonly nameEnd: number;
}

const MARK = "n(?:um(?:ero)?|ro|os)?\\s?\\.?\\s?[ºo]?s?\\s?[.:-]?";
const DIGITS = "(?<number>\\d{1,3}(?:\\.\\d{3})+|\\d{1,6})(?!\\d|\\s?º)";
const SUFFIX = "(?:-[a-z][a-z0-9]{0,12}(?:[-/][a-z0-9]{1,12}){0,4})?";
const YEAR = "(?:\\s?/\\s?(?<year>(?:19|20)\\d{2}|\\d{2})(?!\\d))?";
/** Whose it is may stand between: `Portaria TCDF nº 07`, `Ley General de la Administración Pública, N° 6227`. */
const NUMBERED = new RegExp(
  `(?<filler>(?:[ ,]+[\\p{L}«»"“”]{1,20}){0,10}?)[ ,]{1,3}(?<mark>${MARK})\\s?${DIGITS}${SUFFIX}${YEAR}`,
  "uy",
);
/** Without a mark the number follows at once: `Ley 34/1998`, `Decreto 39.002`. */
const BARE = new RegExp(`\\s+${DIGITS}${SUFFIX}${YEAR}`, "uy");
/** `Orden ECD/499/2015`, `Orden 321/2024`. */
const OF_MINISTRY = /\s+(?<code>[a-z]{2,5}\/\d{1,5}\/(?:19|20)\d{2})(?!\d)/y;
const WEEKDAY = "(?:(?:segunda|terca|quarta|quinta|sexta)-feira|sabado|domingo),?\\s+";
const ENACTED = new RegExp(
  `(?:\\s-\\s[a-z/]{2,40})?\\s?,?\\s*(?:(?:de|del|do|em)\\s+)?(?:(?:la )?fecha\\s+|data\\s+de\\s+)?(?:${WEEKDAY})?${datePattern("")}`,
  "y",
);
const DATED_ONLY = new RegExp(`\\s+(?:(?:de|del)\\s+)?(?:${WEEKDAY})?${datePattern("")}`, "y");
/** Nouns with numbers of their own: what follows them is not the norm's. */
const OTHER_NUMBERS =
  /\b(?:expediente|solicitud|cedula|articulo|artigo|art|processo|contrato|matricula|lote|inciso|gaceta|diario|dodf|dou|boletin|oficio|folio|tomo|registro|acta|sesion|licitacion|pregao|edital|conforme|segun|publicad[oa])\b/;

const GAZETTE_NAME =
  '(?:dodf|dou|d\\.o\\.u\\.|diario oficial(?: (?:do|da|de|del) (?:distrito federal|uniao|estado|municipio|la federacion))?|(?:el )?alcance(?: digital)?|la gaceta(?:,? diario oficial,?)?|[«"“]?boletin oficial del estado[»"”]?|boe)';
const EDITION = new RegExp(
  `(?:edicao extra|edicion extraordinaria|suplemento)?\\s?,?\\s?(?:(?:a )?la )?${GAZETTE_NAME}(?:[\\s,]*(?:edicao|edicion)?\\s?(?:extra(?:ordinaria)?)?[\\s,]*(?:${MARK}\\s?)?(?<edition>\\d{1,5})(?![/.\\d]))?(?:[\\s,]*(?:de|del|del dia|de fecha|da)?\\s*(?:${WEEKDAY})?${datePattern("Of")})?(?:[\\s,;]*(?:en la |na |a |edicao extra,? )?p(?:ag|agina|g|ags)?\\.?\\s?(?:n\\.?º?\\s?)?(?<page>\\d{1,4}))?`,
  "y",
);
const PUBLISHED = /[\s,()]*(?:re)?publicad[oa]s?\s+(?:no|na|en|em|in)\s+(?:el\s+)?/y;

/** Norms named in folded text, in order; none overlaps another. */
export function readNorms(folded: string, country: string): readonly NormMention[] {
  const mentions: NormMention[] = [];
  let end = 0;
  for (const found of findNormKinds(folded)) {
    if (found.start < end) continue;
    const mention = readNorm(folded, found, country);
    if (mention === undefined) continue;
    mentions.push(mention);
    end = mention.end;
  }
  return mentions;
}

function readNorm(folded: string, found: FoundKind, country: string): NormMention | undefined {
  const { kind, start } = found;
  const dated = at(DATED_ONLY, folded, found.end);
  const datedOn = dateOf(dated?.groups, "");
  const numbered = datedOn === undefined ? readNumber(folded, found) : undefined;
  if (datedOn === undefined && numbered === undefined) return undefined;
  const enacted = numbered === undefined ? dated : at(ENACTED, folded, numbered.end);
  const enactedOn = datedOn ?? dateOf(enacted?.groups, "", numbered?.year);
  const nameEnd = endOf(enactedOn === undefined ? undefined : enacted, numbered?.end ?? found.end);
  const where = withGazette(folded, nameEnd);
  const year = numbered?.year ?? yearOf(enactedOn) ?? yearOf(where.gazette?.date);
  const key = normKey({ kind, number: numbered?.number, year, enactedOn }, country);
  return key === undefined ? undefined : { ...where, kind, key, enactedOn, start };
}

function yearOf(date: GazetteDate | undefined): number | undefined {
  return date === undefined ? undefined : Number(date.slice(0, 4));
}

function readNumber(
  folded: string,
  { end }: FoundKind,
):
  | { readonly number: string; readonly year: number | undefined; readonly end: number }
  | undefined {
  const ofMinistry = at(OF_MINISTRY, folded, end);
  const code = ofMinistry?.groups?.code;
  if (code !== undefined) {
    return { number: code, year: Number(code.slice(-4)), end: endOf(ofMinistry, end) };
  }
  const match = at(NUMBERED, folded, end) ?? at(BARE, folded, end);
  const groups: Readonly<Record<string, string | undefined>> = match?.groups ?? {};
  const { number: digits, filler = "", mark, year } = groups;
  if (match === undefined || digits === undefined) return undefined;
  if (OTHER_NUMBERS.test(filler) || findNormKinds(filler).length > 0) return undefined;
  // "nos termos da lei, no 12 de maio": a preposition.
  if (filler !== "" && /^nos?$/.test(mark ?? "")) return undefined;
  if (mark === undefined && year === undefined && isBareNumber(digits)) return undefined;
  return {
    number: String(Number(digits.replaceAll(".", ""))),
    year: year === undefined ? undefined : fullYear(year),
    end: endOf(match, end),
  };
}

/** Of few digits, or a year: "acuerdo 3", "Ley 2014". */
function isBareNumber(digits: string): boolean {
  return digits.length < 3 || /^(?:19|20)\d{2}$/.test(digits);
}

function withGazette(
  folded: string,
  nameEnd: number,
): Pick<NormMention, "nameEnd" | "end" | "gazette"> {
  const published = at(PUBLISHED, folded, nameEnd);
  if (published === undefined) return { nameEnd, end: nameEnd, gazette: undefined };
  const gazette = readGazette(folded, endOf(published, nameEnd));
  return { nameEnd, end: gazette?.end ?? nameEnd, gazette };
}

/** An edition named at this place of folded text, by its number or date. */
function readGazette(folded: string, start: number): NamedGazette | undefined {
  const match = at(EDITION, folded, start);
  if (match === undefined) return undefined;
  const date = dateOf(match.groups, "Of");
  const number = match.groups?.edition;
  if (date === undefined && number === undefined) return undefined;
  const page = match.groups?.page;
  return {
    number: number === undefined ? undefined : String(Number(number)),
    date,
    page: page === undefined ? undefined : Number(page),
    start,
    end: endOf(match, start),
  };
}

const GAZETTE_BEGINS =
  /(?<![\p{L}\p{N}])(?:dodf|diario oficial|la gaceta|boletin oficial|boe)(?![\p{L}\p{N}])/gu;

/** The first edition that folded text names, with its date or number, from a place on. */
export function findGazette(folded: string, from = 0): NamedGazette | undefined {
  for (const { index } of folded.matchAll(GAZETTE_BEGINS)) {
    const found = index < from ? undefined : readGazette(folded, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a sticky pattern finds at exactly this place. */
function at(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text) ?? undefined;
}

function endOf(match: RegExpExecArray | undefined, otherwise: number): number {
  return match === undefined ? otherwise : match.index + match[0].length;
}
