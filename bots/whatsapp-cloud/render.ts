import { type Button, type Reply, textReply } from "../../src/core/message.ts";
import { cleanText, type MarkedText, toMarkedText } from "../whatsapp-text/marked-text.ts";
import { splitText, splitTextWithTail } from "../whatsapp-text/split-text.ts";

/** One thing to tap: a reply button, or a row of a list. */
export interface Choice {
  /** Comes back when it is tapped. */
  readonly id: string;
  readonly title: string;
  /** The whole label, where the title had to be cut. Makes a list of the choices. */
  readonly description?: string;
}

/** One message of the Cloud API, ready to be sent. Plain JSON. */
export type CloudPart =
  | ({ readonly kind: "text" } & MarkedText)
  | ({ readonly kind: "choices"; readonly choices: readonly Choice[] } & MarkedText)
  | {
      readonly kind: "document";
      readonly fileName: string;
      readonly mimeType: string;
      readonly contentBase64: string;
      readonly caption: string;
    }
  | {
      readonly kind: "template";
      readonly name: string;
      readonly language: string;
      readonly parameters: readonly string[];
    };

/** Cloud API, messages: text.body. */
export const MAX_TEXT_LENGTH = 4096;
/** Cloud API, interactive messages: body of buttons; a list's is longer, and one limit serves both. */
export const MAX_INTERACTIVE_LENGTH = 1024;
/** Cloud API, media messages: caption. */
const MAX_CAPTION_LENGTH = 1024;
/** Cloud API, interactive: three reply buttons, else a list of ten rows over all its sections. */
export const MAX_BUTTONS = 3;
const MAX_ROWS = 10;
/** Cloud API: title of a button, of a row, description of a row. */
const MAX_BUTTON_TITLE = 20;
const MAX_ROW_TITLE = 24;
const MAX_DESCRIPTION = 72;
/** A row's id; a button's may have 256 (Cloud API, interactive). */
const MAX_ID_LENGTH = 200;
/** Cloud API, templates: a parameter of the body. */
const MAX_PARAMETER_LENGTH = 1024;

/** Splits and formats a reply: texts of 4,096, with up to three buttons or a list under the last of 1,024. */
export function render(reply: Reply): readonly CloudPart[] {
  switch (reply.kind) {
    case "text":
      return toTextParts(toMarkedText(reply.paragraphs), toChoices(reply.buttons ?? []));
    case "document":
      return toDocumentParts(reply);
    case "template":
      return [
        {
          kind: "template",
          name: reply.name,
          language: reply.language,
          parameters: reply.parameters.map(toParameter),
        },
      ];
    default:
      return reply satisfies never;
  }
}

function toTextParts(text: MarkedText, choices: readonly Choice[]): CloudPart[] {
  if (choices.length === 0) {
    return splitText(text, MAX_TEXT_LENGTH).map((piece) => ({ kind: "text", ...piece }));
  }
  const pieces = splitTextWithTail(text, {
    maxLength: MAX_TEXT_LENGTH,
    maxLastLength: MAX_INTERACTIVE_LENGTH,
  });
  return pieces.map((piece, index) =>
    index === pieces.length - 1
      ? { kind: "choices", ...piece, choices }
      : { kind: "text", ...piece },
  );
}

function toDocumentParts(reply: Extract<Reply, { kind: "document" }>): CloudPart[] {
  const caption = cleanText(reply.caption ?? "").trim();
  const fits = caption.length <= MAX_CAPTION_LENGTH;
  const document: CloudPart = {
    kind: "document",
    fileName: toFileName(reply.fileName),
    mimeType: reply.mimeType,
    contentBase64: reply.contentBase64,
    caption: fits ? caption : "",
  };
  return fits ? [document] : [document, ...render(textReply(caption))];
}

/** Ids and titles must each be unique, or the Cloud API refuses the whole message: what repeats an id is left out. */
function toChoices(buttons: readonly Button[]): readonly Choice[] {
  const byId = new Map<string, string>();
  for (const { label, data } of buttons) {
    const words = cleanText(label).replace(/\s+/g, " ").trim();
    if (words === "" || data === "" || data.length > MAX_ID_LENGTH || byId.has(data)) continue;
    byId.set(data, words);
  }
  const labels = [...byId].slice(0, MAX_ROWS);
  const isList =
    labels.length > MAX_BUTTONS || labels.some(([, label]) => label.length > MAX_BUTTON_TITLE);
  const titles = new Set<string>();
  return labels.map(([id, label]) => {
    const title = uniqueTitle(label, isList ? MAX_ROW_TITLE : MAX_BUTTON_TITLE, titles);
    titles.add(title);
    const isCut = isList && label.length > MAX_ROW_TITLE;
    return { id, title, ...(isCut && { description: shorten(label, MAX_DESCRIPTION) }) };
  });
}

function uniqueTitle(label: string, maxLength: number, taken: ReadonlySet<string>): string {
  let title = shorten(label, maxLength);
  for (let count = 2; taken.has(title); count++) {
    const suffix = ` (${count})`;
    title = shorten(label, maxLength - suffix.length) + suffix;
  }
  return title;
}

function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength - 1);
  const space = cut.lastIndexOf(" ");
  return `${cut
    .slice(0, space > maxLength / 2 ? space : undefined)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`;
}

/** No line breaks, tabs or runs of blanks (error 132012 and its kin); never empty. */
function toParameter(value: string): string {
  const words = cleanText(value).replace(/\s+/g, " ").trim();
  return words === "" ? "-" : shorten(words, MAX_PARAMETER_LENGTH);
}

function toFileName(name: string): string {
  const safe = cleanText(name)
    .replace(/["';\n/\\]/g, "_")
    .trim();
  return safe === "" ? "document" : safe.slice(-120).toWellFormed();
}
