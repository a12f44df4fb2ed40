import type { Span } from "../../src/core/message.ts";

/** What a stretch of text becomes: formatted, or an address that stays as it is. */
export interface Mark {
  readonly kind: "bold" | "italic" | "code" | "address";
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

export interface MarkedText {
  readonly text: string;
  /** Ascending, without overlap. */
  readonly marks: readonly Mark[];
}

/** Joins paragraphs by line breaks. A link is printed behind its text: WhatsApp knows no links with a text of their own. */
export function toMarkedText(paragraphs: readonly (readonly Span[])[]): MarkedText {
  let text = "";
  const marks: Mark[] = [];
  paragraphs.forEach((spans, index) => {
    if (index > 0) text += "\n";
    spans.forEach((span) => {
      const said = cleanText(span.text);
      if (marks.at(-1)?.kind === "address" && marks.at(-1)?.end === text.length) {
        if (wouldJoin(said)) text += " ";
      }
      const start = text.length;
      text += said;
      if (span.style !== undefined && text.length > start) {
        marks.push({ kind: span.style, start, end: text.length });
      }
      const url = toAddress(span.url);
      // A link without a text of its own is nothing that a person could have read.
      if (url === undefined || said.trim() === "") return;
      if (said.trim() === url) {
        // The address alone: no style, which would put marks into the link.
        if (span.style !== undefined) marks.pop();
        marks.push({ kind: "address", start, end: text.length });
      } else {
        marks.push({ kind: "address", start: text.length, end: text.length + 2 + url.length });
        text += `: ${url}`;
      }
    });
  });
  return { text, marks };
}

/** Lone surrogates and control characters would be typed as something else, or end the text. */
export function cleanText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ")
  );
}

/** Whether what follows would become part of the address before it. A full stop at the end would not. */
function wouldJoin(following: string): boolean {
  return following !== "" && !/^(\s|[.,;:!?)\]»”"']+(\s|$))/.test(following);
}

function toAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}

const SIGN = { bold: "*", italic: "_", code: "```", address: "" } as const;
/**
 * WhatsApp has no way to escape a sign; these look the same and format nothing. The word joiner after them, which
 * nobody sees, tells them from those that the text had itself.
 */
const LOOKALIKE: Readonly<Record<string, string>> = {
  "*": "∗\u2060",
  _: "ˍ\u2060",
  "~": "∼\u2060",
  "`": "ˋ\u2060",
};
/** A sign formats where it touches a word on one side and none on the other: `a_b` and `3 * 4` stay as they are. */
const FORMATTING_SIGN = /(?<![\p{L}\p{N}])[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?![\p{L}\p{N}])/gu;
/** At the start of a line these begin a list or a quotation, and the compose box then adds the next item by itself. */
const LINE_OPENER = /^([-*+•>]|\d{1,9}\.)(?=\s)/gm;
const WORD_JOINER = "\u2060";

/** The text as it is typed. Signs that would format by accident are replaced by their look-alikes. */
export function toTypedText({ text, marks }: MarkedText): string {
  let typed = "";
  let end = 0;
  for (const mark of marks) {
    typed += escapePlain(text, end, mark.start);
    const covered = text.slice(mark.start, mark.end);
    typed += mark.kind === "address" ? covered : styled(mark, text, covered);
    end = mark.end;
  }
  typed += escapePlain(text, end, text.length);
  return typed.replace(LINE_OPENER, `$1${WORD_JOINER}`);
}

function escapePlain(text: string, start: number, end: number): string {
  return text
    .slice(start, end)
    .replace(FORMATTING_SIGN, (signs) => signs.replace(/./g, (sign) => LOOKALIKE[sign] ?? sign));
}

/** A style ends with its line, touches its words, and stands apart from the words around it; else it is left out. */
function styled(mark: Mark, whole: string, covered: string): string {
  const sign = SIGN[mark.kind];
  const touchesWord = /[\p{L}\p{N}]$/u.test(whole.slice(0, mark.start).slice(-2));
  const isTouched = /^[\p{L}\p{N}]/u.test(whole.slice(mark.end, mark.end + 2));
  const inner = covered.replace(/[*_~`]/g, (found) => LOOKALIKE[found] ?? found);
  return inner
    .split("\n")
    .map((line, index, lines) => {
      const words = line.trim();
      const isBare =
        words === "" ||
        (index === 0 && touchesWord && !/^\s/.test(line)) ||
        (index === lines.length - 1 && isTouched && !/\s$/.test(line));
      return isBare ? line : line.replace(words, () => `${sign}${words}${sign}`);
    })
    .join("\n");
}

/** The words of a typed text or of a row on the page, without signs, spaces and what is invisible: equal for the same message. */
export function toComparable(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[*_~`∗ˍ∼ˋ>•\-\s\p{Cf}\p{Variation_Selector}]/gu, "")
    .toLowerCase();
}
