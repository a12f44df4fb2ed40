/** Kinds of norms with their names in folded text, the longer ones first. */
const KINDS = [
  ["royal-decree-law", "real decreto-? ?ley"],
  ["legislative-royal-decree", "real decreto legislativo"],
  ["royal-decree", "real(?:es)? decretos?"],
  ["decree-law", "decreto-? ?le[iy]"],
  ["legislative-decree", "decreto legislativo"],
  ["supreme-decree", "decreto supremo"],
  ["decree", "decretos?(?: ejecutivos?| executivos?)?"],
  ["complementary-law", "lei(?:s)? complementar(?:es)?"],
  ["organic-law", "ley(?:es)? organicas?(?= \\d)"],
  ["law", "le(?:y|yes|i|is)"],
  ["provisional-measure", "medidas? provisorias?|mp(?= n)"],
  ["constitutional-amendment", "emenda constitucional|ec(?= n)"],
  ["service-order", "orde(?:m|ns) de servico"],
  ["ordinance", "portarias?"],
  ["order", "orden(?: ministerial)?"],
  ["normative-instruction", "instruc(?:ao|cion) normativa"],
  ["instruction", "instruc(?:ao|cion)"],
  ["resolution", "resolu(?:cion|cao)"],
  ["declaratory-act", "atos? declaratorios?"],
  ["agreement", "acuerdo"],
  ["directive", "directriz"],
  ["circular", "circular"],
] as const;

export type NormKind = (typeof KINDS)[number][0];

const BOUND = "(?<![\\p{L}\\p{N}])";
const ANY_KIND = new RegExp(
  `${BOUND}(?:${KINDS.map(([, pattern]) => `(${pattern})`).join("|")})(?![\\p{L}\\p{N}])`,
  "gu",
);

export interface FoundKind {
  readonly kind: NormKind;
  readonly start: number;
  readonly end: number;
}

export function findNormKinds(folded: string): readonly FoundKind[] {
  return [...folded.matchAll(ANY_KIND)].flatMap((match) => {
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)]?.[0];
    return kind === undefined
      ? []
      : [{ kind, start: match.index, end: match.index + match[0].length }];
  });
}

/** Where each year, or each body, begins to count anew: the number alone names nothing. */
const YEARLY_LAWS = new Set(["ES", "CO"]);
const YEARLY_DECREES = new Set(["ES", "CO", "AR", "MX", "BO", "PE"]);
/** Below it a decree or law of Brazil may be any town's, which counts by itself. */
const TOWN_NUMBERS = 1_000;

/**
 * `law:7983`, `ordinance:2/2019`, `order:ecd/499/2015`, and `decree@2019-02-21` without a number. Laws are counted
 * through the years in most countries, so that `Lei 8.666` and `Lei nº 8.666/93` are one.
 */
export function normKey(
  norm: {
    readonly kind: NormKind;
    /** Digits alone, or with its ministry and year: `ecd/499/2015`. */
    readonly number: string | undefined;
    readonly year: number | undefined;
    readonly enactedOn: string | undefined;
  },
  country: string,
): string | undefined {
  const { kind, number, year, enactedOn } = norm;
  if (number === undefined) return enactedOn === undefined ? undefined : `${kind}@${enactedOn}`;
  const hasYear = number.includes("/");
  if (hasYear || year === undefined || isCountedThrough(kind, Number(number), country)) {
    return `${kind}:${number}`;
  }
  return `${kind}:${number}/${year}`;
}

function isCountedThrough(kind: NormKind, number: number, country: string): boolean {
  switch (kind) {
    case "law":
      return !YEARLY_LAWS.has(country) && (country !== "BR" || number >= TOWN_NUMBERS);
    case "complementary-law":
    case "constitutional-amendment":
    case "supreme-decree":
      return true;
    case "decree":
    case "decree-law":
    case "provisional-measure":
      return !YEARLY_DECREES.has(country) && number >= TOWN_NUMBERS;
    default:
      return false;
  }
}
