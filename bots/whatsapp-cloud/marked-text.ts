import type { Span } from "../../src/core/message.ts";

/**
 * What a stretch of text becomes. `address` is a link's target, printed because WhatsApp has no links with a text of
 * their own; `link` is an address that was written out as such. Neither takes formatting.
 */
export interface Mark {
  readonly kind: "bold" | "italic" | "code" | "address" | "link";
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** A type, not an interface: it is part of what a channel stores as JSON. */
export type MarkedText = {
  readonly text: string;
  /** Ascending, without overlap. */
  readonly marks: readonly Mark[];
};

/** A longer address says nothing to a person, and would not fit beside the words that it belongs to. */
const MAX_ADDRESS_LENGTH = 900;

/**
 * Joins paragraphs by line breaks. An address that several links share is printed once, at the last of them: the
 * marks `[1]` of an answer stay short, and the line of citation 1 has the address.
 */
export function toMarkedText(paragraphs: readonly (readonly Span[])[]): MarkedText {
  const last = new Map<string, Span>();
  for (const span of paragraphs.flat()) {
    const address = toAddress(span.url);
    if (address !== undefined) last.set(address, span);
  }
  let text = "";
  const marks: Mark[] = [];
  const add = (piece: string, kind: Mark["kind"] | undefined) => {
    const start = text.length;
    text += piece;
    if (kind !== undefined && piece !== "") marks.push({ kind, start, end: text.length });
  };
  paragraphs.forEach((spans, index) => {
    if (index > 0) text += "\n";
    spans.forEach((span, at) => {
      const words = cleanText(span.text);
      const address = toAddress(span.url);
      const isWrittenOut = address !== undefined && words.trim() === address;
      add(words, isWrittenOut ? "link" : span.style);
      if (address === undefined || isWrittenOut || last.get(address) !== span) return;
      add(
        words.trim() === "" ? address : /[:\s]$/.test(words) ? address : ` ${address}`,
        "address",
      );
      // What follows without a blank would become part of the address.
      if (/^\S/.test(cleanText(spans[at + 1]?.text ?? ""))) add(" ", "address");
    });
  });
  return { text, marks };
}

/** The words alone, without the addresses that were added to them. */
export function withoutAddresses({ text, marks }: MarkedText): string {
  let words = "";
  let end = 0;
  for (const mark of marks) {
    if (mark.kind !== "address") continue;
    words += text.slice(end, mark.start);
    end = mark.end;
  }
  return words + text.slice(end);
}

/** Lone surrogates break the JSON of the call, and control characters mean nothing to a reader. */
export function cleanText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ")
  );
}

function toAddress(url: string | undefined): string | undefined {
  if (url === undefined || url.length > MAX_ADDRESS_LENGTH || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}

/** The part between two positions, with the marks that lie in it. */
export function slice({ text, marks }: MarkedText, start: number, end: number): MarkedText {
  return {
    text: text.slice(start, end),
    marks: marks.flatMap((mark) => {
      const from = Math.max(mark.start, start) - start;
      const to = Math.min(mark.end, end) - start;
      return from < to ? [{ kind: mark.kind, start: from, end: to }] : [];
    }),
  };
}

const SIGN = { bold: "*", italic: "_", code: "`", address: "", link: "" } as const;
/** WhatsApp cannot escape a sign; these look the same and format nothing. */
const LOOKALIKE: Readonly<Record<string, string>> = { "*": "∗", _: "ˍ", "~": "∼", "`": "ˋ" };
/** A pair of signs on one line that touches words inside and none outside: it would format what is between. */
const ACCIDENT = /(?<![\p{L}\p{N}])([*_~`]+)(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/gu;

/** The text as WhatsApp formats it. Signs in pairs that would format by accident are replaced by their look-alikes. */
export function toTypedText({ text, marks }: MarkedText): string {
  let typed = "";
  let end = 0;
  for (const mark of marks) {
    typed += neutralize(text.slice(end, mark.start));
    typed += SIGN[mark.kind] === "" ? text.slice(mark.start, mark.end) : styled(text, mark);
    end = mark.end;
  }
  return typed + neutralize(text.slice(end));
}

function neutralize(text: string): string {
  return text.replace(ACCIDENT, (pair) => lookAlike(pair));
}

function lookAlike(text: string): string {
  return text.replace(/[*_~`]/g, (sign) => LOOKALIKE[sign] ?? sign);
}

/** A style touches its words and stands apart from those around it, line by line; where it cannot, it is left out. */
function styled(whole: string, { kind, start, end }: Mark): string {
  const sign = SIGN[kind];
  const lines = whole.slice(start, end).split("\n");
  return lines
    .map((line, index) => {
      const words = line.trim();
      const before = index === 0 ? whole.slice(0, start) : "";
      const after = index === lines.length - 1 ? whole.slice(end) : "";
      const joins =
        (/[\p{L}\p{N}]$/u.test(before) && !/^\s/.test(line)) ||
        (/^[\p{L}\p{N}]/u.test(after) && !/\s$/.test(line));
      if (words === "" || joins) return lookAlike(line);
      return line.replace(words, () => `${sign}${lookAlike(words)}${sign}`);
    })
    .join("\n");
}
