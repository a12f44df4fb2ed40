import {
  type AskedWhy,
  type Conduct,
  type ConductOf,
  DEFAULT_CONDUCT,
  type DeskNotice,
} from "../core/hand-over.ts";
import type { Language } from "../core/language.ts";
import { type IncomingContent, type Reply, textReply } from "../core/message.ts";
import type { TurnInput, TurnOutcome } from "../core/turn.ts";
import { type Catalogue, catalogue } from "./catalogue/catalogue.ts";
import { longDate } from "./cite.ts";
import { buttonData, type Command } from "./commands.ts";
import type { Said } from "./turn-outcome.ts";
import { isOpen, nextOpening } from "./working-hours.ts";

/** How this bot meets people; `conductOf` absent: as ours does. */
export async function conductFor(
  { conductOf }: { readonly conductOf?: ConductOf | undefined },
  { tenantId, bot, contactId }: Pick<TurnInput, "tenantId" | "bot" | "contactId">,
): Promise<Conduct> {
  return (await conductOf?.(tenantId, bot.botId, contactId)) ?? DEFAULT_CONDUCT;
}

/** A person has the conversation, or has dealt with this message already. */
export function isWithPerson({ hold }: Pick<TurnInput, "hold">): boolean {
  return hold?.isHeld === true || hold?.isAnsweredByPerson === true;
}

/** What is a citizen's right is carried out whoever has the conversation. */
const RIGHTS: ReadonlySet<string> = new Set(["erase", "export", "unsubscribe", "subscribe"]);

export function isRight(command: Command | undefined): boolean {
  if (command?.kind === "answer-erase") return true;
  return command?.kind === "command" && RIGHTS.has(command.name);
}

/** Kept for the person to read; the bot says nothing. */
export function keepForPerson(
  input: TurnInput,
  heard: { readonly text: string; readonly keys: readonly string[] },
  now: Date,
): TurnOutcome {
  input.note("planned", { silence: "with-person" });
  const text = heard.text === "" ? nameOf(input.message.content) : heard.text;
  const answeredMessageIds = [...input.memory.answeredMessageIds, ...heard.keys].slice(-50);
  return {
    replies: [],
    turns: [
      { speaker: "citizen", text: text.slice(0, 4_000).toWellFormed(), citations: [], saidAt: now },
    ],
    memory: { ...input.memory, answeredMessageIds },
    effects: [],
  };
}

function nameOf(content: IncomingContent): string {
  return content.kind === "media" ? `[${content.media}]` : `[${content.kind}]`;
}

/** A person is asked for, and the citizen told when to expect one. */
export function askForPerson(
  input: TurnInput,
  conduct: Conduct,
  why: AskedWhy,
  language: Language,
  now: Date,
): Said {
  const texts = catalogue(language);
  if (input.message.chat.kind !== "private") return { replies: [textReply(texts.onlyInPrivate)] };
  if (conduct.handOver.isOff) return { replies: [textReply(texts.person.none)] };
  const when = queueNotice(conduct, texts, language, now);
  const said = input.hold?.isWaiting === true ? texts.person.alreadyAsked : texts.person.asked;
  input.note("planned", { person: "asked", why });
  return {
    replies: [withButton(when === undefined ? said : `${said} ${when}`, texts)],
    effects: [{ kind: "ask-for-person", why }],
  };
}

/** Below the last of several answers that found nothing; undefined: not yet, or nobody is to be asked for. */
export function noticeAfterAbstentions(
  input: TurnInput,
  conduct: Conduct,
  abstentions: number,
  language: Language,
  now: Date,
): string | undefined {
  const { isOff, afterAbstentions } = conduct.handOver;
  if (isOff || afterAbstentions === 0 || abstentions < afterAbstentions) return undefined;
  if (input.message.chat.kind !== "private" || input.hold?.isWaiting === true) return undefined;
  const texts = catalogue(language);
  const when = queueNotice(conduct, texts, language, now);
  input.note("planned", { person: "asked", why: "abstentions", abstentions });
  return when === undefined ? texts.person.askedByItself : `${texts.person.askedByItself} ${when}`;
}

export function needNoPerson(input: TurnInput, texts: Catalogue): Said {
  if (input.hold?.isWaiting !== true) return { replies: [textReply(texts.help)] };
  return {
    replies: [textReply(texts.person.notNeeded)],
    effects: [{ kind: "need-no-person" }],
  };
}

/** What a citizen is told when a person comes, and when the bot is back. */
export function deskNotice(notice: DeskNotice, language: Language): Reply {
  const { person } = catalogue(language);
  switch (notice) {
    case "taken-over":
      return textReply(person.takenOver);
    case "given-back":
      return textReply(person.givenBack);
    case "expired":
      return textReply(person.expired);
    default:
      return notice satisfies never;
  }
}

/** When people are there next, while they are not. */
function queueNotice(
  { workingHours }: Conduct,
  texts: Catalogue,
  language: Language,
  now: Date,
): string | undefined {
  if (workingHours === null || isOpen(workingHours, now)) return undefined;
  const opening = nextOpening(workingHours, now);
  if (opening === undefined) return texts.person.closed(undefined);
  const day = opening.inDays === 0 ? texts.person.today : longDate(opening.date, language);
  return texts.person.closed(texts.person.dayAndTime(day, opening.time));
}

function withButton(text: string, texts: Catalogue): Reply {
  return {
    kind: "text",
    paragraphs: [[{ text }]],
    buttons: [{ label: texts.person.notNeededButton, data: buttonData.command("bot") }],
  };
}
