import type { Schema } from "../../../client/index.ts";

export type Assistant = Schema<"Assistant">;
type Hours = NonNullable<Assistant["workingHours"]>;

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const ROUTES = ["chain", "large"] as const;

/** A link as it stands in the form. */
export interface DraftLink {
  /** Of the form alone: what React and the drag know it by. */
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Empty: the one that was saved is kept. */
  readonly apiKey: string;
  readonly hasKey: boolean;
  readonly unlisted: boolean;
}

/** An assistant as it stands in the form; lists of texts are one to a line. */
export interface Draft
  extends Pick<
    Assistant,
    | "isDefault"
    | "quotesOnly"
    | "checksGrounding"
    | "largeContextCharacters"
    | "temperature"
    | "maxSentences"
    | "readingLevel"
    | "persona"
    | "tone"
    | "disclaimer"
    | "greeting"
    | "resendsUnknown"
  > {
  readonly chain: readonly DraftLink[];
  readonly large: readonly DraftLink[];
  readonly forbiddenTopics: string;
  readonly knowledgeSets: readonly string[];
  readonly handsOver: boolean;
  readonly afterAbstentions: number;
  readonly handOverWords: string;
  readonly hasHours: boolean;
  readonly timeZone: string;
  /** `08:00-12:00, 13:00-16:00`; empty: closed. */
  readonly days: Readonly<Record<Day, string>>;
  readonly holidays: string;
}

const NO_DAYS = { mon: "", tue: "", wed: "", thu: "", fri: "", sat: "", sun: "" } as const;
const OFFICE = "08:00-16:00";
const OFFICE_DAYS = { ...NO_DAYS, mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE };

/** As the server has it when nothing is said. */
export function newDraft(timeZone: string): Draft {
  return {
    isDefault: false,
    quotesOnly: false,
    checksGrounding: null,
    largeContextCharacters: 6_000,
    temperature: 0.1,
    maxSentences: 4,
    readingLevel: "plain",
    persona: "",
    tone: "",
    disclaimer: "",
    greeting: "",
    resendsUnknown: false,
    chain: [],
    large: [],
    forbiddenTopics: "",
    knowledgeSets: [],
    handsOver: true,
    afterAbstentions: 0,
    handOverWords: "",
    hasHours: false,
    timeZone,
    days: OFFICE_DAYS,
    holidays: "",
  };
}

export function draftOf(assistant: Assistant, timeZone: string): Draft {
  const { handOver, workingHours, forbiddenTopics, chain, large, ...same } = assistant;
  const { name: _name, revision: _revision, bots: _bots, ...kept } = same;
  return {
    ...kept,
    chain: chain.map(draftLink),
    large: large.map(draftLink),
    forbiddenTopics: forbiddenTopics.join("\n"),
    handsOver: !handOver.isOff,
    afterAbstentions: handOver.afterAbstentions,
    handOverWords: handOver.words.join("\n"),
    hasHours: workingHours !== null,
    timeZone: workingHours?.timeZone ?? timeZone,
    days: workingHours === null ? OFFICE_DAYS : textOfDays(workingHours.days),
    holidays: workingHours?.holidays.join("\n") ?? "",
  };
}

/** What `PUT` takes; refused with 409 when `revision` is not the present one any more. */
export function bodyOf(draft: Draft, revision: number) {
  const { days, holidays, hasHours, timeZone, handsOver, afterAbstentions, ...same } = draft;
  const { handOverWords, forbiddenTopics, chain, large, isDefault, ...kept } = same;
  return {
    ...kept,
    revision,
    // Not said: as it was, and the first one of a tenant is the default.
    ...(isDefault && { isDefault }),
    chain: chain.map(linkOf),
    large: large.map(linkOf),
    forbiddenTopics: linesOf(forbiddenTopics),
    handOver: { isOff: !handsOver, afterAbstentions, words: linesOf(handOverWords) },
    workingHours: hasHours ? { timeZone, days: daysOf(days), holidays: linesOf(holidays) } : null,
  };
}

let count = 0;

export function newLink(provider: string, model: string): DraftLink {
  count += 1;
  const id = `link-${count}`;
  return { id, provider, model, baseUrl: "", apiKey: "", hasKey: false, unlisted: false };
}

function draftLink(link: Assistant["chain"][number]): DraftLink {
  const { provider, model, baseUrl, hasKey, unlisted } = link;
  return { ...newLink(provider, model), baseUrl: baseUrl ?? "", hasKey, unlisted };
}

function linkOf({ provider, model, baseUrl, apiKey, unlisted }: DraftLink) {
  return {
    provider,
    model,
    ...(unlisted && { unlisted }),
    ...(baseUrl !== "" && { baseUrl }),
    ...(apiKey !== "" && { apiKey }),
  };
}

/** `list` with what stood at `from` standing at `to`; the same list where there is no such place. */
export function moved<Entry>(list: readonly Entry[], from: number, to: number): readonly Entry[] {
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length || from === to) return list;
  const others = list.filter((_, at) => at !== from);
  return [...others.slice(0, to), entry, ...others.slice(to)];
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function textOfDays(days: Hours["days"]): Readonly<Record<Day, string>> {
  const text = (day: Day) => (days[day] ?? []).map(([from, to]) => `${from}-${to}`).join(", ");
  return Object.fromEntries(DAYS.map((day) => [day, text(day)])) as Record<Day, string>;
}

/** What is no time goes to the server as it is, which says what would be one. */
function daysOf(days: Draft["days"]): Hours["days"] {
  const open = DAYS.map((day) => [day, periodsOf(days[day])] as const);
  return Object.fromEntries(open.filter(([, periods]) => periods.length > 0));
}

function periodsOf(text: string): readonly (readonly [string, string])[] {
  return text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [from = "", to = ""] = part.split(/\s*(?:-|–|—|\ba\b)\s*/);
      return [from.padStart(5, "0"), to.padStart(5, "0")] as const;
    });
}

/** The fields in which two drafts differ. */
export function differences(one: Draft, other: Draft): readonly (keyof Draft)[] {
  const said = (draft: Draft, field: keyof Draft) => {
    const value = draft[field];
    return JSON.stringify(value, (key, inner) => (key === "id" ? undefined : inner));
  };
  return (Object.keys(one) as (keyof Draft)[]).filter(
    (field) => said(one, field) !== said(other, field),
  );
}
