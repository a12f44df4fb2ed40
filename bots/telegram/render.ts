import type { MessageEntity } from "grammy/types";
import { type Button, type Reply, textReply } from "../../src/core/message.ts";
import { type StyledText, splitText } from "./split-text.ts";
import { toStyledText } from "./styled-text.ts";

/** One Telegram message, ready to be sent. Plain JSON. */
export type TelegramPart =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Offsets and lengths in UTF-16 code units, as the Bot API counts them. */
      readonly entities: readonly MessageEntity[];
      /** Rows of the inline keyboard; none but under the last part. */
      readonly buttonRows: readonly (readonly Button[])[];
    }
  | {
      readonly kind: "document";
      readonly fileName: string;
      readonly mimeType: string;
      readonly contentBase64: string;
      readonly caption: string;
    };

/** Bot API, sendDocument.caption, after entities parsing. */
const MAX_CAPTION_LENGTH = 1024;
/** Bot API, InlineKeyboardButton.callback_data: 1-64 bytes. */
const MAX_CALLBACK_BYTES = 64;
/** Telegram answers BUTTONS_TOO_MUCH above 100 buttons (tdlib/td). */
const MAX_BUTTONS = 100;
/** So many characters fit beside each other on a narrow phone. */
const ROW_LENGTH = 32;

/** Splits and formats a reply; formatting is `entities`, never `parse_mode`, so that no text needs escaping. */
export function render(reply: Reply): readonly TelegramPart[] {
  switch (reply.kind) {
    case "text":
      return toTextParts(toStyledText(reply.paragraphs), reply.buttons ?? []);
    case "document": {
      const caption = (reply.caption ?? "").trim();
      const fits = caption.length <= MAX_CAPTION_LENGTH;
      const document: TelegramPart = {
        kind: "document",
        fileName: toFileName(reply.fileName),
        mimeType: reply.mimeType,
        contentBase64: reply.contentBase64,
        caption: fits ? caption : "",
      };
      return fits ? [document] : [document, ...toTextParts({ text: caption, entities: [] }, [])];
    }
    case "template":
      return render(textReply(reply.text));
    default:
      return reply satisfies never;
  }
}

function toTextParts(styled: StyledText, buttons: readonly Button[]): TelegramPart[] {
  const pieces = splitText(styled);
  const rows = toRows(buttons);
  return pieces.map((piece, index) => ({
    kind: "text",
    ...piece,
    buttonRows: index === pieces.length - 1 ? rows : [],
  }));
}

/** Buttons that Telegram would refuse the whole message for are left out. */
function toRows(buttons: readonly Button[]): readonly (readonly Button[])[] {
  const rows: Button[][] = [];
  let rowLength = Number.POSITIVE_INFINITY;
  for (const { label, data } of buttons.slice(0, MAX_BUTTONS)) {
    const bytes = Buffer.byteLength(data);
    if (label.trim() === "" || bytes === 0 || bytes > MAX_CALLBACK_BYTES) continue;
    const row = rows.at(-1);
    if (row === undefined || rowLength + label.length > ROW_LENGTH || row.length === 3) {
      rows.push([{ label, data }]);
      rowLength = label.length;
    } else {
      row.push({ label, data });
      rowLength += label.length;
    }
  }
  return rows;
}

/** grammY writes the name unquoted into the multipart header: what would end it there is replaced. */
function toFileName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  const safe = name.replace(/[\u0000-\u001f\u007f"';,\\/]/g, "_").trim();
  return safe === "" ? "document" : safe.slice(0, 120);
}
