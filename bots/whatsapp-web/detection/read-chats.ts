import { cleanTitle } from "./clean-text.ts";
import { type FoundItem, itemsOf } from "./found.ts";
import type { Collected, Scope } from "./in-page/collected.ts";
import type { SelectorPack, WordKey } from "./pack-schema.ts";
import type { ChatRow } from "./page-reader.ts";
import type { PhraseBook } from "./phrase-book.ts";
import { readTick } from "./strategies/test-ids.ts";

/** Enough to see that something changed. */
const MAX_PREVIEW = 1000;

/** A row of the list, and what it takes to find it again in the page. */
export interface DrawnChat {
  readonly row: ChatRow;
  /** With the page's marks in it. */
  readonly rawTitle: string;
  readonly top: number;
}

export function chatScope({ list }: SelectorPack): Scope {
  return {
    root: list.root,
    items: list.row,
    limit: 300,
    probes: {
      title: { selectors: list.title, text: true },
      cell: { selectors: list.cell },
      unread: { selectors: list.unread, text: true, max: 4 },
      labels: { selectors: ["[aria-label]"], text: true, max: 20 },
      mention: { selectors: list.mention },
      muted: { selectors: list.muted },
      preview: { selectors: list.preview, text: true },
      tick: { selectors: list.tick, icon: true, paint: true, max: 3 },
      self: { selectors: list.self },
      icons: { selectors: ["svg", "[data-icon]"], icon: true, max: 20 },
    },
  };
}

/** The chats drawn now, from the top down: the order in the document says nothing. Headings are left out. */
export function readChats(
  collected: Collected,
  pack: SelectorPack,
  phrases: PhraseBook,
): readonly DrawnChat[] {
  return itemsOf(collected, "chats")
    .flatMap((item) => {
      const rawTitle = item.first("title")?.attribute("title") ?? "";
      const title = cleanTitle(rawTitle);
      if (title === "" || item.first("cell") === undefined) return [];
      return [{ row: readChat(item, title, pack, phrases), rawTitle, top: item.rect[1] }];
    })
    .sort((one, other) => one.top - other.top);
}

/** Rows that should be chats and have no title: what the canary looks for. */
export function countUntitled(collected: Collected): {
  readonly all: number;
  readonly untitled: number;
} {
  const cells = itemsOf(collected, "chats").filter((item) => item.first("cell") !== undefined);
  const untitled = cells.filter((item) => !item.first("title")?.attribute("title"));
  return { all: cells.length, untitled: untitled.length };
}

function readChat(
  item: FoundItem,
  drawnTitle: string,
  pack: SelectorPack,
  phrases: PhraseBook,
): ChatRow {
  const { title, isSelf } = withoutYou(drawnTitle, item, phrases);
  const icons = item.all("icons").flatMap(({ icon }) => (icon === undefined ? [] : [icon]));
  const has = (key: keyof SelectorPack["list"]["icons"]) =>
    icons.some((icon) => pack.list.icons[key].some((begin) => icon.startsWith(begin)));
  const phone = phoneOf(title);
  const preview = cleanTitle(previewOf(item), MAX_PREVIEW);
  const isOurs = item.all("tick").some((tick) => readTick(tick, pack) !== undefined);
  const isPrivate = isSelf || phone !== undefined || has("person");
  return {
    title,
    ...(phone === undefined ? {} : { phone }),
    kind: has("group") ? "group" : isPrivate ? "private" : "unknown",
    unreadCount: unreadOf(item, phrases),
    hasMention: item.first("mention") !== undefined || has("mention"),
    ...(isOurs ? { isLastOurs: true } : {}),
    ...(preview === "" ? {} : { preview }),
    isSelf,
    isConversation: !has("other"),
    isMuted: item.first("muted") !== undefined || has("muted") || hasLabel(item, phrases, "muted"),
  };
}

/** The preview's `title` holds it whole, where there is one. */
function previewOf(item: FoundItem): string {
  const found = item.first("preview");
  return found?.attribute("title") ?? found?.text ?? "";
}

function withoutYou(title: string, item: FoundItem, phrases: PhraseBook) {
  const [, name, suffix] = /^(.+?)\s*\(([^()]{1,20})\)$/u.exec(title) ?? [];
  const isYou = suffix !== undefined && phrases.is("you", suffix);
  const isSelf = item.first("self") !== undefined || isYou;
  return { title: isYou && name !== undefined ? name : title, isSelf };
}

/** Only a title that is a number, as the page shows people who are in no address book. */
export function phoneOf(title: string): string | undefined {
  if (!/^\+[\d\s\u00a0().-]{7,25}$/u.test(title)) return undefined;
  const digits = title.replace(/\D/g, "");
  return digits.length >= 7 && digits.length <= 15 ? digits : undefined;
}

/** The number is in the badge's label, with the separators of its language: "1.227 mensagens não lidas". */
function unreadOf(item: FoundItem, phrases: PhraseBook): number {
  const badge = item.all("unread").find((found) => {
    const label = found.attribute("aria-label") ?? "";
    return (
      found.attribute("data-testid") === "icon-unread-count" || phrases.contains("unread", label)
    );
  });
  if (badge === undefined) return 0;
  const drawn = `${badge.attribute("aria-label") ?? ""} ${badge.text}`;
  const number = /\d[\d.,'\s\u00a0\u202f]*/u.exec(drawn.normalize("NFKC"))?.[0].replace(/\D/g, "");
  return number === undefined || number === "" ? 1 : Math.min(Number(number), 1_000_000);
}

function hasLabel(item: FoundItem, phrases: PhraseBook, key: WordKey): boolean {
  return item.all("labels").some((found) => phrases.is(key, found.attribute("aria-label") ?? ""));
}
