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
    const address = toAddress(span);
    if (address !== undefined) last.set(address, span);
  }
  let text = "";
  const marks: Mark[] = [];
  const add = (piece: string, kind: Mark["kind"] | undefined) => {
    const start = text.length;
    text += piece;
    if (kind !== undefined && piece !== "") marks.push({ kind, start, end: text.length });
  };
  const addSpan = (span: Span) => {
    const words = cleanText(span.text);
    const before = marks.at(-1);
    if (before?.end === text.length && isAddress(before) && wouldJoin(words)) add(" ", "address");
    const address = toAddress(span);
    const isWrittenOut = address !== undefined && words.trim() === address;
    add(words, isWrittenOut ? "link" : span.style);
    if (address === undefined || isWrittenOut || last.get(address) !== span) return;
    add(/\s$/.test(words) ? address : ` ${address}`, "address");
  };
  paragraphs.forEach((spans, index) => {
    if (index > 0) text += "\n";
    spans.forEach(addSpan);
  });
  return { text, marks };
}

export function isAddress({ kind }: Mark): boolean {
  return kind === "address" || kind === "link";
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

/** Lone surrogates and control characters break a call's JSON, or are typed as something else. */
export function cleanText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ")
  );
}

/** Whether what follows would become part of the address before it. Punctuation that ends a word would not. */
function wouldJoin(following: string): boolean {
  return following !== "" && !/^(\s|[.,;:!?]+(\s|$))/.test(following);
}

/** Of the web alone. A link without words of its own is nothing that a person could have read. */
function toAddress({ text, url }: Span): string | undefined {
  if (url === undefined || text.trim() === "") return undefined;
  if (url.length > MAX_ADDRESS_LENGTH || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return /^https?:$/.test(protocol) && href.length <= MAX_ADDRESS_LENGTH ? href : undefined;
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
