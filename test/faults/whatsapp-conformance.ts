import { setTimeout as pause } from "node:timers/promises";
import type { IncomingContent } from "../../src/core/message.ts";
import type { EphemeralPostgres } from "../services/harness/postgres.ts";
import type { Era, Language } from "../stand-ins/whatsapp-web/model.ts";
import {
  openWhatsAppCell,
  type Taken,
  type WhatsAppCell,
  type WhatsAppEngine,
} from "./whatsapp-cell.ts";
import { addChats, type Said, type TalkSize, talk } from "./whatsapp-talk.ts";

export interface ConformanceCell {
  readonly engine: WhatsAppEngine;
  readonly era: Era;
  readonly language: Language;
}

export interface ConformanceVerdict {
  /** Messages that the inbox does not hold, or with another text. */
  readonly missed: number;
  readonly doubled: number;
  /** Our own messages, written on the phone, that were taken for somebody's. */
  readonly wrongDirection: number;
  /** Messages in groups whose writer, or whether they mean us, was misread. */
  readonly misattributed: number;
  /** Chats whose messages the inbox holds in another order, or under more than one key. */
  readonly disordered: number;
  /** Milliseconds from the message's arrival to its commit, of those that came while the page was up. */
  readonly p50: number;
  readonly p95: number;
  /** The first messages that were missed, and misread. */
  readonly examples: readonly string[];
}

const SETTLE_MS = 90_000;
const READY_MS = 90_000;

/** Lets people write while the page is reloaded, and compares what they wrote with what the inbox holds. */
export async function runConformance(
  postgres: EphemeralPostgres,
  { engine, era, language }: ConformanceCell,
  size: TalkSize,
  chromiumPath: string,
): Promise<ConformanceVerdict> {
  const cell = await openWhatsAppCell(postgres, {
    engine,
    chromiumPath,
    answers: false,
    // As each era was seen: C names the direction in its ids.
    standIn: { settings: { era, language, ids: era === "C" ? "prefixed" : "bare" } },
  });
  try {
    const chats = addChats(cell, size.chats);
    cell.start();
    const { engine: runs } = await cell.untilReport(({ state }) => state === "ready", READY_MS);
    if (runs !== engine) throw new Error(`the session runs the engine ${runs}`);
    const { said, own } = await talk(cell, chats, size, () => untilUp(cell));
    await untilTaken(cell, said.length);
    const taken = await cell.taken();
    await cell.stop();
    return judge(said, own, taken);
  } finally {
    await cell.close();
  }
}

/** The page is connected again, and the session has seen it. */
async function untilUp(cell: WhatsAppCell): Promise<void> {
  const from = new Date().toISOString();
  await cell.untilReport(({ state, checkedAt }) => state === "ready" && checkedAt > from, READY_MS);
}

async function untilTaken(cell: WhatsAppCell, count: number): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (performance.now() < deadline) {
    const taken = await cell.taken();
    if (taken.filter(isSaying).length >= count) break;
    await pause(250);
  }
  // What is doubled comes after the last one that was waited for.
  await pause(2_000);
}

function judge(
  said: readonly Said[],
  own: ReadonlySet<string>,
  taken: readonly Taken[],
): ConformanceVerdict {
  const held = taken.filter(isSaying);
  const names = held.map(nameHeld);
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const heldOf = (one: Said) => held[placeOf.get(nameSaid(one)) ?? -1];
  const missed = said.filter((one) => !isSame(textOf(heldOf(one)?.message.content), one));
  const misattributed = findMisattributed(said, heldOf);
  const times = said
    .filter(({ isTimed }) => isTimed)
    .flatMap((one) => {
      const found = heldOf(one);
      return found === undefined ? [] : [found.atMs - one.atMs];
    })
    .sort((one, other) => one - other);
  const ofOurs = held.filter(
    ({ message }) =>
      own.has(message.updateKey) || textOf(message.content)?.startsWith("propia") === true,
  );
  return {
    missed: missed.length,
    doubled: names.length - new Set(names).size,
    wrongDirection: ofOurs.length,
    misattributed: misattributed.length,
    disordered: countDisordered(said, held, (one) => placeOf.get(nameSaid(one))),
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    examples: [
      ...missed
        .slice(0, 3)
        .map((one) => `${nameSaid(one)} ${one.text} → ${textOf(heldOf(one)?.message.content)}`),
      ...misattributed.slice(0, 3).map((one) => {
        const { sender, isAddressed } = heldOf(one)?.message ?? {};
        return `${nameSaid(one)} ${JSON.stringify(one.group)} → ${JSON.stringify({ sender, isAddressed })}`;
      }),
    ],
  };
}

/** What a message is told by: the word that it begins with, so that ids prove nothing; a recording has only its id. */
function nameSaid({ id, text }: Said): string {
  return text.split(" ")[0] || id;
}

function nameHeld({ message }: Taken): string {
  return /\bm\d+\b/.exec(textOf(message.content) ?? "")?.[0] ?? message.updateKey;
}

/** In a group: one key for each writer, never the same for two, and meant or not as it was written. */
function findMisattributed(
  said: readonly Said[],
  heldOf: (one: Said) => Taken | undefined,
): readonly Said[] {
  const keys = new Map<string, string>();
  const writers = new Map<string, string>();
  return said.filter((one) => {
    const message = heldOf(one)?.message;
    if (one.group === undefined || message === undefined) return false;
    const writer = `${one.chat} ${one.group.writer}`;
    const key = `${one.chat} ${message.sender.key}`;
    const isSameKey = (keys.get(writer) ?? key) === key && (writers.get(key) ?? writer) === writer;
    keys.set(writer, keys.get(writer) ?? key);
    writers.set(key, writers.get(key) ?? writer);
    return !isSameKey || message.isAddressed !== one.group.isToUs;
  });
}

function countDisordered(
  said: readonly Said[],
  held: readonly Taken[],
  placeOf: (one: Said) => number | undefined,
): number {
  const chats = new Set(said.map(({ chat }) => chat));
  const isSound = (chat: string) => {
    const ofChat = said.filter((one) => one.chat === chat);
    const keys = new Set(ofChat.map((one) => held[placeOf(one) ?? -1]?.message.chat.key));
    keys.delete(undefined);
    const places = ofChat.flatMap((one) => (one.isLate ? [] : (placeOf(one) ?? [])));
    return keys.size <= 1 && places.every((place, index) => place >= (places[index - 1] ?? -1));
  };
  return [...chats].filter((chat) => !isSound(chat)).length;
}

function isSaying({ message }: Taken): boolean {
  return message.content.kind === "text" || message.content.kind === "media";
}

/** Undefined: nothing of that kind is held; a recording has no words. */
function textOf(content: IncomingContent | undefined): string | undefined {
  if (content?.kind === "text") return content.text;
  return content?.kind === "media" ? (content.caption ?? "") : undefined;
}

/**
 * The page draws bold and the like instead of the marks that were typed, and those are not put back. A correction that
 * came before the message was read is what was said.
 */
function isSame(heldText: string | undefined, { text }: Said): boolean {
  const drawn = text.replace(/([*_~])(\p{L}+)\1/gu, "$2");
  return [text, drawn].some((each) => heldText === each || heldText === `${each} (corregido)`);
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN,
  );
}
