import type { Answer, Citation } from "../core/answer.ts";
import type { ActiveAssistant } from "../core/assistant.ts";
import { type ActChange, type ActChanges, RELATIONS } from "../core/entities.ts";
import type { Language } from "../core/language.ts";
import type { Logger } from "../core/logger.ts";
import type { Question } from "../core/question.ts";
import { changeTexts } from "./catalogue/change-texts.ts";
import { cite, foundName, longDate } from "./cite.ts";
import { disarm } from "./injected-text.ts";

/** What a telephone shows below an answer; the weightiest first. */
const MAX_CHANGES = 3;
const QUOTE_LENGTH = 300;

type Written = Pick<Answer, "text" | "citations" | "abstained" | "model">;

/**
 * Says below an answer which later acts derogate, correct or modify those that it cites, each with a citation of its
 * own: whoever reads a decree must know that it holds no more. A look-up that fails costs nobody the answer.
 */
export async function followChanges(
  ports: {
    readonly actChanges?: ActChanges | undefined;
    readonly publicUrl?: string | undefined;
    readonly logger: Logger;
  },
  question: Pick<Question, "tenantId" | "messageId" | "note">,
  answer: Written,
  options: {
    readonly language: Language;
    /** Bound to knowledge sets, it speaks of no act outside them. */
    readonly assistant: Pick<ActiveAssistant, "conduct">;
  },
): Promise<Written> {
  const { actChanges, publicUrl, logger } = ports;
  if (actChanges === undefined || answer.abstained || answer.citations.length === 0) return answer;
  let changes: readonly ActChange[];
  try {
    const passageIds = answer.citations.map(({ passageId }) => passageId);
    const { knowledgeSets } = options.assistant.conduct ?? {};
    changes = await actChanges.changesOf(question.tenantId, passageIds, knowledgeSets);
  } catch (error) {
    logger.warn("changes-not-followed", { messageId: question.messageId, error });
    return answer;
  }
  const told = choose(changes, answer.citations);
  if (told.length === 0) return answer;
  question.note("retrieved", {
    changes: told.map(
      ({ passageId, relation, found }) => `${found.passage.passageId} ${relation} ${passageId}`,
    ),
  });
  return tell(answer, told, { language: options.language, publicUrl });
}

/** What the answer cites itself already, it has told; of the others what weighs most, then what is newest. */
function choose(
  changes: readonly ActChange[],
  citations: readonly Citation[],
): readonly ActChange[] {
  const cited = new Set(citations.map(({ passageId }) => passageId));
  return changes
    .map((change) => ({ ...change, found: disarm(change.found) }))
    .filter(
      ({ found, sentence }) =>
        !cited.has(found.passage.passageId) && found.passage.text.includes(sentence),
    )
    .toSorted((one, other) => RELATIONS.indexOf(one.relation) - RELATIONS.indexOf(other.relation))
    .slice(0, MAX_CHANGES);
}

function tell(
  answer: Written,
  changes: readonly ActChange[],
  options: { readonly language: Language; readonly publicUrl: string | undefined },
): Written {
  const { language } = options;
  const texts = changeTexts(language);
  const citations = [...answer.citations];
  const lines = changes.map(({ passageId, relation, isPartial, by, sentence, found }) => {
    const changed = citations.find((citation) => citation.passageId === passageId)?.number ?? 1;
    const number = citations.length + 1;
    citations.push(cite(found, { ...options, number, quote: shortQuote(sentence) }));
    const how = texts.how[relation].replace("{part}", isPartial ? texts.inPart : "");
    const place = `${foundName(found, language)}, ${longDate(found.date, language)}`;
    return `${texts.changed(changed, how, by, place)} [${number}].`;
  });
  return { ...answer, text: [answer.text, "", ...lines].join("\n"), citations };
}

/** Verbatim, cut at a word. */
function shortQuote(sentence: string): string {
  const line = sentence.replace(/\s+/g, " ").trim();
  if (line.length <= QUOTE_LENGTH) return line;
  return line.slice(0, Math.max(1, line.lastIndexOf(" ", QUOTE_LENGTH))).toWellFormed();
}
