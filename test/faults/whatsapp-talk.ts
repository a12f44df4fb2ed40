import { setTimeout as pause } from "node:timers/promises";
import type { WhatsAppCell } from "./whatsapp-cell.ts";

/** A message as somebody wrote it. */
export interface Said {
  readonly id: string;
  readonly chat: string;
  /** Empty for a recording. */
  readonly text: string;
  readonly atMs: number;
  /** Nothing disturbed the page when it came. */
  readonly isTimed: boolean;
  /** It came with an older time than what was there: the page draws it before that, and its place proves nothing. */
  readonly isLate: boolean;
  /** In a group: who wrote, and whether we were meant. */
  readonly group?: { readonly writer: string; readonly isToUs: boolean };
}

export interface TalkSize {
  readonly messages: number;
  readonly chats: number;
  readonly reloads: number;
}

/** As a busy office gets them; every fifth comes together with the next. */
const EVERY_MS = 1_000;
const GROUP_EVERY = 10;
const WRITERS = ["Ana Mora", "Beto Solís", "Carla Ñ."];
/** What is deleted or reacted to was said so many messages before. */
const LONG_AGO = 20;

/** Chats of people, some of them in the contacts, and every tenth a group of three. */
export function addChats({ standIn }: WhatsAppCell, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const digits = `506${String(88_000_000 + index * 7_919)}`;
    if (index % GROUP_EVERY === 3) {
      const people = WRITERS.map((name, at) => standIn.toPerson(`5067${digits}${at}@c.us`, name));
      const group = { name: `Vecinos ${index}`, participants: people };
      return standIn.addChat(`12036300${digits}@g.us`, group);
    }
    return standIn.addChat(
      `${digits}@c.us`,
      index % 3 === 0 ? { name: NAMES[index] ?? `Ana ${index}` } : {},
    );
  });
}

/**
 * Lets people write for as long as it takes, with what happens in a day of WhatsApp: corrections, deletions, reactions,
 * quotations, recordings, pictures, messages that come late, reloads, and ids that take another form on the way.
 * Resolves with what they said, and the ids of what we wrote on the phone.
 */
export async function talk(
  cell: WhatsAppCell,
  chats: readonly string[],
  size: TalkSize,
  untilUp: () => Promise<void>,
): Promise<{ readonly said: readonly Said[]; readonly own: ReadonlySet<string> }> {
  const { standIn } = cell;
  const said: Said[] = [];
  const own = new Map<string, string>();
  const reloadEvery = Math.ceil(size.messages / (size.reloads + 1));
  for (let index = 0; index < size.messages; index++) {
    const isReload = index > 0 && index % reloadEvery === 0;
    if (isReload) standIn.reload();
    const chat = chats[pick(index, chats.length)] ?? "";
    said.push(say(cell, chat, index, !isReload, own));
    if (index % 7 === 3) own.set(chat, standIn.sendFromPhone(chat, `propia ${index}`));
    await disturb(cell, said, index);
    if (index === Math.floor(size.messages / 2)) standIn.change({ usesLids: true });
    if (index === Math.floor((size.messages * 3) / 4)) standIn.change({ ids: "prefixed" });
    if (isReload) {
      // What arrives while the page is away counts as every other, but its time says nothing.
      const next = chats[pick(index + 1, chats.length)] ?? "";
      said.push(say(cell, next, size.messages + index, false, own));
      await untilUp();
    } else if (index % 5 !== 4) await pause(EVERY_MS);
  }
  const ownIds = chats.flatMap((chat) =>
    standIn.messages(chat).flatMap(({ id, isOwn }) => (isOwn ? [id] : [])),
  );
  return { said, own: new Set(ownIds) };
}

/** What happens to messages that were said before: they stay said. What is gone before it was read nobody can read. */
async function disturb(cell: WhatsAppCell, said: readonly Said[], index: number): Promise<void> {
  const { standIn } = cell;
  const corrected = said.at(-2);
  if (index % 11 === 5 && corrected !== undefined && corrected.text !== "") {
    standIn.edit(corrected.id, `${corrected.text} (corregido)`);
  }
  const old = said.at(-LONG_AGO);
  if (old === undefined) return;
  if (index % 23 === 2 && (await cell.holds(old.id))) standIn.delete(old.id);
  else if (index % 19 === 4) standIn.react(old.id, "👍");
}

function say(
  { standIn }: WhatsAppCell,
  chat: string,
  index: number,
  isTimed: boolean,
  own: ReadonlyMap<string, string>,
): Said {
  const atMs = Date.now();
  const isVoice = index % 17 === 8;
  const isLate = index % 29 === 11;
  const text = isVoice ? "" : `m${index} ${TEXTS[index % TEXTS.length]}`;
  const isGroup = chat.endsWith("@g.us");
  const writer = WRITERS[index % WRITERS.length] ?? "";
  const isMention = isGroup && !isVoice && index % 3 !== 1;
  const ownId = own.get(chat);
  const before =
    index % 13 === 6 ? standIn.messages(chat).findLast(({ isOwn }) => !isOwn)?.id : undefined;
  const quote = isGroup && index % 2 === 0 ? ownId : before;
  const id = standIn.receive({
    chat,
    text,
    ...(isVoice && { media: { kind: "voice" as const } }),
    ...(!isVoice && index % 9 === 4 && { media: { kind: "image" as const } }),
    ...(isLate && { atMs: atMs - 4_000 }),
    ...(isGroup && { from: writer }),
    ...(isMention && { mention: ["me"] }),
    ...(quote !== undefined && { quote }),
  });
  const isToUs = isMention || (quote !== undefined && quote === ownId);
  return { id, chat, text, atMs, isTimed, isLate, ...(isGroup && { group: { writer, isToUs } }) };
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
