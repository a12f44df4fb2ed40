import { createHash } from "node:crypto";
import type {
  Button,
  IncomingContent,
  IncomingMessage,
  MediaKind,
} from "../../src/core/message.ts";
import { toComparable } from "./comparable-text.ts";
import type { MessageRow, MessageRowKind } from "./detection/page-reader.ts";

/** A row of the page with what the session knows of it. */
export interface ReadRow {
  readonly row: MessageRow;
  readonly chatKey: string;
  readonly chatKind: "private" | "group";
  /** In a group, whoever wrote; undefined where the page does not tell. */
  readonly writerKey?: string;
  /** When it was read: dates what the page leaves undated. */
  readonly readAt: Date;
  /** True when the row was known and its text is another now. */
  readonly isChanged: boolean;
  /** Our names, as people mention them: `@Name` is cut out of the text. */
  readonly ownNames: readonly string[];
  /** What our last message in this chat offered. */
  readonly choices: readonly Button[];
  readonly fileKey?: string;
  readonly sizeBytes?: number;
}

/**
 * A row in the words that every channel shares; undefined for what is no message of a person. `updateKey` is the
 * message's id in its one form, so that a row that is read again, or whose id changes its form, is stored once.
 */
export function toIncoming(read: ReadRow): IncomingMessage | undefined {
  const { row, chatKey, chatKind } = read;
  const content = toContent(read);
  if (content === undefined) return undefined;
  const isEdit = content.kind === "edit";
  return {
    updateKey: isEdit ? `${row.canonicalId}:edit:${digest(row.text ?? "")}` : row.canonicalId,
    chat: { key: chatKey, kind: chatKind },
    sender: {
      key: chatKind === "private" ? chatKey : `${chatKey}/${read.writerKey ?? "unknown"}`,
      ...(row.sender?.name !== undefined && { displayName: row.sender.name }),
    },
    networkMessageId: row.canonicalId,
    sentAt: row.sentAt ?? read.readAt.toISOString(),
    // In groups somebody must mean us: by our name, or by a quotation of what we said.
    isAddressed: chatKind === "private" || row.mentionsUs || row.quote?.isOurs === true,
    content,
  };
}

/** The kind of the chat, from whatever tells it; where nothing does, one writer who is not the chat's name makes it a group. */
export function toChatKind(
  kind: "private" | "group" | "unknown",
  title: string,
  row: MessageRow,
): "private" | "group" {
  if (kind !== "unknown") return kind;
  if (row.chatJid !== undefined) return row.chatJid.endsWith("@g.us") ? "group" : "private";
  const name = row.sender?.name;
  return name === undefined || toComparable(name) === toComparable(title) ? "private" : "group";
}

function toContent(read: ReadRow): IncomingContent | undefined {
  const { row } = read;
  const text = withoutOwnNames(row.text ?? "", read.ownNames);
  // Of a kind that nobody could tell: its words count, and without any the person hears that it was not understood.
  const isUntold = row.kind === "unknown";
  const media = isUntold && text === "" ? "other" : MEDIA[row.kind];
  if (media !== undefined) {
    if (read.isChanged) return undefined;
    return {
      kind: "media",
      media,
      ...(text !== "" && { caption: text }),
      ...(row.kind === "album" && { albumKey: row.canonicalId }),
      ...(read.fileKey !== undefined && { fileKey: read.fileKey }),
      ...(read.sizeBytes !== undefined && { sizeBytes: read.sizeBytes }),
      ...(row.media?.seconds !== undefined && { seconds: row.media.seconds }),
    };
  }
  if ((row.kind !== "text" && !isUntold) || text === "") return undefined;
  if (read.isChanged) return { kind: "edit", text, editedMessageId: row.canonicalId };
  const choice = toChoice(text, read.choices);
  return choice === undefined
    ? { kind: "text", text }
    : { kind: "button", data: choice.data, callbackKey: row.canonicalId };
}

/** Undefined: no message of a person, or one that cannot be read. */
const MEDIA: Readonly<Partial<Record<MessageRowKind, MediaKind>>> = {
  photo: "photo",
  album: "photo",
  video: "video",
  voice: "voice",
  audio: "audio",
  document: "document",
  sticker: "sticker",
  location: "location",
  contact: "contact",
  poll: "poll",
};

/** `2`, `2)` or the words of the choice. */
function toChoice(text: string, choices: readonly Button[]): Button | undefined {
  const number = /^(\d{1,2})[.)]?$/.exec(text.trim())?.[1];
  if (number !== undefined) return choices[Number(number) - 1];
  const said = toComparable(text);
  return choices.find(({ label }) => toComparable(label) === said);
}

function withoutOwnNames(text: string, ownNames: readonly string[]): string {
  let rest = text;
  for (const name of ownNames) {
    if (name !== "") rest = rest.replaceAll(`@${name}`, " ");
  }
  return rest === text ? text.trim() : rest.replace(/[^\S\n]{2,}/g, " ").trim();
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
