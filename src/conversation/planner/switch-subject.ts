import { contentWords, stem } from "../content-words.ts";
import { fold } from "../detect-language.ts";

/** "¿y …?", "e …?", "and …?", "what about …?": the rest is said of what was asked before. */
const OPENING =
  /^[¿¡\s]*(?:(?:[Yy]|[Ee]|[Aa]nd|[Pp]ero|[Mm]as|[Bb]ut|[Oo]r?|[Oo]u)\s+)?(?:(?:[Qq]u[eé]\s+(?:hay|pasa|tal)\s+(?:de|con)|[Ww]hat\s+about|[Hh]ow\s+about|[Qq]uanto\s+a|[Ee]n\s+cuanto\s+a)\s+)?/u;
const ARTICLE = "(?:el|la|lo|los|las|o|a|os|as|the)";
const PREPOSITION =
  "(?:de|del|da|do|das|dos|of|sobre|about|en|em|no|na|nos|nas|in|on|at|para|pra|for|con|com|with|por|al)";
/** "la de Ventimiglia", "a do Porto", "the one in Liberia": an article where the earlier question had a noun. */
const ONE_OF = new RegExp(
  `^(?:${ARTICLE}|aquell?[ao]|that|those|the\\s+ones?)\\s+(?<preposition>${PREPOSITION})\\s+(?:${ARTICLE}\\s+)?(?<subject>.+)$`,
  "u",
);
/** "en Liberia", "for foreigners". */
const WITH_PREPOSITION = new RegExp(
  `^(?<preposition>${PREPOSITION})\\s+(?:${ARTICLE}\\s+)?(?<subject>.+)$`,
  "u",
);
/** "the Ventimiglia one", "Ventimiglia's". */
const ENGLISH = /^(?:the\s+)?(?<subject>.+?)(?:['’]s(?:\s+ones?)?|\s+ones?)$/u;
const BARE = new RegExp(`^(?:${ARTICLE}\\s+)?(?<subject>.+)$`, "u");

const ASKING =
  /^(?:qui[eé]n(?:es)?|qu[eé]|cu[aá]l(?:es)?|cu[aá]nt[oa]s?|cu[aá]ndo|d[oó]nde|c[oó]mo|por\s*qu[eê]|quem|quais|qual|quant[oa]s?|quando|onde|who|whom|what|which|when|where|why|how|si|if|se|es|is|are|eso|esa|ese|isso|that|this)(?![\p{L}])/iu;
const MAX_SUBJECT_WORDS = 6;
/** A longer text says more than another subject; and no pattern is tried on what somebody made long. */
const MAX_LENGTH = 120;

/** A name or number, with what belongs to it: "El Calafate, República Argentina", "AUC/319/2024", "322". */
const NAME = String.raw`(?:\p{Lu}[\p{L}\p{N}.'’/-]*|\d[\d./-]*\d|\d)`;
const NAMES = new RegExp(
  String.raw`${NAME}(?:(?:,?\s+(?:(?:de|del|la|las|los|el|da|do|das|dos|of|the)\s+){0,2})${NAME})*`,
  "gu",
);
const NUMBERS = /\d[\d./-]*\d|\d/gu;

/**
 * The earlier question asked of another subject: "¿Qué dice la orden sobre El Calafate?" and then "¿y la de
 * Ventimiglia?" is "¿Qué dice la orden sobre Ventimiglia?". A name takes the place of the last name, a number of
 * the last number, other words that of words after the same preposition. Undefined when the text does not say so.
 */
export function switchSubject(earlier: string, text: string): string | undefined {
  const said = readSubject(text);
  if (said === undefined) return undefined;
  const isKnown = [...contentWords(said.subject)].every((word) => contentWords(earlier).has(word));
  if (isKnown) return undefined;
  if (!said.isNamed) return replaceComplement(earlier, said, !said.standsForNoun);
  if (isOfOtherNoun(earlier, said)) return undefined;
  return replaceName(earlier, said) ?? replaceComplement(earlier, said, false);
}

/** Whether a text may ask the same of another subject, whatever was asked before. */
export function namesOtherSubject(text: string): boolean {
  return readSubject(text) !== undefined;
}

interface Subject {
  readonly subject: string;
  readonly preposition: string | undefined;
  /** It has a name or a number. */
  readonly isNamed: boolean;
  /** An article alone stands for what was asked about: "la de…". */
  readonly standsForNoun: boolean;
}

function readSubject(text: string): Subject | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const opening = OPENING.exec(text)?.[0] ?? "";
  const rest = text.slice(opening.length).replace(/[?!.\s]+$/u, "");
  const hasOpening = /\p{L}/u.test(opening);
  const oneOf = ONE_OF.exec(rest)?.groups;
  const found =
    oneOf ??
    (hasOpening
      ? (WITH_PREPOSITION.exec(rest) ?? ENGLISH.exec(rest) ?? BARE.exec(rest))?.groups
      : undefined);
  const subject = found?.subject?.trim();
  if (subject === undefined || ASKING.test(subject) || contentWords(subject).size === 0) {
    return undefined;
  }
  if (subject.split(/\s+/u).length > MAX_SUBJECT_WORDS) return undefined;
  const isNamed = [...subject.matchAll(NAMES)].length > 0;
  const preposition = found?.preposition;
  // "¿y el plazo?" asks for something else of the same.
  if (!isNamed && preposition === undefined) return undefined;
  return { subject, preposition, isNamed, standsForNoun: oneOf !== undefined };
}

/** "¿y el artículo 5?" after a question about an order is no other order. */
function isOfOtherNoun(earlier: string, { subject }: Subject): boolean {
  const name = [...subject.matchAll(NAMES)].at(-1);
  const known = new Set(wordsOf(earlier).map(stem));
  return !wordsOf(subject.slice(0, name?.index)).every((word) => known.has(stem(word)));
}

/** Undefined when the earlier question has no name of its kind. */
function replaceName(earlier: string, { subject }: Subject): string | undefined {
  const name = [...subject.matchAll(NAMES)].at(-1);
  if (name === undefined) return undefined;
  const first = /^\P{L}*\p{L}+/u.exec(earlier)?.[0].length ?? 0;
  const isNumber = /^\d/u.test(name[0]);
  const target = [...earlier.matchAll(isNumber ? NUMBERS : NAMES)].findLast(
    (match) => match.index >= first && (isNumber || !/^\d/u.test(match[0])),
  );
  if (target === undefined) return undefined;
  const end = target.index + target[0].length;
  return `${earlier.slice(0, target.index)}${name[0]}${earlier.slice(end)}`;
}

/** Folded, of three letters at least: longer than articles. */
function wordsOf(text: string): readonly string[] {
  return fold(text.toLowerCase()).match(/[a-z]{3,}/g) ?? [];
}

const FAMILIES: readonly RegExp[] = [
  /^(?:de|del|da|do|das|dos|of)$/u,
  /^(?:en|em|no|na|nos|nas|in|on|at)$/u,
  /^(?:sobre|about)$/u,
  /^(?:para|pra|for)$/u,
  /^(?:con|com|with)$/u,
];
const COMPLEMENTS = new RegExp(
  `(?<![\\p{L}])(?<preposition>${PREPOSITION})\\s+(?:${ARTICLE}\\s+)?(?<words>(?:(?!\\s${PREPOSITION}\\s)[^?!.;,\\n])+)`,
  "gu",
);

/** What stands after the same preposition, else, unless `needsSame`, after the last. */
function replaceComplement(
  earlier: string,
  { subject, preposition }: Subject,
  needsSame: boolean,
): string | undefined {
  const complements = [...earlier.matchAll(COMPLEMENTS)];
  const family = FAMILIES.find((words) => words.test(preposition ?? ""));
  const same = complements.findLast(({ groups }) => family?.test(groups?.preposition ?? ""));
  const target = same ?? (needsSame ? undefined : complements.at(-1));
  const words = target?.groups?.words;
  if (target === undefined || words === undefined) return undefined;
  const end = target.index + target[0].length;
  return `${earlier.slice(0, end - words.length)}${subject}${earlier.slice(end)}`;
}
