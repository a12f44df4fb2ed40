import type { Language } from "../../core/language.ts";
import type { Reply, Span } from "../../core/message.ts";
import type {
  AlertEdition,
  AlertMessage,
  DigestEdition,
  DigestMessage,
  MatchedAct,
} from "../../core/subscriptions.ts";
import { alertTexts } from "../catalogue/alert-texts.ts";
import { catalogue } from "../catalogue/catalogue.ts";
import { editionName, linked, longDate, pageUrl } from "../cite.ts";
import { shorten } from "../format-reply.ts";

/** Acts in one message: what comes after is counted, and one tap away. */
const MAX_ALERT_ACTS = 10;
const MAX_TITLE_LENGTH = 160;
/** Acts of one digest, over all its editions, and of one section. */
const MAX_DIGEST_ACTS = 24;
const MAX_PER_SECTION = 4;
const BLANK: readonly Span[] = [];

/** Says what was published that concerns somebody, why they are told, and where it stands. */
export function alertReply(message: AlertMessage, publicUrl: string | undefined): Reply {
  const { language, edition, acts } = message;
  const texts = alertTexts(language);
  const date = longDate(edition.publishedOn, language);
  const name = editionName(edition.sourceName, edition.number, language);
  const paragraphs: (readonly Span[])[] = [
    [{ text: texts.alertHeading(name, date), style: "bold" }],
  ];
  for (const act of acts.slice(0, MAX_ALERT_ACTS)) {
    paragraphs.push(...tellAct(edition, act, language, publicUrl));
  }
  const left = acts.length - MAX_ALERT_ACTS;
  if (left > 0) paragraphs.push([{ text: texts.moreActs(left) }]);
  paragraphs.push(BLANK, [{ text: texts.footer, style: "italic" }]);
  return { kind: "text", paragraphs };
}

/** One act: its title, which opens the page where the words stand, and the reason. */
export function tellAct(
  edition: AlertEdition,
  act: MatchedAct,
  language: Language,
  publicUrl: string | undefined,
): readonly (readonly Span[])[] {
  const texts = alertTexts(language);
  const { pageMark } = catalogue(language);
  const url = pageUrl(publicUrl, {
    source: edition.source,
    date: edition.publishedOn,
    page: act.page,
    documentName: edition.documentName,
    highlight: act.passageId,
  });
  const page = `${pageMark} ${act.printedPage ?? act.page}`;
  const place = act.issuingBody === "" ? page : `${shorten(act.issuingBody, 80)}, ${page}`;
  const reasons = act.reasons.map(({ kind, typed }) => texts.reason[kind](typed)).join(", ");
  return [
    [{ text: "• " }, linked(shorten(act.title, MAX_TITLE_LENGTH), url)],
    [{ text: texts.because(reasons, place), style: "italic" }],
  ];
}

/** What was published: acts by section, each a link. */
export function digestReply(message: DigestMessage, publicUrl: string | undefined): Reply {
  const { kind, language, editions } = message;
  const texts = alertTexts(language);
  const paragraphs: (readonly Span[])[] = [[{ text: texts.digestHeading[kind], style: "bold" }]];
  paragraphs.push(...listEditions(editions, language, publicUrl));
  paragraphs.push(BLANK, [{ text: texts.footer, style: "italic" }]);
  return { kind: "text", paragraphs };
}

/** Editions with their first acts by section, each act a link. */
export function listEditions(
  editions: readonly DigestEdition[],
  language: Language,
  publicUrl: string | undefined,
): readonly (readonly Span[])[] {
  const texts = alertTexts(language);
  const paragraphs: (readonly Span[])[] = [];
  const perEdition = Math.max(1, Math.floor(MAX_DIGEST_ACTS / editions.length));
  for (const edition of editions.slice(0, MAX_DIGEST_ACTS)) {
    const name = editionName(edition.sourceName, edition.number, language);
    const heading = catalogue(language).today.heading(
      name,
      longDate(edition.publishedOn, language),
    );
    paragraphs.push(BLANK, [{ text: heading, style: "bold" }]);
    const shown = chooseActs(edition, perEdition);
    paragraphs.push(...listActs(edition, shown, language, publicUrl));
    const left = edition.actCount - shown.length;
    if (left > 0) paragraphs.push([{ text: texts.moreActs(left) }]);
  }
  return paragraphs;
}

/** The first few of each section, in the edition's order. */
function chooseActs({ acts }: DigestEdition, most: number): DigestEdition["acts"] {
  const counts = new Map<string, number>();
  const first = acts.filter(({ section }) => {
    const count = (counts.get(section) ?? 0) + 1;
    counts.set(section, count);
    return count <= MAX_PER_SECTION;
  });
  return first.slice(0, most);
}

function listActs(
  edition: DigestEdition,
  acts: DigestEdition["acts"],
  language: Language,
  publicUrl: string | undefined,
): readonly (readonly Span[])[] {
  const { pageMark } = catalogue(language);
  let section = "";
  return acts.flatMap((act) => {
    const url = pageUrl(publicUrl, {
      source: edition.source,
      date: edition.publishedOn,
      page: act.page,
      documentName: edition.documentName,
    });
    const line: readonly Span[] = [
      { text: "• " },
      linked(shorten(act.title, MAX_TITLE_LENGTH), url),
      { text: ` (PDF, ${pageMark} ${act.page})` },
    ];
    const isNew = act.section !== section && act.section.trim() !== "";
    section = act.section;
    return isNew
      ? [[{ text: shorten(act.section, MAX_TITLE_LENGTH), style: "italic" as const }], line]
      : [line];
  });
}
