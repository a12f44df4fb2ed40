import type { Answer, Citation, RetrievedPassage } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import type { FoundAct } from "../core/gazette-archive.ts";
import type { Language } from "../core/language.ts";
import type { PublishedFindings, PublishedNews } from "../core/published-news.ts";
import type { Question } from "../core/question.ts";
import type { AlertEdition, PublishedPeriod } from "../core/subscriptions.ts";
import { newsTexts } from "./catalogue/news-texts.ts";
import { cite } from "./cite.ts";
import { shorten } from "./format-reply.ts";
import { disarm } from "./injected-text.ts";
import type { NamedSource, PlanByRules } from "./ports.ts";
import { asksForNewsOf } from "./subscriptions/read-period.ts";

/** Acts in one message. */
const MAX_ACTS = 6;
const MAX_TITLE = 140;
const MAX_QUOTE = 220;

type Written = Pick<Answer, "text" | "citations" | "abstained" | "model">;

/**
 * "Cambios sobre pensiones este mes": the acts of that time with all the words of the subject, each cited. Undefined:
 * that is not asked, or no act has them, and it is a question as any other.
 */
export async function writeNewsOf(
  ports: {
    readonly news?: Pick<PublishedNews, "findSubject"> | undefined;
    readonly planByRules: PlanByRules;
    readonly publicUrl?: string | undefined;
    readonly clock: Clock;
  },
  question: Question,
  options: {
    readonly language: Language;
    readonly known: readonly NamedSource[];
    readonly knowledgeSets: readonly string[] | undefined;
  },
): Promise<Written | undefined> {
  const { news, clock, publicUrl } = ports;
  const asked = question.date === undefined ? asksForNewsOf(question.text) : undefined;
  if (news === undefined || asked === undefined) return undefined;
  const { language, known, knowledgeSets } = options;
  const named = ports.planByRules(question.text, { clock, sources: known }).sources ?? [];
  const sources = question.sources.length > 0 ? question.sources : named;
  const where = { tenantId: question.tenantId, period: asked.period, sources, knowledgeSets };
  const wanted = { subject: asked.subject, limit: MAX_ACTS };
  const found = await news.findSubject(where, wanted, clock.now());
  question.note("planned", { published: asked.period, isOfSubject: true, acts: found.total });
  return found.acts.length === 0 ? undefined : listActs(found, asked, { language, publicUrl });
}

function listActs(
  { acts, total, editions }: PublishedFindings,
  { period, subject }: { readonly period: PublishedPeriod; readonly subject: string },
  options: { readonly language: Language; readonly publicUrl: string | undefined },
): Written {
  const texts = newsTexts(options.language);
  const lines = [texts.ofSubject(subject, texts.when[period])];
  const citations: Citation[] = [];
  for (const act of acts) {
    const edition = editions.get(act.passage.editionId);
    if (edition === undefined) continue;
    const found = toRetrieved(act, edition);
    const quote = found.passage.text.includes(act.quote) ? shorten(act.quote, MAX_QUOTE) : "";
    const number = citations.length + 1;
    citations.push(cite(found, { ...options, number, quote }));
    const title = shorten(found.passage.heading.split(" · ").at(-1) ?? "", MAX_TITLE);
    const said = [title, quote === "" ? "" : `«${quote}»`].filter((part) => part !== "");
    lines.push(`• ${said.join(": ")} [${number}]`);
  }
  if (total > citations.length) lines.push(texts.moreActs(total - citations.length));
  return { text: lines.join("\n"), citations, abstained: false, model: "rules" };
}

/** Without what speaks to a language model. */
function toRetrieved({ passage }: FoundAct, edition: AlertEdition): RetrievedPassage {
  return disarm({
    passage,
    source: edition.source,
    sourceName: edition.sourceName,
    editionNumber: edition.number,
    documentName: edition.documentName,
    date: edition.publishedOn,
    score: 0,
    ranks: {},
  });
}
