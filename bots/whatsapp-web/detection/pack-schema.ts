import { z } from "zod";
import { PAGE_ELEMENTS } from "./page-elements.ts";

/** A CSS selector, as far as that can be checked without a browser: quotes and brackets are closed. */
const selector = z
  .string()
  .min(1)
  .max(400)
  .refine(isBalanced, "has a bracket or quote that is not closed");
/** All are tried; the order says which is trusted first. */
const selectors = z.array(selector).max(40);
const phrase = z.string().min(1).max(200);
/** Beginnings of the names of icons (`data-icon`, or the title of an svg). */
const iconNames = z.array(z.string().min(2).max(60)).max(20);

export const MEDIA_KINDS = [
  "album",
  "sticker",
  "video",
  "voice",
  "audio",
  "document",
  "location",
  "contact",
  "poll",
  "photo",
] as const;
const TICKS = ["pending", "sent", "delivered", "read", "failed"] as const;

/** What the page says, by what it means. Each key holds languages, each of these phrases. */
export const WORD_KEYS = [
  "you",
  "edited",
  "deleted",
  "deletedByUs",
  "waiting",
  "readMore",
  "quoted",
  "unread",
  "muted",
  "chatList",
  "group",
  "person",
  "older",
  "download",
  "phoneOffline",
  "computerOffline",
  "conflict",
  "useHere",
  "whatsNew",
  "close",
  "invalidNumber",
  "restricted",
  "updateBrowser",
  "databaseError",
  "send",
  "attach",
  "attachDocument",
  "attachMedia",
  "caption",
  "usePhone",
  "useQr",
  "next",
  "reload",
  "menu",
  "logOut",
  "contextMenu",
] as const;
export type WordKey = (typeof WORD_KEYS)[number];

/** `other` holds languages of which few phrases are known. */
const wordsByLanguage = z.record(
  z.string().regex(/^(?:[a-z]{2}|other)$/),
  z.array(phrase).max(100),
);

export const wordsSchema = z.strictObject({
  ticks: z.record(z.enum(TICKS), wordsByLanguage),
  media: z.partialRecord(z.enum(MEDIA_KINDS), wordsByLanguage),
  ...(Object.fromEntries(WORD_KEYS.map((key) => [key, wordsByLanguage])) as Record<
    WordKey,
    typeof wordsByLanguage
  >),
});
export type Words = z.infer<typeof wordsSchema>;

/** The file `words.json`: phrases for every pack. */
export const wordsFileSchema = z.strictObject({
  version: z.string().regex(/^[0-9A-Za-z.-]{1,32}$/),
  words: wordsSchema,
});

const screen = z.strictObject({
  main: selectors.min(1),
  loading: selectors,
  progress: selectors,
  linking: selectors,
  qr: selectors,
  qrOverlay: selectors,
  pairingCode: selectors,
  modal: selectors,
  mediaPreview: selectors,
  phoneOffline: selectors,
  computerOffline: selectors,
  bannerArea: selectors,
  restricted: selectors,
});

const list = z.strictObject({
  root: selectors.min(1),
  grid: selectors,
  row: selectors.min(1),
  cell: selectors,
  title: selectors.min(1),
  unread: selectors,
  mention: selectors,
  muted: selectors,
  preview: selectors,
  tick: selectors,
  self: selectors,
  icons: z.strictObject({
    group: iconNames,
    person: iconNames,
    mention: iconNames,
    muted: iconNames,
    /** Of rows that are no conversations. */
    other: iconNames,
  }),
});

const conversation = z.strictObject({
  root: selectors.min(1),
  header: selectors,
  title: selectors.min(1),
  subtitle: selectors,
  scroller: selectors,
  row: selectors.min(1),
  /** A row that keeps its place and is not drawn. */
  shell: selectors,
  /** One of these is in every row that is drawn. */
  drawn: selectors,
  older: selectors,
  busy: selectors,
  toEnd: selectors,
  footer: selectors,
});

const message = z.strictObject({
  header: selectors,
  text: selectors,
  meta: selectors,
  time: selectors,
  tick: selectors,
  tailIn: selectors,
  tailOut: selectors,
  quote: selectors,
  quoteText: selectors,
  author: selectors,
  reactions: selectors,
  mention: selectors,
  deleted: selectors,
  edited: selectors,
  readMore: selectors,
  download: selectors,
  menu: selectors,
  menuItem: selectors,
  media: z.partialRecord(z.enum(MEDIA_KINDS), selectors),
  fileName: selectors,
  duration: selectors,
  size: selectors,
  system: selectors,
});

/**
 * The file `era-<letter>.json`: where things are in one era of the page, and what they are called. In `elements` and
 * `message.menuItem` the selectors are Playwright's, elsewhere plain CSS; `{key}` in one stands for each phrase of that key.
 */
export const eraFileSchema = z.strictObject({
  era: z.string().regex(/^[a-z]{1,12}$/),
  version: z.string().regex(/^[0-9A-Za-z.-]{1,32}$/),
  /** Each found mark of `present` speaks for this era, each of `absent` that is found against it. */
  marks: z.strictObject({ present: selectors.min(1), absent: selectors }),
  screen,
  list,
  conversation,
  message,
  /** Name of an icon → kind of the message that it stands in. */
  kindIcons: z.record(z.string().max(60), z.enum([...MEDIA_KINDS, "deleted"])),
  /** Name of an icon → tick; "delivered-or-read": its colour decides. */
  tickIcons: z.record(z.string().max(60), z.enum([...TICKS, "delivered-or-read"])),
  elements: z.record(z.enum(PAGE_ELEMENTS), selectors.min(1)),
  /** Instead of those of `words.json`, key by key. */
  words: wordsSchema.partial().optional(),
});

export type SelectorPack = Omit<z.infer<typeof eraFileSchema>, "words"> & {
  readonly words: Words;
  /** `<era>/<version>`. */
  readonly name: string;
};

function isBalanced(text: string): boolean {
  const closing: string[] = [];
  let quote = "";
  for (const sign of text.replace(/\\./gs, "").replace(/\{[a-zA-Z]+\}/g, "")) {
    if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "[") closing.push("]");
    else if (sign === "(") closing.push(")");
    else if ((sign === "]" || sign === ")") && closing.pop() !== sign) return false;
    else if (/[{};<@]/.test(sign)) return false;
  }
  return quote === "" && closing.length === 0;
}
