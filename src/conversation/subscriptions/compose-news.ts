import type { PassageId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Reply, Span } from "../../core/message.ts";
import type {
  AlertEdition,
  AlertMessage,
  DigestEdition,
  DigestMessage,
  MatchedAct,
  NewsPlace,
  NewsTemplate,
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
/** Of one parameter of a template, and of what lists acts in it: bodies have 1,024 with all of them filled in. */
const MAX_PARAMETER = 700;
const MAX_SUMMARY = 500;

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

/** What a template's places stand for. */
function newsValues(
  message: AlertMessage | DigestMessage,
  publicUrl: string | undefined,
): Readonly<Record<NewsPlace, string>> {
  const { language } = message;
  const list = (names: readonly string[]) => shorten([...new Set(names)].join(" · "), MAX_SUMMARY);
  if (message.kind === "alert") {
    const { edition, acts } = message;
    const [act] = acts;
    return {
      count: String(acts.length),
      source: editionName(edition.sourceName, edition.number, language),
      date: longDate(edition.publishedOn, language),
      title: shorten(act?.title ?? "", MAX_TITLE_LENGTH),
      summary: list(acts.map(({ title }) => shorten(title, MAX_TITLE_LENGTH))),
      reason: shorten(tellReasons(act?.reasons ?? [], language), MAX_TITLE_LENGTH),
      link: act === undefined ? "" : pageOf(edition, act, publicUrl),
    };
  }
  const { editions, kind } = message;
  const [edition] = editions;
  const [first] = edition?.acts ?? [];
  const acts = editions.flatMap((each) => each.acts);
  return {
    count: String(editions.reduce((sum, { actCount }) => sum + actCount, 0)),
    source: list(editions.map(({ sourceName }) => sourceName)),
    date: edition === undefined ? "" : longDate(edition.publishedOn, language),
    title: alertTexts(language).digestHeading[kind],
    summary: list(acts.map(({ title }) => shorten(title, MAX_TITLE_LENGTH))),
    reason: "",
    link: edition === undefined || first === undefined ? "" : pageOf(edition, first, publicUrl),
  };
}

/**
 * News as a template, with their words for the history. A parameter is one line, and never empty: Meta refuses both
 * (Cloud API, "Message templates").
 */
export function templateReply(
  message: AlertMessage | DigestMessage,
  { name, language, parameters }: NewsTemplate,
  publicUrl: string | undefined,
): Reply {
  const values = newsValues(message, publicUrl);
  const isPlace = (place: string): place is NewsPlace => Object.hasOwn(values, place);
  const told =
    message.kind === "alert" ? alertReply(message, publicUrl) : digestReply(message, publicUrl);
  return {
    kind: "template",
    name,
    language,
    parameters: parameters.map((parameter) => {
      const filled = parameter.replace(/\{(\w+)\}/g, (found, place: string) =>
        isPlace(place) ? values[place] : found,
      );
      return shorten(filled, MAX_PARAMETER) || "–";
    }),
    text: plainText(told),
  };
}

function plainText(reply: Reply): string {
  if (reply.kind !== "text") return "";
  return reply.paragraphs.map((spans) => spans.map(({ text }) => text).join("")).join("\n");
}

/** The page where an act stands, with its lines highlighted when they are known. */
function pageOf(
  edition: AlertEdition,
  act: { readonly page: number; readonly passageId?: PassageId },
  publicUrl: string | undefined,
): string {
  return pageUrl(publicUrl, {
    source: edition.source,
    date: edition.publishedOn,
    page: act.page,
    documentName: edition.documentName,
    ...(act.passageId === undefined ? {} : { highlight: act.passageId }),
  });
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
  const url = pageOf(edition, act, publicUrl);
  const page = `${pageMark} ${act.printedPage ?? act.page}`;
  const place = act.issuingBody === "" ? page : `${shorten(act.issuingBody, 80)}, ${page}`;
  const reasons = tellReasons(act.reasons, language);
  return [
    [{ text: "• " }, linked(shorten(act.title, MAX_TITLE_LENGTH), url)],
    [{ text: texts.because(reasons, place), style: "italic" }],
  ];
}

/** `dice «corte» y «agua», trata de lo mismo que «sueldo»: «Se fija el salario …»`. */
function tellReasons(reasons: MatchedAct["reasons"], language: Language): string {
  const texts = alertTexts(language);
  const list = new Intl.ListFormat(catalogue(language).locale, { type: "conjunction" });
  const kinds = [...new Set(reasons.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const own = reasons.filter((reason) => reason.kind === kind);
      const said = texts.reason[kind](list.format(own.map(({ typed }) => `«${typed}»`)));
      // Of one act it is the same passage, or as good.
      const quote = own.find((reason) => reason.quote !== undefined)?.quote;
      return quote === undefined ? said : `${said}: «${quote}»`;
    })
    .join(", ");
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
