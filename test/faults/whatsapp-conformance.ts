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

export interface ConformanceCell {
  readonly engine: WhatsAppEngine;
  readonly era: Era;
  readonly language: Language;
}

export interface ConformanceSize {
  readonly messages: number;
  readonly chats: number;
  readonly reloads: number;
}

export interface ConformanceVerdict {
  /** Messages that the inbox does not hold, or with another text. */
  readonly missed: number;
  readonly doubled: number;
  /** Our own messages, written on the phone, that were taken for somebody's. */
  readonly wrongDirection: number;
  /** Chats whose messages the inbox holds in another order, or under more than one key. */
  readonly disordered: number;
  /** Milliseconds from the message's arrival to its commit, of those that came while the page was up. */
  readonly p50: number;
  readonly p95: number;
  /** Texts of the first messages that were missed. */
  readonly examples: readonly string[];
}

/** A message as somebody wrote it. */
interface Said {
  readonly id: string;
  readonly chat: string;
  readonly text: string;
  readonly atMs: number;
  /** Nothing disturbed the page when it came. */
  readonly isTimed: boolean;
}

/** As a busy office gets them; every fifth comes together with the next. */
const EVERY_MS = 1_200;
const SETTLE_MS = 90_000;
const READY_MS = 90_000;

/** Lets people write while the page is reloaded, and compares what they wrote with what the inbox holds. */
export async function runConformance(
  postgres: EphemeralPostgres,
  { engine, era, language }: ConformanceCell,
  size: ConformanceSize,
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
    const { said, own } = await talk(cell, chats, size);
    await untilTaken(cell, said.length);
    const taken = await cell.taken();
    await cell.stop();
    return judge(said, own, taken);
  } finally {
    await cell.close();
  }
}

function addChats({ standIn }: WhatsAppCell, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const digits = `506${String(88_000_000 + index * 7_919)}`;
    // Some are in the contacts, the others are known by their numbers.
    return standIn.addChat(
      `${digits}@c.us`,
      index % 3 === 0 ? { name: NAMES[index] ?? `Ana ${index}` } : {},
    );
  });
}

async function talk(cell: WhatsAppCell, chats: readonly string[], size: ConformanceSize) {
  const { standIn } = cell;
  const said: Said[] = [];
  const own = new Set<string>();
  const reloadEvery = Math.ceil(size.messages / (size.reloads + 1));
  for (let index = 0; index < size.messages; index++) {
    const isReload = index > 0 && index % reloadEvery === 0;
    if (isReload) standIn.reload();
    const chat = chats[pick(index, chats.length)] ?? "";
    said.push(say(cell, chat, index, !isReload));
    if (index % 7 === 3) own.add(standIn.sendFromPhone(chat, `propia ${index}`));
    if (index % 11 === 5) edit(cell, said);
    if (isReload) {
      // What arrives while the page is away counts as every other, but its time says nothing.
      said.push(
        say(cell, chats[pick(index + 1, chats.length)] ?? "", size.messages + index, false),
      );
      await untilUp(cell);
    } else if (index % 5 !== 4) await pause(EVERY_MS);
  }
  return { said, own };
}

function say({ standIn }: WhatsAppCell, chat: string, index: number, isTimed: boolean): Said {
  const text = `m${index} ${TEXTS[index % TEXTS.length]}`;
  const atMs = Date.now();
  const id =
    index % 9 === 4
      ? standIn.receive({ chat, text, media: { kind: "image" } })
      : standIn.receive({ chat, text });
  return { id, chat, text, atMs, isTimed };
}

/** Somebody corrects the message before the last: what was said first stays said. */
function edit({ standIn }: WhatsAppCell, said: readonly Said[]): void {
  const corrected = said.at(-2);
  if (corrected !== undefined) standIn.edit(corrected.id, `${corrected.text} (corregido)`);
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
    if (taken.filter(({ message }) => isSaying(message.content)).length >= count) break;
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
  const held = taken.filter(({ message }) => isSaying(message.content));
  const tokens = held.map(({ message }) => /\bm\d+\b/.exec(textOf(message.content))?.[0] ?? "");
  const at = new Map(tokens.map((token, index) => [token, index]));
  const tokenOf = ({ text }: Said) => text.split(" ")[0] ?? "";
  const heldText = (one: Said) => textOf(held[at.get(tokenOf(one)) ?? -1]?.message.content);
  const missed = said.filter((one) => !isSame(heldText(one), one.text));
  const times = said
    .filter(({ isTimed }) => isTimed)
    .flatMap((one) => {
      const found = held[at.get(tokenOf(one)) ?? -1];
      return found === undefined ? [] : [found.atMs - one.atMs];
    })
    .sort((one, other) => one - other);
  const ownTaken = held.filter(({ message }) => textOf(message.content).startsWith("propia"));
  const counted = tokens.filter((token) => token !== "");
  return {
    missed: missed.length,
    doubled: counted.length - new Set(counted).size,
    wrongDirection:
      ownTaken.length + held.filter(({ message }) => own.has(message.updateKey)).length,
    disordered: countDisordered(said, held, at, tokenOf),
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    examples: missed.slice(0, 3).map((one) => `${one.text} → ${heldText(one) || "nothing"}`),
  };
}

function countDisordered(
  said: readonly Said[],
  held: readonly Taken[],
  at: ReadonlyMap<string, number>,
  tokenOf: (one: Said) => string,
): number {
  const chats = new Set(said.map(({ chat }) => chat));
  const isSound = (chat: string) => {
    const places = said
      .filter((one) => one.chat === chat)
      .flatMap((one) => at.get(tokenOf(one)) ?? []);
    const keys = new Set(places.map((place) => held[place]?.message.chat.key));
    return keys.size <= 1 && places.every((place, index) => place >= (places[index - 1] ?? -1));
  };
  return [...chats].filter((chat) => !isSound(chat)).length;
}

function isSaying(content: IncomingContent): boolean {
  return content.kind === "text" || content.kind === "media";
}

function textOf(content: IncomingContent | undefined): string {
  if (content?.kind === "text") return content.text;
  return content?.kind === "media" ? (content.caption ?? "") : "";
}

/**
 * The page draws bold and the like instead of the marks that were typed, and those are not put back. A correction that
 * came before the message was read is what was said.
 */
function isSame(heldText: string, text: string): boolean {
  const drawn = text.replace(/([*_~])(\p{L}+)\1/gu, "$2");
  return [text, drawn].some((each) => heldText === each || heldText === `${each} (corregido)`);
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN,
  );
}

/** A few people write most, as everywhere; the same in every run. */
function pick(index: number, count: number): number {
  const spread = (index * 0.618_034) % 1;
  return Math.floor(spread * spread * count);
}

const NAMES = ["Ana Mora", "José Ñáñez", "حسن", "<b>Eva</b>", "Ana: la del 3", "María José"];

const TEXTS = [
  "¿Qué se publicó hoy?",
  "quiero saber de las becas\ny del plazo",
  "👩‍👩‍👧‍👦 gracias 🙏🏽",
  "مرحبا، أين الجريدة؟",
  '<script>alert(1)</script> & "comillas"',
  "*negrita* _cursiva_ ~tachado~",
  "https://www.example.org/a?b=1&c=2#d",
  `largo ${"palabra ".repeat(180).trim()}`,
  "[10:54, 12/9/2025] Ana: texto que parece un sello",
];
