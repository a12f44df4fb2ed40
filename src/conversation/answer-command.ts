import type { Retriever } from "../core/answer.ts";
import type { CitizenData } from "../core/citizen-data.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { ConductOf } from "../core/hand-over.ts";
import { LANGUAGES, type Language } from "../core/language.ts";
import type { Logger } from "../core/logger.ts";
import { type Button, type Reply, textReply } from "../core/message.ts";
import type { TurnInput } from "../core/turn.ts";
import { type Catalogue, catalogue } from "./catalogue/catalogue.ts";
import { longDate } from "./cite.ts";
import {
  buttonData,
  type Command,
  type CommandName,
  type PreferenceChange,
  parseLanguage,
} from "./commands.ts";
import { detectLanguage } from "./detect-language.ts";
import { shorten } from "./format-reply.ts";
import { askForPerson, conductFor, needNoPerson } from "./hand-over.ts";
import { listPassages } from "./list-passages.ts";
import type { GazetteReads, SelectQuote } from "./ports.ts";
import { changePreferences, parsePreference, showPreferences } from "./preferences.ts";
import {
  follow,
  goOnSubscribing,
  type SubscribingPorts,
  showMine,
} from "./subscriptions/subscribe.ts";
import { describeToday, firstActs } from "./today.ts";
import type { Said } from "./turn-outcome.ts";
import { withinKnowledge } from "./within-knowledge.ts";

export interface CommandPorts extends SubscribingPorts {
  readonly retriever: Retriever;
  readonly gazetteStore: GazetteReads;
  readonly citizenData: CitizenData;
  readonly selectQuote: SelectQuote;
  /** Without a trailing slash. */
  readonly publicUrl?: string | undefined;
  /** How the bot meets people. Absent: as ours does. */
  readonly conductOf?: ConductOf | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Example buttons under the welcome, besides the fixed ones. */
const EXAMPLES = 2;
/** A label longer than this is cut by telephones. */
const LABEL_LENGTH = 40;

/** Everything but `ask-about-act`, which is a question. */
export type PlainCommand = Exclude<Command, { kind: "ask-about-act" }>;

export async function answerCommand(
  ports: CommandPorts,
  input: TurnInput,
  command: PlainCommand,
  language: Language,
  signal: AbortSignal,
): Promise<Said> {
  const texts = catalogue(language);
  switch (command.kind) {
    case "unknown-command":
      return say(texts.unknownCommand(command.typed));
    case "choose-language":
      return chooseLanguage(command.language);
    case "change-preference":
      return changePreference(ports, input, command.change, language);
    case "answer-erase":
      return answerErase(input, command.confirmed, texts);
    case "subscribing":
      return goOnSubscribing(ports, input, command.act, language);
    case "command":
      return answerNamed(ports, input, command, language, signal);
    default:
      return command satisfies never;
  }
}

async function answerNamed(
  ports: CommandPorts,
  input: TurnInput,
  command: { readonly name: CommandName; readonly rest: string },
  language: Language,
  signal: AbortSignal,
): Promise<Said> {
  const texts = catalogue(language);
  const isPrivate = input.message.chat.kind === "private";
  switch (command.name) {
    case "start":
      return { replies: [await welcome(ports, input, language)] };
    case "help":
      return say(texts.help);
    case "today":
      return { replies: [await describeToday(ports, input.tenantId, language)] };
    case "search": {
      const { knowledgeSets } = await conductFor(ports, input);
      return listPassages(
        { ...ports, retriever: withinKnowledge(ports.retriever, knowledgeSets) },
        input,
        { words: command.rest, language: detectLanguage(command.rest, language) },
        signal,
      );
    }
    case "sources":
      return { replies: [await listSources(ports, input, language)] };
    case "language": {
      const chosen = parseLanguage(command.rest);
      return chosen === undefined ? askLanguage(texts) : chooseLanguage(chosen);
    }
    case "preferences":
      return answerPreferences(ports, input, command.rest, language);
    case "erase":
      return isPrivate ? askErase(texts) : say(texts.onlyInPrivate);
    case "export":
      return isPrivate ? exportData(ports, input, texts) : say(texts.onlyInPrivate);
    case "unsubscribe":
    case "subscribe":
      // "/subscribe pensions" names something to be told of; the word alone is consent.
      if (command.name === "subscribe" && command.rest !== "") {
        return follow(ports, input, command.rest, language);
      }
      return isPrivate
        ? setBroadcasts(input, command.name === "subscribe", texts)
        : say(texts.onlyInPrivate);
    case "follow":
      return follow(ports, input, command.rest, language);
    case "subscriptions":
      return showMine(ports, input, command.rest, language);
    case "person": {
      const conduct = await conductFor(ports, input);
      return askForPerson(input, conduct, "command", language, ports.clock.now());
    }
    case "bot":
      return needNoPerson(input, texts);
    default:
      return command.name satisfies never;
  }
}

/** Whether a text confirms the erasure that was asked about just before. */
export function confirmsErase(input: TurnInput, text: string): boolean {
  const last = input.history.findLast(({ speaker }) => speaker === "assistant")?.text;
  return LANGUAGES.some((language) => {
    const { erase } = catalogue(language);
    return (
      last === erase.ask &&
      text.trim().toLocaleUpperCase(catalogue(language).locale) === erase.phrase
    );
  });
}

/** Three lines and buttons that work when tapped: the newest edition, the gazettes, two of its acts. */
export async function welcome(
  ports: CommandPorts,
  input: TurnInput,
  language: Language,
): Promise<Reply> {
  const texts = catalogue(language);
  const buttons: Button[] = [
    { label: texts.todayButton, data: buttonData.command("today") },
    { label: texts.sourcesButton, data: buttonData.command("sources") },
  ];
  const acts = await firstActs(ports.gazetteStore, input.tenantId);
  for (const act of acts.slice(0, EXAMPLES)) {
    buttons.push({
      label: texts.askAboutAct(shorten(act.title, LABEL_LENGTH)),
      data: buttonData.act(act.editionId, act.position),
    });
  }
  const { greeting } = await conductFor(ports, input);
  const reply = textReply(greeting === "" ? texts.welcome : `${greeting}\n${texts.welcome}`);
  return reply.kind === "text" ? { ...reply, buttons } : reply;
}

async function listSources(
  ports: CommandPorts,
  input: TurnInput,
  language: Language,
): Promise<Reply> {
  const texts = catalogue(language).sources;
  const sources = await ports.gazetteStore.listSources(input.tenantId);
  if (sources.length === 0) return textReply(texts.none);
  const entries = sources.map(({ name, editionCount, lastPublishedOn }) => {
    const lastDate =
      lastPublishedOn === undefined ? undefined : longDate(lastPublishedOn, language);
    return `• ${texts.entry(name, editionCount, lastDate)}`;
  });
  return textReply([texts.heading, ...entries].join("\n"));
}

function askLanguage(texts: Catalogue): Said {
  const buttons = LANGUAGES.map((language) => ({
    label: catalogue(language).languageName,
    data: buttonData.language(language),
  }));
  return { replies: [{ kind: "text", paragraphs: [[{ text: texts.language.ask }]], buttons }] };
}

function chooseLanguage(language: Language): Said {
  return {
    ...say(catalogue(language).language.changed),
    memory: { language, languageIsChosen: true },
  };
}

async function answerPreferences(
  ports: CommandPorts,
  input: TurnInput,
  typed: string,
  language: Language,
): Promise<Said> {
  const known = await ports.gazetteStore.listSources(input.tenantId);
  const change = parsePreference(typed, known, language);
  if (change !== undefined) return changePreference(ports, input, change, language);
  return { replies: [showPreferences(input.memory.preferences, known, language)] };
}

/** Shows what is chosen from now on; a gazette that is not read any more changes nothing. */
async function changePreference(
  ports: CommandPorts,
  input: TurnInput,
  change: PreferenceChange,
  language: Language,
): Promise<Said> {
  const known = await ports.gazetteStore.listSources(input.tenantId);
  const preferences = changePreferences(input.memory.preferences, change, known);
  return {
    replies: [showPreferences(preferences ?? input.memory.preferences, known, language)],
    ...(preferences === undefined ? {} : { memory: { preferences } }),
  };
}

/** Structural: the store sends no broadcast to who asked for none, whoever makes it. */
function setBroadcasts(input: TurnInput, taken: boolean, texts: Catalogue): Said {
  input.note("planned", { broadcasts: taken ? "accepted" : "refused" });
  return {
    ...say(taken ? texts.broadcasts.accepted : texts.broadcasts.refused),
    effects: [{ kind: "set-broadcasts", taken }],
  };
}

function askErase(texts: Catalogue): Said {
  const buttons = [
    { label: texts.erase.yesButton, data: buttonData.erase(true) },
    { label: texts.erase.noButton, data: buttonData.erase(false) },
  ];
  return { replies: [{ kind: "text", paragraphs: [[{ text: texts.erase.ask }]], buttons }] };
}

function answerErase(input: TurnInput, confirmed: boolean, texts: Catalogue): Said {
  if (input.message.chat.kind !== "private") return say(texts.onlyInPrivate);
  if (!confirmed) return say(texts.erase.kept);
  return { ...say(texts.erase.done), effects: [{ kind: "erase-contact" }] };
}

async function exportData(ports: CommandPorts, input: TurnInput, texts: Catalogue): Promise<Said> {
  const data = await ports.citizenData.export(input.tenantId, input.conversationId);
  if (data === undefined) {
    throw new PregoneroError("export-empty", "CitizenData.export resolved to undefined.");
  }
  return {
    replies: [
      {
        kind: "document",
        fileName: texts.exportData.fileName,
        mimeType: "application/json",
        contentBase64: Buffer.from(JSON.stringify(data, undefined, 2)).toString("base64"),
        caption: texts.exportData.caption,
      },
    ],
  };
}

function say(text: string): Said {
  return { replies: [textReply(text)] };
}
