import type { Found, FoundItem } from "../found.ts";
import type { Opinion, RowContext, Strategy } from "./strategy.ts";

/** Roles and accessible names: what a screen reader says, in the languages of the pack. */
export const aria: Strategy = {
  name: "aria",
  probes({ message }) {
    const outside = message.quote;
    return {
      "a:labels": { selectors: ["[aria-label]"], outside, icon: true, max: 60 },
      "a:pictures": { selectors: ["img[alt]:not([alt=''])"], outside, max: 20 },
      "a:meta": { selectors: message.meta, outside, text: true, max: 3 },
      "a:text": {
        selectors: ["span[dir]", "span"],
        outside: [...outside, ...message.meta],
        without: [...message.quote, ...message.readMore, ...message.meta],
        text: true,
        max: 60,
      },
    };
  },
  read(row, context) {
    const labels = row.all("a:labels");
    const speaker = speakerOf(labels, context);
    const tick = tickOf(labels, context);
    const meta = row.all("a:meta").map((found) => found.text);
    const isEdited = meta.some((text) => context.phrases.contains("edited", text));
    const kind = kindOf(row, context);
    const isOwnDeletion = kind === "deleted" && isDeletedByUs(row.all("a:text"), context);
    const isOurs = tick !== undefined || isOwnDeletion;
    const direction = isOurs ? "out" : speaker.direction;
    const isSplit = isOurs && speaker.direction === "in";
    return {
      ...(direction === undefined || isSplit ? {} : { direction }),
      ...(speaker.name === undefined ? {} : { sender: speaker.name }),
      ...(tick === undefined ? {} : { tick }),
      ...(kind === undefined ? {} : { kind }),
      ...(isEdited ? { edited: "edited" as const } : {}),
    };
  },
};

/** `<span aria-label="You:">` or `"<name>:"`, on about four rows of five. */
function speakerOf(labels: readonly Found[], { phrases }: RowContext) {
  const names = labels.flatMap((label) => {
    const said = label.attribute("aria-label")?.trim() ?? "";
    const isSpeaker = label.tag === "span" && /[:：]$/u.test(said) && label.icon === undefined;
    return isSpeaker && said.length > 1 ? [said.slice(0, -1).trim()] : [];
  });
  if (names.length === 0) return {};
  const own = names.filter((name) => phrases.is("you", name));
  if (own.length === names.length) return { direction: "out" as const };
  return own.length > 0 ? {} : { direction: "in" as const, name: names[0] };
}

/** A name is never beside an icon: a contact who calls himself "Read" is not taken for a tick. */
function tickOf(labels: readonly Found[], { phrases }: RowContext): Opinion["tick"] {
  for (const label of labels) {
    const isMark = label.icon !== undefined || label.tag === "svg";
    const tick = isMark ? phrases.tick(label.attribute("aria-label") ?? "") : undefined;
    if (tick !== undefined) return tick;
  }
  return undefined;
}

function kindOf(row: FoundItem, context: RowContext): Opinion["kind"] {
  const { phrases } = context;
  const texts = row.all("a:text");
  const isDeletion = ({ text }: Found) =>
    phrases.is("deleted", text) || phrases.is("deletedByUs", text);
  if (texts.some(isDeletion) && !texts.some(isCopyable)) return "deleted";
  for (const label of row.all("a:labels")) {
    const isControl = label.tag === "button" || label.attribute("role") !== undefined;
    const kind =
      isControl || label.icon !== undefined
        ? phrases.media(label.attribute("aria-label") ?? "")
        : undefined;
    if (kind !== undefined) return kind;
  }
  const pictures = row.all("a:pictures").map((picture) => picture.attribute("alt") ?? "");
  return pictures.map((alt) => phrases.media(alt)).find((kind) => kind !== undefined);
}

function isDeletedByUs(texts: readonly Found[], { phrases }: RowContext): boolean {
  return texts.some(({ text }) => phrases.is("deletedByUs", text));
}

/** What a person wrote can be copied; what the page says in its place cannot. */
function isCopyable(found: Found): boolean {
  return /\b(?:selectable|copyable)-text\b/.test(found.attribute("class") ?? "");
}
