import type { Relation } from "../../core/entities.ts";

/** How gazettes say that an act bears on another, in folded text. */
interface RelationRule {
  readonly relation: Relation;
  /** What is changed comes after: "Deróguese la Ley", "Art. 1º Alterar a Instrução". */
  readonly before?: string;
  /** What is changed came before: "El Decreto N° 5 queda derogado". */
  readonly after?: string;
}

/** `se` and its like may hang on: modifícase, reformanse, altera-se. */
const ENDS = "(?:n?se|-se|-la|-lo)?";

const RULES: readonly RelationRule[] = [
  {
    relation: "derogates",
    before: `se derogan?|derog(?:a|an|ar|ue|uen|ando)${ENDS}|quedan? (?:expresamente |tambien |igualmente )?(?:derogad[oa]s?|abrogad[oa]s?|sin efecto)|se abrogan?|abrog(?:a|ar|ue)${ENDS}|se dejan? sin efecto|dej(?:a|ar|e|en|ando)${ENDS} sin efecto|revog(?:a|am|ar|ando)${ENDS}|fica(?:m|ndo)? (?:revogad[oa]s?|sem efeito)|torn(?:a|ar|am)${ENDS} sem efeito|tornad[oa]s? sem efeito|declara(?:m)?:? ?(?:revogad[oa]s?|cassad[oa]s?)|se anulan?|anul(?:a|ar|e)${ENDS}`,
    after:
      "quedan? (?:derogad[oa]s?|abrogad[oa]s?|sin (?:efecto|vigencia))|se derogan?|ficam? (?:revogad[oa]s?|sem efeito)",
  },
  {
    relation: "modifies",
    before: `se modifican?|modif(?:ica|ican|icar|iquen?)${ENDS}|quedan? modificad[oa]s?|se reforman?|reform(?:a|an|ar|e|en)${ENDS}|se enmiendan?|enmi[e]nd(?:a|ar|e)${ENDS}|alter(?:a|am|ar|ando)${ENDS}|ficam? alterad[oa]s?|d(?:a|ar|ando) nova redacao|dase nueva redaccion|se da nueva redaccion`,
    after:
      "quedan? (?:modificad[oa]s?|reformad[oa]s?|redactad[oa]s?)|se (?:modifican?|reforman?|leera|leeran)|ficam? alterad[oa]s?|passa(?:m|ra|rao)? a (?:vigorar|viger|ter a seguinte|constar)|pasan? a (?:leerse|tener|denominarse)",
  },
  {
    relation: "adds",
    before: `se adicionan?|adicion(?:a|an|ar|e|en)${ENDS}|se agregan?|agreg(?:a|an|ar|ue)${ENDS}|se anaden?|anad(?:e|en|ir)${ENDS}|acrescent(?:a|am|ar)${ENDS}|ficam? (?:acrescid[oa]s?|acrescentad[oa]s?|incluid[oa]s?)`,
    after: "se adicionan?|ficam? acrescid[oa]s?|passam? a vigorar acrescid[oa]s?",
  },
  {
    relation: "extends",
    before: `se prorrogan?|prorrog(?:a|an|ar|ue|uen)${ENDS}|ficam? prorrogad[oa]s?|quedan? prorrogad[oa]s?`,
    after: "quedan? prorrogad[oa]s?|ficam? prorrogad[oa]s?",
  },
  {
    relation: "regulates",
    before: `se reglamentan?|reglament(?:a|an|ar|e)${ENDS}|regulament(?:a|am|ar)${ENDS}|se desarrollan?`,
  },
  {
    relation: "corrects",
    before: `retific(?:a|am|ar|o)${ENDS}|se rectifican?|rectific(?:a|ar|o|ue)${ENDS}|se corrigen?(?: errores| los errores)?|corr(?:ige|ijase|ijanse|egir|igir)|(?:correccion|correcciones) de err(?:or|ores|atas?)|fe de erratas`,
  },
];

const BOUND = "(?<![\\p{L}\\p{N}])";
const END = "(?![\\p{L}\\p{N}])";

export interface RelationSign {
  readonly relation: Relation;
  readonly start: number;
  readonly end: number;
}

const PATTERNS = RULES.map(({ relation, before, after }) => ({
  relation,
  before: before === undefined ? undefined : new RegExp(`${BOUND}(?:${before})${END}`, "gu"),
  after: after === undefined ? undefined : new RegExp(`${BOUND}(?:${after})${END}`, "gu"),
}));

/** Words in a sentence that what they change comes after (`before`), or came before (`after`). */
export function findSigns(sentence: string, side: "before" | "after"): readonly RelationSign[] {
  return PATTERNS.flatMap((rule) => {
    const pattern = rule[side];
    if (pattern === undefined) return [];
    return [...sentence.matchAll(pattern)].map((match) => ({
      relation: rule.relation,
      start: match.index,
      end: match.index + match[0].length,
    }));
  }).sort((one, other) => one.start - other.start);
}

/** Something that was done before: "foi prorrogado", "que fue reformada", "la reforma de la Ley". */
export const IS_PAST =
  /(?:\b(?:fue|fueron|foi|foram|fora|fosse|sido|siendo|restou|habia|haya|hubo|ha|han|tenha|tendo|tinha|ser|seja|sejam|la|una|dicha|presente|primera|segunda|total|parcial|anterior|de|para|por|sin|sem|podra|podran|podera|puede|deberan?|devera)\b)[\s,]*$/;
/** "que regulamenta", "por la que se modifica", "mediante el cual se deroga": of the norm that was named before. */
export const IS_RELATIVE =
  /\b(?:que|cual|cuales|qual|quais|cujo|cuja|cuyo|cuya)(?:\s+(?:se|tambem|tambien|expressamente))?\s*$/;
/** What is named after these is a reason, not what is changed. */
export const IS_REASON =
  /\b(?:conforme|segun|de acuerdo con|de acordo com|de conformidad|con arreglo|en virtud|con base|con fundamento|nos termos|en los terminos|com base|com fulcro|com fundamento|en cumplimiento|em cumprimento|al amparo|amparad[oa]|previst[oa]s?|establecid[oa] en|dispuesto en|disposto n|lo dispuesto|sin perjuicio|sem prejuizo|combinado com|em conformidade|considerando|tendo em vista|vist[oa]s?|constante do|estabelecid[oa])\b/;
/** A part of it only. */
export const IS_PART =
  /\b(?:arts?|articulos?|artigos?|incisos?|numerales?|apartados?|parrafos?|paragrafos?|alineas?|anexos?|capitulos?|disposicion|transitorio|item|itens|caput|clausulas?)\b|\b(?:no|na|nos|nas|en el|en la)\s*$/;
/** Between two norms that share their verb: ", y", "e a", ", así como el". */
export const JOINS =
  /^[\s,;]*(?:(?:y|e|o|u|ou|asi como|bem como|como tambien|ademas de|el|la|los|las|a|os|as|del?|da|do|al|ao)[\s,]*){0,5}$/;
/** Titles and first words of acts that correct others. */
export const CORRECTION =
  /^[\W\d]*(?:fe de erratas?|errata|retificac|rectificac|correccion(?:es)? de err|correcao)/;
export const REPUBLICATION =
  /republicad[oa]s?\b[^.]{0,80}(?:incorrec|incorreto|erro|inexati|omiss)/;
