import type { ActDraft } from "../../core/gazette-store.ts";
import type { Language } from "../../core/language.ts";
import { ACT_RULES, SUMMARY_ENTRY } from "./act-rules.ts";
import { collectVocabulary } from "./dehyphenate.ts";
import {
  type BodyType,
  bodyType,
  type DocumentLine,
  flatten,
  type ReadPage,
  withoutLeaders,
} from "./document-line.ts";
import {
  type Context,
  type Heading,
  HeadingTrail,
  isHeadingLine,
  readHeadings,
} from "./headings.ts";
import { cutPassages } from "./passages.ts";

/** The lines of one act with the headings that it stands under. */
interface ActLines {
  readonly context: Context;
  readonly title: string;
  readonly lines: readonly DocumentLine[];
}

/** Longer titles are cut at a word. */
const MAX_TITLE = 200;

/**
 * Divides a document into its acts, in order, and each act into passages. Every line of text is in
 * exactly one passage, or a heading; leaders are no text.
 */
export function segment(pages: readonly ReadPage[], language: Language): ActDraft[] {
  const lines = flatten(pages);
  const vocabulary = collectVocabulary(lines.map((line) => line.text));
  const acts = splitActs(lines, bodyType(lines)).map((act) => {
    const title = titleOf(act);
    const { section, issuingBody, topic } = act.context;
    const heading = [section, issuingBody, topic, title].filter((part) => part !== "").join(" · ");
    return {
      section,
      issuingBody,
      title,
      page: act.lines[0]?.page ?? 1,
      lastPage: act.lines.at(-1)?.page ?? 1,
      passages: cutPassages(act.lines, heading, vocabulary, language),
    };
  });
  return acts.filter((act) => act.passages.length > 0);
}

/** Acts in order. Blocks of headings, first lines and last lines of acts (see `ACT_RULES`) part them. */
function splitActs(lines: readonly DocumentLine[], body: BodyType): ActLines[] {
  const kind = documentKind(lines);
  const trail = new HeadingTrail();
  const acts: ActLines[] = [];
  let open: { title: string; lines: DocumentLine[] } = { title: "", lines: [] };
  function close(): void {
    if (open.lines.length > 0) acts.push({ context: trail.context(), ...open });
    open = { title: "", lines: [] };
  }
  for (let index = 0; index < lines.length; ) {
    const line = lines[index];
    if (line === undefined) break;
    if (kind === "summary" && isTopic(line, lines[index + 1], open.lines, body)) {
      close();
      trail.enterTopic(line.text);
      index += 1;
      continue;
    }
    const block = isInsideAct(kind, open, line, body) ? [] : headingBlock(lines, index, body);
    const { signatures, headings } = partBlock(block, open.lines);
    if (headings.length > 0 && !SUMMARY_ENTRY.test(line.text)) {
      open.lines.push(...signatures);
      close();
      trail.enter(headings);
      open = { title: titleAmong(headings), lines: keptLines(headings) };
      index += block.length;
      continue;
    }
    if (beginsAct(line) || (kind === "summary" && beginsEntry(line, open.lines))) close();
    open.lines.push(line);
    if (endsAct(open.lines)) close();
    index += 1;
  }
  close();
  return joinHeadingOnlyActs(acts);
}

/**
 * - `disposition`: one numbered disposition (BOE), whose seeming headings are its divisions;
 * - `summary`: a table of what was published, one entry per document;
 * - `notices`: each act ends with a receipt number, so nothing before it is a heading;
 * - `gazette`: anything else.
 */
type DocumentKind = "disposition" | "summary" | "notices" | "gazette";

function documentKind(lines: readonly DocumentLine[]): DocumentKind {
  if (lines.filter((line) => SUMMARY_ENTRY.test(line.text)).length >= 3) return "summary";
  if (lines.filter((line) => ACT_RULES.some((rule) => rule.ends?.test(line.text))).length >= 5)
    return "notices";
  const numbered = lines.filter((line) => /^\d{1,6}\s/.test(line.text) && beginsAct(line));
  return numbered.length === 1 ? "disposition" : "gazette";
}

function isInsideAct(
  kind: DocumentKind,
  open: { readonly title: string; readonly lines: readonly DocumentLine[] },
  line: DocumentLine,
  body: BodyType,
): boolean {
  if (isForm(open.lines)) return true;
  if (kind === "disposition") return open.lines.some(beginsAct);
  // Logos hold words in capitals; a part of the gazette is set larger.
  const hasText = open.lines.some((known) => !isHeadingLine(known, body));
  return kind === "notices" && hasText && line.size < body.size * 1.15;
}

/** A short line between two entries of a summary: what the entries below it are about. */
function isTopic(
  line: DocumentLine,
  next: DocumentLine | undefined,
  open: readonly DocumentLine[],
  body: BodyType,
): boolean {
  if (line.text.length > 90 || /[.:;,]$/.test(line.text) || SUMMARY_ENTRY.test(line.text))
    return false;
  const isBetween = open.length === 0 || /[.]$/.test(open.at(-1)?.text ?? "");
  const standsOut = line.font !== body.font && line.size < body.size * 1.15;
  return isBetween && standsOut && next !== undefined && /^\p{Lu}/u.test(next.text);
}

function beginsEntry(line: DocumentLine, open: readonly DocumentLine[]): boolean {
  if (!open.some((known) => SUMMARY_ENTRY.test(known.text))) return false;
  const isApart = line.gapAbove >= 0.5 && /^\p{Lu}/u.test(line.text);
  return SUMMARY_ENTRY.test(line.text) || (isApart && /\.$/.test(open.at(-1)?.text ?? ""));
}

/**
 * A block of headings after the text of an act may begin with its signatures: names set like headings,
 * but close to the text, as no heading is. They stay with the act.
 */
function partBlock(
  block: readonly DocumentLine[],
  open: readonly DocumentLine[],
): { signatures: DocumentLine[]; headings: Heading[] } {
  const headings = readHeadings(block);
  if (open.length === 0) return { signatures: [], headings };
  const first = headings.findIndex(
    (heading) => heading.kind !== "other" || heading.gapAbove >= 0.6,
  );
  const cut = first === -1 ? headings.length : first;
  return {
    signatures: headings.slice(0, cut).flatMap((heading) => heading.lines),
    headings: headings.slice(cut),
  };
}

function titleAmong(headings: readonly Heading[]): string {
  const title = headings.find((heading) => heading.kind === "act-title");
  return (title ?? headings.findLast((heading) => heading.kind === "other"))?.text ?? "";
}

/** A title is part of the act's text, since it says what the act does; sections and institutions are not. */
function keptLines(headings: readonly Heading[]): DocumentLine[] {
  return headings
    .filter((heading) => heading.kind === "act-title" || heading.kind === "other")
    .flatMap((heading) => heading.lines);
}

function headingBlock(
  lines: readonly DocumentLine[],
  start: number,
  body: BodyType,
): DocumentLine[] {
  const block: DocumentLine[] = [];
  for (let index = start; index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined || beginsAct(line)) break;
    const isYear = /\bDE$/i.test(block.at(-1)?.text ?? "") && /^\d{4}\.?$/.test(line.text);
    if (!isYear && !isHeadingLine(line, body)) break;
    block.push(line);
  }
  return block;
}

function beginsAct(line: DocumentLine): boolean {
  return ACT_RULES.some((rule) => rule.begins?.test(line.text));
}

/** The receipt number at the end may be broken over two lines. */
function endsAct(lines: readonly DocumentLine[]): boolean {
  const tail = `${lines.at(-2)?.text ?? ""} ${lines.at(-1)?.text ?? ""}`;
  return ACT_RULES.some((rule) => rule.ends?.test(tail));
}

function isForm(lines: readonly DocumentLine[]): boolean {
  const first = lines[0];
  return (
    first !== undefined && ACT_RULES.some((rule) => rule.isForm && rule.begins?.test(first.text))
  );
}

/** A heading with nothing under it (a name above a post, an annex) stays with what follows it in the same context. */
function joinHeadingOnlyActs(acts: readonly ActLines[]): ActLines[] {
  const joined: ActLines[] = [];
  for (const act of acts) {
    const before = joined.at(-1);
    const isEntry = act.lines.some((line) => SUMMARY_ENTRY.test(line.text));
    const isShort = !isEntry && act.lines.reduce((sum, line) => sum + line.text.length, 0) < 60;
    if (
      before !== undefined &&
      isShort &&
      act.title !== "" &&
      sameContext(before.context, act.context)
    ) {
      joined[joined.length - 1] = { ...before, lines: [...before.lines, ...act.lines] };
    } else joined.push(act);
  }
  return joined;
}

function sameContext(a: Context, b: Context): boolean {
  return a.section === b.section && a.issuingBody === b.issuingBody && a.topic === b.topic;
}

function titleOf(act: ActLines): string {
  const text = act.lines
    .slice(0, 40)
    .map((line) => line.text)
    .join(" ")
    .replace(/(\p{L})- (\p{Ll})/gu, "$1$2");
  for (const rule of ACT_RULES) {
    const found = rule.title?.exec(text)?.[1];
    if (found !== undefined) return shorten(found.replace(/[\s,;:]+$/, ""));
  }
  if (act.title !== "") return shorten(act.title);
  return shorten(firstSentence(act.lines, text));
}

function firstSentence(lines: readonly DocumentLine[], text: string): string {
  const numbered = lines[0];
  const body = withoutLeaders(text)
    .replace(/^\d{1,6}\s+(?=\p{Lu})/u, "")
    .replace(/\s*\.{4,}\s*/g, " ")
    .replace(/\s*\bBOE-[A-Z]-\d{4}-\d+/g, "");
  // A disposition's title is set in its own type: it ends where the type changes.
  const sameType =
    numbered === undefined ? [] : takeWhile(lines, (line) => line.font === numbered.font);
  if (sameType.length < lines.length && sameType.length <= 12 && sameType.length > 0) {
    return sameType
      .map((line) => line.text)
      .join(" ")
      .replace(/\s*BOE-[A-Z]-\d{4}-\d+/, "")
      .trim()
      .replace(/^\d{1,6}\s+/, "");
  }
  return /^.{60,}?[.;:](?=\s|$)/.exec(body)?.[0] ?? body;
}

function takeWhile<Item>(items: readonly Item[], holds: (item: Item) => boolean): Item[] {
  const end = items.findIndex((item) => !holds(item));
  return items.slice(0, end === -1 ? items.length : end);
}

function shorten(text: string): string {
  const clean = text.replace(/\s+/g, " ").trim();
  if (clean.length <= MAX_TITLE) return clean;
  return `${clean.slice(0, clean.lastIndexOf(" ", MAX_TITLE))}…`;
}
