import { type Button, type Reply, textReply } from "../../src/core/message.ts";
import { cleanText, type MarkedText, toMarkedText } from "../whatsapp-text/marked-text.ts";
import { splitText } from "../whatsapp-text/split-text.ts";
import { toTypedText } from "../whatsapp-text/typed-text.ts";

/** One WhatsApp message, ready to be typed. Plain JSON. */
export type WhatsAppWebPart =
  | {
      readonly kind: "text";
      /** As it is typed, signs included. */
      readonly text: string;
      /** What the numbered list at the end of the text offers, in its order. */
      readonly choices?: readonly Button[];
    }
  | {
      readonly kind: "document";
      readonly fileName: string;
      readonly mimeType: string;
      readonly contentBase64: string;
      readonly caption: string;
    };

/** WhatsApp takes 65,536 characters; people do not. The limit of the Cloud API's text body, so that both cut alike. */
export const MAX_TEXT_LENGTH = 4096;
/** Meta, media messages: caption. */
const MAX_CAPTION_LENGTH = 1024;
/** More than a person reads in a list of answers. */
const MAX_CHOICES = 20;
const MAX_LABEL_LENGTH = 100;
const MAX_FILE_NAME_LENGTH = 120;

/**
 * Splits and formats a reply. WhatsApp Web offers no buttons: they become a numbered list in a message's end, and
 * the person answers with the number or the words.
 */
export function render(reply: Reply): readonly WhatsAppWebPart[] {
  switch (reply.kind) {
    case "text":
      return toTextParts(reply.paragraphs, toChoices(reply.buttons ?? []));
    case "document": {
      const [caption = "", ...more] =
        (reply.caption ?? "").trim() === ""
          ? []
          : toTexts(toMarkedText([[{ text: reply.caption ?? "" }]]));
      const fits = caption.length <= MAX_CAPTION_LENGTH && more.length === 0;
      const document: WhatsAppWebPart = {
        kind: "document",
        fileName: toFileName(reply.fileName),
        mimeType: reply.mimeType,
        contentBase64: reply.contentBase64,
        caption: fits ? caption : "",
      };
      const rest = fits ? [] : [caption, ...more];
      return [document, ...rest.map((text) => ({ kind: "text" as const, text }))];
    }
    case "template":
      return render(textReply(reply.text));
    default:
      return reply satisfies never;
  }
}

function toTextParts(
  paragraphs: Extract<Reply, { kind: "text" }>["paragraphs"],
  choices: readonly Button[],
): WhatsAppWebPart[] {
  const said = toMarkedText(paragraphs);
  if (choices.length === 0) return toTexts(said).map((text) => ({ kind: "text", text }));
  const lines = choices.map(({ label }, index) => [{ text: `${index + 1}) ${label}` }]);
  const list = toTexts(toMarkedText(lines)).join("\n");
  const texts = said.text.trim() === "" ? [] : toTexts(said);
  const last = texts.at(-1);
  // The list stays whole: a number that is read apart from the others says nothing.
  const isRoom = last !== undefined && last.length + 2 + list.length <= MAX_TEXT_LENGTH;
  const before = isRoom ? texts.slice(0, -1) : texts;
  const end = isRoom ? `${last}\n\n${list}` : list;
  return [
    ...before.map((text) => ({ kind: "text" as const, text })),
    { kind: "text", text: end, choices },
  ];
}

function toTexts(text: MarkedText): string[] {
  return splitText(text, MAX_TEXT_LENGTH).map(toTypedText);
}

function toChoices(buttons: readonly Button[]): readonly Button[] {
  return buttons
    .map(({ label, data }) => ({
      label: cleanText(label).replace(/\s+/g, " ").trim().slice(0, MAX_LABEL_LENGTH).toWellFormed(),
      data,
    }))
    .filter(({ label, data }) => label !== "" && data !== "")
    .slice(0, MAX_CHOICES);
}

/** A name, not a path: it is written to a folder of ours before the page takes it. */
function toFileName(name: string): string {
  const safe = cleanText(name)
    .replace(/[/\\:*?"<>|\n]/g, "_")
    .replace(/^\.+/, "")
    .trim();
  return safe === "" ? "documento" : safe.slice(-MAX_FILE_NAME_LENGTH).toWellFormed();
}
