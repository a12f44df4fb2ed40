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

/** Divides a document into its acts, in order, and each act into passages. Every line of text is in exactly one passage, or a heading. */
export function segment(pages: readonly ReadPage[], language: Language): ActDraft[] {
  const lines = flatten(pages);
  const vocabulary = collectVocabulary(lines.map((line) => line.text));
  return splitActs(lines, bodyType(lines)).map((act) => {
    const title = titleOf(act);
    const heading = [act.context.section, act.context.issuingBody, title]
      .filter((part) => part !== "")
      .join(" · ");
    return {
      section: act.context.section,
      issuingBody: act.context.issuingBody,
      title,
      page: act.lines[0]?.page ?? 1,
      lastPage: act.lines.at(-1)?.page ?? 1,
      passages: cutPassages(act.lines, heading, vocabulary, language),
    };
  });
}

/** Acts in order. Blocks of headings, first lines and last lines of acts (see `ACT_RULES`) part them. */
function splitActs(lines: readonly DocumentLine[], body: BodyType): ActLines[] {
  const isSingleDisposition = isOneDisposition(lines);
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
    const isInside = isForm(open.lines) || (isSingleDisposition && open.lines.some(beginsAct));
    const block = isInside ? [] : headingBlock(lines, index, body);
    if (block.length > 0 && !SUMMARY_ENTRY.test(line.text)) {
      close();
      const headings = readHeadings(block);
      trail.enter(headings);
      const title = headings.findLast(
        (heading) => heading.kind === "act-title" || heading.kind === "other",
      );
      open = { title: title?.text ?? "", lines: keptLines(headings) };
      index += block.length;
      continue;
    }
    if (beginsAct(line) || SUMMARY_ENTRY.test(line.text)) close();
    open.lines.push(line);
    if (endsAct(open.lines)) close();
    index += 1;
  }
  close();
  return joinHeadingOnlyActs(acts);
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
    if (line === undefined || !isHeadingLine(line, body) || beginsAct(line)) break;
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

/** A document that holds one numbered disposition (BOE): what looks like headings within are its divisions. */
function isOneDisposition(lines: readonly DocumentLine[]): boolean {
  const numbered = lines.filter((line) => /^\d{1,6}\s/.test(line.text) && beginsAct(line));
  return numbered.length === 1 && !lines.some((line) => SUMMARY_ENTRY.test(line.text));
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
    const isShort = act.lines.reduce((sum, line) => sum + line.text.length, 0) < 60;
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
  return a.section === b.section && a.issuingBody === b.issuingBody;
}

function titleOf(act: ActLines): string {
  const text = act.lines
    .slice(0, 40)
    .map((line) => line.text)
    .join(" ")
    .replace(/(\p{L})- (\p{Ll})/gu, "$1$2");
  for (const rule of ACT_RULES) {
    const found = rule.title?.exec(text)?.[1];
    if (found !== undefined) return shorten(found);
  }
  if (act.title !== "") return shorten(act.title);
  return shorten(firstSentence(act.lines, text));
}

function firstSentence(lines: readonly DocumentLine[], text: string): string {
  const numbered = lines[0];
  const body = text.replace(/^\d{1,6}\s+(?=\p{Lu})/u, "").replace(/\s*\.{4,}\s*/g, " ");
  // A disposition's title is set in its own type: it ends where the type changes.
  const sameType =
    numbered === undefined ? [] : takeWhile(lines, (line) => line.font === numbered.font);
  if (sameType.length < lines.length && sameType.length <= 12 && sameType.length > 0) {
    return sameType
      .map((line) => line.text)
      .join(" ")
      .replace(/^\d{1,6}\s+/, "")
      .replace(/\s*BOE-[A-Z]-\d{4}-\d+/, "");
  }
  return /^.{20,}?[.;:](?=\s|$)/.exec(body)?.[0] ?? body;
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
