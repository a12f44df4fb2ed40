import type { Answer, Citation } from "../core/answer.ts";
import type { Language } from "../core/language.ts";
import { type Reply, type Span, textReply } from "../core/message.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { citationLine, linked } from "./cite.ts";

const BLANK: readonly Span[] = [];

/** The answer with its citations one per line, then the notices, each set apart. */
export function formatAnswer(answer: Answer, notices: readonly string[]): Reply {
  const paragraphs = answer.text
    .split("\n")
    .map((line): readonly Span[] => linkMarks(line, answer.citations));
  if (answer.citations.length > 0) {
    // An abstention's last line announces the pages, which follow it at once.
    if (!answer.abstained) paragraphs.push(BLANK);
    paragraphs.push(...answer.citations.map((citation) => citationLine(citation, answer.language)));
  }
  for (const notice of notices) paragraphs.push(BLANK, [{ text: notice, style: "italic" }]);
  return { kind: "text", paragraphs };
}

/** What to say when the line gave up on a message: catalogue text, never the error. */
export function apologyReply(language: Language): Reply {
  return textReply(catalogue(language).apology);
}

/** A reply's words, for the conversation's history. */
export function replyText(reply: Reply): string {
  switch (reply.kind) {
    case "text":
      return reply.paragraphs.map((spans) => spans.map(({ text }) => text).join("")).join("\n");
    case "document":
      return reply.caption ?? reply.fileName;
    case "template":
      return reply.text;
    default:
      return reply satisfies never;
  }
}

/** Cut at a word, with an ellipsis, to at most `maxLength` UTF-16 code units. */
export function shorten(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= maxLength) return line;
  const cut = line.slice(0, maxLength - 1);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > maxLength / 2 ? space : undefined).toWellFormed()}…`;
}

/** `[n]` opens the page where the channel has links. */
function linkMarks(line: string, citations: readonly Citation[]): readonly Span[] {
  return line
    .split(/(\[\d{1,3}\])/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const mark = /^\[(\d{1,3})\]$/.exec(piece)?.[1];
      const citation = citations.find(({ number }) => String(number) === mark);
      return citation === undefined ? { text: piece } : linked(piece, citation.url);
    });
}
