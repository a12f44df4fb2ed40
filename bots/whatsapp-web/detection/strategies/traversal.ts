import { foldWords } from "../clean-text.ts";
import { readDrawnTime, readHeader } from "../drawn-time.ts";
import type { FoundItem } from "../found.ts";
import { readMessageId } from "../message-id.ts";
import type { Opinion, RowContext, Strategy } from "./strategy.ts";

/**
 * The shapes that the page's markup has kept over the years: ids that begin with `true_`, the classes of old, whoever
 * stands in the header, the time at a row's end. Who sent it is not read from the form of an opaque id (3EB0…, 3A…): it
 * tells the kind of device, and people use the same ones as we do. A namesake of ours may write to us: our name in the
 * header is likely, not certain, to be us.
 */
export const traversal: Strategy = {
  name: "traversal",
  probes: ({ message }) => ({
    "x:header": { selectors: ["[data-pre-plain-text]"], outside: message.quote },
    "x:in": { selectors: [".message-in"] },
    "x:out": { selectors: [".message-out"] },
    "x:body": {
      selectors: ["[data-pre-plain-text]", ".copyable-text", ".focusable-list-item"],
      // An emoji can be copied wherever it stands: in a name, in a reaction.
      outside: [...message.quote, ...message.meta, ...message.author, ...message.reactions],
      without: [
        ...message.quote,
        ...message.meta,
        ...message.readMore,
        ...message.author,
        ...message.reactions,
        "button",
        "[role='button']:not([data-plain-text])",
      ],
      text: true,
    },
    "x:links": { selectors: ["a[href]"], outside: message.quote, max: 10 },
    "x:all": { selectors: [".focusable-list-item", "[data-testid='msg-container']"], text: true },
  }),
  read(row, context) {
    const header = readHeader(row.first("x:header")?.attribute("data-pre-plain-text") ?? "");
    const isOwnName = header !== undefined && context.ownNames.includes(foldWords(header.sender));
    const stated = directionOf(row);
    const body = row.first("x:body");
    // The third selector finds the whole row: names and times with it.
    const text = body !== undefined && body.by < 2 ? body.text : undefined;
    const time = header?.rawTime ?? lastTime(row.first("x:all")?.text);
    const kind = text === undefined ? kindOf(row, context) : undefined;
    return {
      ...(stated === undefined ? {} : { direction: stated }),
      ...(stated === undefined && isOwnName ? { direction: "out", isLikely: true } : {}),
      ...(text === undefined ? {} : { text }),
      ...(time === undefined ? {} : { time }),
      ...(header?.sender ? { sender: header.sender } : {}),
      ...(kind === undefined ? {} : { kind }),
    };
  },
};

function directionOf(row: FoundItem): Opinion["direction"] {
  const prefix = readMessageId(row.attribute("data-id") ?? "").direction;
  if (prefix !== undefined) return prefix;
  const classes = (row.attribute("class") ?? "").split(/\s+/);
  const isIn = classes.includes("message-in") || row.first("x:in") !== undefined;
  const isOut = classes.includes("message-out") || row.first("x:out") !== undefined;
  if (isIn === isOut) return undefined;
  return isIn ? "in" : "out";
}

const MAP_LINK = /^https:\/\/(?:maps\.google|www\.google)\.[a-z.]+\/(?:maps)?/;

function kindOf(row: FoundItem, { phrases }: RowContext): Opinion["kind"] {
  const links = row.all("x:links").map((link) => link.attribute("href") ?? "");
  if (links.some((href) => MAP_LINK.test(href))) return "location";
  const [line = ""] = (row.first("x:body")?.text ?? "").trim().split("\n");
  return phrases.media(line);
}

function lastTime(text: string | undefined): string | undefined {
  const lines = (text ?? "").slice(-200).split("\n").reverse();
  const tail = lines.find((line) => /\d[:.]\d\d/u.test(line)) ?? "";
  const found = /(\d{1,2}[:.]\d{2}(?:[\s\u00a0\u202f]?[ap]\.?[\s\u00a0\u202f]?m\.?)?)\s*$/iu.exec(
    tail.trim(),
  );
  const time = found?.[1];
  return time !== undefined && readDrawnTime(time) !== undefined ? time : undefined;
}
