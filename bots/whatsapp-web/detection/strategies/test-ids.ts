import { readHeader } from "../drawn-time.ts";
import type { Found, FoundItem } from "../found.ts";
import { MEDIA_KINDS, type SelectorPack } from "../pack-schema.ts";
import { isBlue } from "../tick-colour.ts";
import type { Opinion, Strategy } from "./strategy.ts";

/** Test ids, icon names and the attributes by which the page copies text: exact where they are there at all. */
export const testIds: Strategy = {
  name: "test-ids",
  probes({ message }) {
    const outside = message.quote;
    return {
      "t:header": { selectors: message.header, outside },
      "t:text": {
        selectors: message.text,
        outside: [...outside, ...message.meta],
        without: [...message.quote, ...message.readMore, ...message.meta],
        text: true,
        isOutermost: true,
        max: 8,
      },
      "t:time": { selectors: message.time, text: true, outside },
      "t:tick": { selectors: message.tick, outside, icon: true, paint: true, max: 4 },
      "t:in": { selectors: message.tailIn, outside },
      "t:out": { selectors: message.tailOut, outside },
      "t:icons": { selectors: ["svg", "[data-icon]"], outside, icon: true, max: 60 },
      "t:author": { selectors: message.author, outside, text: true },
      "t:deleted": { selectors: message.deleted, outside },
      "t:edited": { selectors: message.edited, outside },
      "t:system": { selectors: message.system },
      ...Object.fromEntries(
        MEDIA_KINDS.map((kind) => [
          `t:kind:${kind}`,
          { selectors: message.media[kind] ?? [], outside },
        ]),
      ),
    };
  },
  read(row, context) {
    const header = readHeader(row.first("t:header")?.attribute("data-pre-plain-text") ?? "");
    const tick = tickOf(row, context.pack);
    const direction = directionOf(row, tick !== undefined);
    const kind = kindOf(row, tick !== undefined, context.pack);
    const text = joined(row.all("t:text"));
    const sender = header?.sender || row.first("t:author")?.text;
    const time = header?.rawTime || timeIn(row.first("t:time")?.text);
    return {
      ...(direction === undefined ? {} : { direction }),
      ...(kind === undefined ? {} : { kind }),
      ...(text === undefined ? {} : { text }),
      ...(sender ? { sender } : {}),
      ...(time ? { time } : {}),
      ...(tick === undefined ? {} : { tick }),
      ...(row.first("t:edited") === undefined ? {} : { edited: "edited" as const }),
    };
  },
};

function directionOf(row: FoundItem, hasTick: boolean): Opinion["direction"] {
  const icons = namesOf(row);
  const isIn = row.first("t:in") !== undefined || icons.includes("tail-in");
  const isOut = row.first("t:out") !== undefined || icons.includes("tail-out") || hasTick;
  if (isIn === isOut) return undefined;
  return isOut ? "out" : "in";
}

function kindOf(row: FoundItem, hasTick: boolean, { kindIcons }: SelectorPack): Opinion["kind"] {
  const byIcon = namesOf(row).flatMap((name) => {
    const kind = Object.hasOwn(kindIcons, name) ? kindIcons[name] : undefined;
    return kind === undefined ? [] : [kind];
  });
  if (row.first("t:deleted") !== undefined || byIcon.includes("deleted")) return "deleted";
  const media = MEDIA_KINDS.find((kind) => row.first(`t:kind:${kind}`) !== undefined);
  if (media !== undefined) return media;
  const [icon] = byIcon;
  if (icon !== undefined) return icon;
  return row.first("t:system") !== undefined && !hasTick ? "system" : undefined;
}

function namesOf(row: FoundItem): readonly string[] {
  return row.all("t:icons").flatMap(({ icon }) => (icon === undefined ? [] : [icon]));
}

/** Several marks may lie on one message (a clock under a failed one): the worst news counts. */
function tickOf(row: FoundItem, pack: SelectorPack): Opinion["tick"] {
  const ticks = row.all("t:tick").flatMap((found) => {
    const tick = readTick(found, pack);
    return tick === undefined ? [] : [tick];
  });
  return (["failed", "pending", "sent", "delivered", "read"] as const).find((tick) =>
    ticks.includes(tick),
  );
}

export function readTick(found: Found, { tickIcons }: SelectorPack): Opinion["tick"] {
  const names = [found.icon, found.attribute("data-icon"), found.attribute("data-testid")];
  for (const name of names) {
    if (name === undefined || !Object.hasOwn(tickIcons, name)) continue;
    const tick = tickIcons[name];
    if (tick !== "delivered-or-read") return tick;
    return isBlue(found.paint) ? "read" : "delivered";
  }
  return undefined;
}

function joined(found: readonly Found[]): string | undefined {
  return found.length === 0 ? undefined : found.map((each) => each.text).join("\n");
}

function timeIn(text: string | undefined): string | undefined {
  return text?.replace(/\s+/gu, " ").trim().slice(0, 60);
}
