import type { AlertTopic, MatchReason } from "../../core/subscriptions.ts";
import { foldWords } from "../../retrieval/words.ts";

/** Words that stand one after the other, or one word. */
export interface Term {
  readonly reason: MatchReason;
  /** Folded. */
  readonly words: readonly string[];
}

/** A topic as it is compared. A term without words is left out. */
export interface TopicTerms {
  readonly anyOf: readonly (readonly Term[])[];
  readonly without: readonly Term[];
  readonly body: Term | undefined;
  readonly section: Term | undefined;
  readonly name: Term | undefined;
  readonly place: Term | undefined;
}

/** What companies put after their name, folded: it is written in many ways, and left out in many places. */
const LEGAL_FORMS = new Set(
  `sociedad anonima limitada limitee ltda ltd sa sl sas srl eirl inc llc corp cia sociedade me epp eireli mei s a l r c e i
  de responsabilidad responsabilidade cv rl`.split(/\s+/),
);

export function readTopic(topic: AlertTopic): TopicTerms {
  const toTerms = (typed: readonly string[]) =>
    typed.flatMap((each) => toTerm("words", each) ?? []);
  return {
    anyOf: topic.anyOf.map(toTerms).filter((terms) => terms.length > 0),
    without: toTerms(topic.without),
    body: toTerm("body", topic.body),
    section: toTerm("section", topic.section),
    name: toNameTerm(topic.name),
    place: toTerm("place", topic.place),
  };
}

/** Every folded word of a topic, to be stemmed. */
export function wordsOf(terms: TopicTerms): readonly string[] {
  const { anyOf, without, body, section, name, place } = terms;
  return [...anyOf.flat(), ...without, body, section, name, place].flatMap(
    (term) => term?.words ?? [],
  );
}

function toTerm(kind: MatchReason["kind"], typed: string | undefined): Term | undefined {
  const words = foldWords(typed ?? "").map(({ word }) => word);
  return words.length === 0 ? undefined : { reason: { kind, typed: (typed ?? "").trim() }, words };
}

/** The legal form at the end is left out, unless nothing else is there. */
function toNameTerm(typed: string | undefined): Term | undefined {
  const term = toTerm("name", typed);
  if (term === undefined) return undefined;
  let end = term.words.length;
  while (end > 1 && LEGAL_FORMS.has(term.words[end - 1] ?? "")) end -= 1;
  return { ...term, words: term.words.slice(0, end) };
}
