import { cleanText, cleanTitle, foldWords } from "./clean-text.ts";
import type { Found, FoundItem } from "./found.ts";
import type { Probe } from "./in-page/collected.ts";
import type { SelectorPack } from "./pack-schema.ts";
import type { MessageRow, MessageRowKind } from "./page-reader.ts";
import type { RowContext } from "./strategies/strategy.ts";

/** What only one place in a row says. */
export function detailProbes({ message }: SelectorPack): Readonly<Record<string, Probe>> {
  const outside = message.quote;
  const tiles = [...(message.media.photo ?? []), ...(message.media.video ?? [])];
  return {
    quote: { selectors: message.quote, text: true, isOutermost: true },
    quoteText: { selectors: message.quoteText, text: true },
    mentions: { selectors: message.mention, outside, text: true, max: 40 },
    readMore: { selectors: message.readMore, outside },
    buttons: { selectors: ["[role='button']", "button"], outside, text: true, max: 20 },
    fileName: { selectors: message.fileName, outside, text: true },
    duration: { selectors: message.duration, outside, text: true, max: 4 },
    size: { selectors: message.size, outside, text: true, max: 8 },
    tiles: { selectors: tiles, outside, isOutermost: true, max: 60 },
    album: { selectors: message.media.album ?? [], text: true },
    waiting: { selectors: ["span", "div[dir]"], outside, text: true, max: 20 },
  };
}

export function readDetails(
  row: FoundItem,
  context: RowContext,
  kind: MessageRowKind,
): Pick<MessageRow, "quote" | "mentionsUs" | "media" | "isComplete"> {
  const quote = kind === "deleted" ? undefined : quoteOf(row, context);
  const media = mediaOf(row, kind);
  const isCut =
    row.first("readMore") !== undefined ||
    row.all("buttons").some(({ text }) => context.phrases.is("readMore", text));
  const isWaiting =
    (kind === "unknown" || kind === "system") &&
    row.all("waiting").some(({ text }) => context.phrases.startsWith("waiting", text));
  return {
    ...(quote === undefined ? {} : { quote }),
    ...(media === undefined ? {} : { media }),
    mentionsUs: row.all("mentions").some((mention) => isUs(mention, context.ownNames)),
    isComplete: !isCut && !isWaiting,
  };
}

/** The quoted author stands above the quoted text; "You" there means that the answer is to us. */
function quoteOf(row: FoundItem, { phrases, ownNames }: RowContext): MessageRow["quote"] {
  const quote = row.first("quote");
  if (quote === undefined) return undefined;
  const whole = quote.text.trim();
  const quoted = row.first("quoteText")?.text.trim();
  const at = quoted === undefined || quoted === "" ? -1 : whole.lastIndexOf(quoted);
  const [first = "", ...rest] = whole.split("\n");
  const author = cleanTitle(
    at > 0 ? (whole.slice(0, at).split("\n")[0] ?? "") : at === 0 ? "" : first,
  );
  const text = cleanText(at >= 0 ? (quoted ?? "") : rest.join("\n"));
  const isOurs = phrases.is("you", author) || ownNames.includes(foldWords(author));
  return {
    ...(text === "" ? {} : { text }),
    ...(author === "" ? {} : { isOurs }),
  };
}

function isUs(mention: Found, ownNames: readonly string[]): boolean {
  const said = [
    mention.attribute("data-plain-text") ?? mention.text,
    mention.attribute("data-jid") ?? "",
    mention.attribute("data-app-text-template") ?? "",
  ];
  return said.some((each) => {
    const name = foldWords(each).replace(/^@/u, "");
    return name !== "" && ownNames.includes(name);
  });
}

function mediaOf(row: FoundItem, kind: MessageRowKind): MessageRow["media"] {
  const fileName = kind === "document" ? fileNameOf(row.first("fileName")) : undefined;
  const isTimed = kind === "voice" || kind === "audio" || kind === "video";
  const seconds = isTimed ? firstOf(row.all("duration"), secondsOf) : undefined;
  const sizeText = firstOf(row.all("size"), sizeOf);
  const count = kind === "album" ? row.all("tiles").length + hiddenTiles(row.first("album")) : 0;
  const media = {
    ...(fileName ? { fileName } : {}),
    ...(seconds === undefined ? {} : { seconds }),
    ...(sizeText === undefined ? {} : { sizeText }),
    ...(count > 0 ? { count } : {}),
  };
  return Object.keys(media).length === 0 ? undefined : media;
}

/** `title="Download "report.pdf""`, or the name as drawn. Without what could lead out of a folder. */
function fileNameOf(found: Found | undefined): string | undefined {
  const title = found?.attribute("title") ?? "";
  const name = /["“«](.+)["”»]/su.exec(title)?.[1] ?? found?.text ?? "";
  return cleanTitle(name).replace(/[/\\]/gu, "_");
}

function secondsOf(found: Found): number | undefined {
  const drawn = found.attribute("aria-valuetext") ?? found.text;
  const times = [...drawn.matchAll(/(?<![\d:])(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?![\d:])/gu)];
  const [, hours = "0", minutes, seconds] = times.at(-1) ?? [];
  if (minutes !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const most = Number(found.attribute("aria-valuemax"));
  return Number.isInteger(most) && most > 0 && most < 86_400 ? most : undefined;
}

function sizeOf(found: Found): string | undefined {
  return /\d[\d.,]*[\s\u00a0\u202f]?(?:bytes|[kKMG]?B)\b/u.exec(found.text)?.[0];
}

function hiddenTiles(album: Found | undefined): number {
  const more = Number(/\+\s?(\d{1,3})\s*$/u.exec(album?.text ?? "")?.[1] ?? 0);
  // The last tile drawn lies under the sign "+N" and is counted in neither.
  return more;
}

function firstOf<T>(found: readonly Found[], read: (found: Found) => T | undefined): T | undefined {
  for (const each of found) {
    const value = read(each);
    if (value !== undefined) return value;
  }
  return undefined;
}
