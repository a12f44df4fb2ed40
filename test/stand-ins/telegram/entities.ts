import { badRequest } from "./api-refusal.ts";

export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

const TYPES = new Set([
  ..."mention hashtag cashtag bot_command url email phone_number bold italic underline".split(" "),
  ..."strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji".split(
    " ",
  ),
]);

/** ~9,500 bytes of entities at most (tdlib/telegram-bot-api#165). */
const MAX_ENTITY_BYTES = 9_500;
/** More are not rendered, and not refused. */
const MAX_ENTITIES = 100;

/** Checks `entities` against the text as Telegram does (tdlib/td, MessageEntity.cpp), and returns those it keeps. */
export function checkEntities(text: string, given: unknown): readonly Entity[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw badRequest("can't parse entities: entities must be an Array");
  if (Buffer.byteLength(JSON.stringify(given)) > MAX_ENTITY_BYTES)
    throw badRequest("ENTITIES_TOO_LONG");
  const entities = given.map(toEntity);
  const ends: number[] = [];
  for (const entity of [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length)) {
    const end = entity.offset + entity.length;
    if (entity.offset >= text.length) {
      throw badRequest(`entity begins after the end of the text at UTF-16 offset ${entity.offset}`);
    }
    while ((ends.at(-1) ?? Number.POSITIVE_INFINITY) <= entity.offset) ends.pop();
    // Nested is fine; crossing another's end, or the text's, is refused in the same words.
    if (end > (ends.at(-1) ?? text.length)) {
      throw badRequest(
        `entity beginning at UTF-16 offset ${entity.offset} ends after the end of the text at UTF-16 offset ${end}`,
      );
    }
    if (isInsidePair(text, entity.offset) || isInsidePair(text, end)) {
      throw badRequest(
        `entity beginning at UTF-16 offset ${entity.offset} ends in a middle of a UTF-16 symbol at byte offset ${end}`,
      );
    }
    ends.push(end);
  }
  return entities.slice(0, MAX_ENTITIES);
}

function toEntity(value: unknown): Entity {
  if (typeof value !== "object" || value === null)
    throw badRequest("can't parse MessageEntity: Object expected");
  const { type, offset, length, url } = value as Record<string, unknown>;
  if (typeof type !== "string" || !TYPES.has(type)) {
    throw badRequest("can't parse MessageEntity: Unsupported type specified");
  }
  if (typeof offset !== "number" || !Number.isInteger(offset) || offset < 0) {
    throw badRequest('can\'t parse MessageEntity: Field "offset" must be a valid Number');
  }
  if (typeof length !== "number" || !Number.isInteger(length) || length <= 0) {
    throw badRequest('can\'t parse MessageEntity: Field "length" must be a valid Number');
  }
  if (type !== "text_link") return { type, offset, length };
  if (typeof url !== "string")
    throw badRequest("can't parse MessageEntity: can't find field \"url\"");
  if (!URL.canParse(url) || !new URL(url).hostname.includes(".")) {
    throw badRequest(`entity URL '${url}' is invalid: Wrong HTTP URL`);
  }
  return { type, offset, length, url };
}

function isInsidePair(text: string, position: number): boolean {
  return position > 0 && position < text.length && /^[\udc00-\udfff]/.test(text.slice(position));
}

const DETECTED = [
  ["bot_command", /(?<=^|\s)\/[a-z0-9_]{1,32}(?:@[a-z0-9_]{3,32})?/gi],
  ["mention", /(?<=^|\s)@[a-z0-9_]{3,32}/gi],
  ["url", /https?:\/\/[^\s]+/gi],
] as const;

/** What Telegram finds by itself in a person's text: commands, mentions, addresses. */
export function detectEntities(text: string): readonly Entity[] {
  if (!/[/@]/.test(text)) return [];
  return DETECTED.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({
      type,
      offset: match.index,
      length: match[0].length,
    })),
  ).sort((a, b) => a.offset - b.offset);
}
