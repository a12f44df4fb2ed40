import type { Clock } from "../core/clock.ts";
import { asId, type EditionId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import { type IncomingMessage, textReply } from "../core/message.ts";
import type { QuestionLimits } from "../core/plans.ts";
import type { PublishedNews } from "../core/published-news.ts";
import type { QuestionAnswerer } from "../core/question.ts";
import type { SecurityEvents } from "../core/security-events.ts";
import type { Conversation, ConversationMemory, TurnInput, TurnOutcome } from "../core/turn.ts";
import { answerCommand, type CommandPorts, welcome } from "./answer-command.ts";
import { MAX_QUESTION_LENGTH } from "./answer-question.ts";
import { asksForPerson } from "./asks-for-person.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { parseCommand } from "./commands.ts";
import { detectLanguage } from "./detect-language.ts";
import { formatAnswer } from "./format-reply.ts";
import {
  askForPerson,
  conductFor,
  isRight,
  isWithPerson,
  keepForPerson,
  noticeAfterAbstentions,
} from "./hand-over.ts";
import { type Heard, hear, isWordless, whyAnsweredBefore } from "./hear.ts";
import { speaksToModel } from "./injected-text.ts";
import { isHeardAtCost, limitMessages, MAX_MESSAGES_PER_MINUTE, refuseQuestion } from "./limits.ts";
import { recogniseSmallTalk } from "./small-talk.ts";
import { tellPublished } from "./subscriptions/published-lately.ts";
import { asksWhatWasPublished } from "./subscriptions/read-period.ts";
import { remember, type Said, stayQuiet } from "./turn-outcome.ts";
import { beginWith, createMediaReader, type MediaPorts } from "./understand-media.ts";

export interface ConversationPorts extends CommandPorts, MediaPorts {
  readonly answerer: QuestionAnswerer;
  /** Why there is no edition of a day. Absent: nobody is told. */
  readonly news?: Pick<PublishedNews, "whyNothing"> | undefined;
  /** Told of messages that speak to a language model. Absent: nobody is. */
  readonly securityEvents?: SecurityEvents | undefined;
  /** How many questions are answered in a day. Absent: all. */
  readonly questionLimits?: QuestionLimits | undefined;
  readonly clock: Clock;
}

const NEW_MEMORY: ConversationMemory = {
  language: undefined,
  languageIsChosen: false,
  disclaimerGiven: false,
  answeredMessageIds: [],
};

/**
 * One turn: silence where silence is due, then limits, commands, small talk, and else the question.
 * Rejects only with a `PregoneroError` that may be tried again (the passages or the store could not be read),
 * and with the signal's reason when aborted.
 */
export function createConversation(ports: ConversationPorts): Conversation {
  const readMedia = createMediaReader(ports);
  return {
    async takeTurn(input, signal) {
      const { content } = input.message;
      const now = ports.clock.now();
      if (content.kind === "membership") return answerMembership(ports, input, content.change, now);
      if (content.kind === "migration") {
        return stayQuiet(input, "chat-migrated", [
          { kind: "migrate-chat", newChatKey: content.newChatKey },
        ]);
      }
      if (!input.message.isAddressed) return stayQuiet(input, "not-addressed");
      const typed = hear(input, content);
      if (isWithPerson(input) && !isRight(typed.command)) return keepForPerson(input, typed, now);
      if (input.messagesLastMinute > MAX_MESSAGES_PER_MINUTE) {
        // Whatever they wrote before, a refusal holds.
        if (!asksToStop(input.message)) return limitMessages(input, now);
        return stayQuiet(input, "too-many-messages", [{ kind: "set-broadcasts", taken: false }]);
      }
      if (input.message.chat.kind === "group" && isWordless(content))
        return stayQuiet(input, "media-in-group");
      const wasAnswered = whyAnsweredBefore(input, content);
      if (wasAnswered !== undefined) return stayQuiet(input, wasAnswered);

      if (typed.command === undefined && isHeardAtCost(ports, content)) {
        const refused = await refuseQuestion(ports, input, languageOf(input, typed));
        if (refused !== undefined) return remember(input, typed.text, refused, typed.keys, now);
      }
      // A command in a caption is typed, and is carried out as it stands.
      const understood =
        typed.command === undefined ? await readMedia(input, content, signal) : undefined;
      // Never a command: what was only understood, and may be misunderstood, erases nothing.
      const heard =
        understood?.kind === "words"
          ? { ...typed, text: understood.text, understood }
          : { ...typed, understood };
      const language = languageOf(input, heard);
      const answered = await answer(ports, input, heard, language, signal);
      const said = beginWith(answered, understood, catalogue(language));
      const remembers = {
        language: input.memory.languageIsChosen ? input.memory.language : language,
        // Each step of subscribing says what comes next; whatever else is said ends it.
        ...(input.memory.subscribing === undefined ? {} : { subscribing: undefined }),
      };
      if (said.effects?.some(({ kind }) => kind === "erase-contact")) {
        return {
          replies: said.replies,
          turns: [],
          memory: NEW_MEMORY,
          effects: said.effects,
        };
      }
      return remember(
        input,
        heard.text,
        { ...said, memory: { ...remembers, ...said.memory } },
        heard.keys,
        now,
      );
    },
  };
}

async function answer(
  ports: ConversationPorts,
  input: TurnInput,
  heard: Heard,
  language: Language,
  signal: AbortSignal,
): Promise<Said> {
  const texts = catalogue(language);
  const { content } = input.message;
  if (heard.command?.kind === "ask-about-act") {
    const act = await findActTitle(ports, input, heard.command.editionId, heard.command.position);
    if (act === undefined) return { replies: [textReply(texts.help)] };
    const asked = texts.askAboutAct(act);
    return { ...(await answerQuestion(ports, input, asked, language, signal)), asked };
  }
  if (heard.command !== undefined)
    return answerCommand(ports, input, heard.command, language, signal);
  if (content.kind === "button") return { replies: [textReply(texts.help)] };
  if (heard.understood?.kind === "nothing")
    return { replies: [textReply(heard.understood.tell(texts))] };
  if (!/[\p{L}\p{N}]/u.test(heard.text)) {
    return { replies: [textReply(texts.emptyPrompt)], isAnswered: false };
  }
  const conduct = await conductFor(ports, input);
  if (asksForPerson(heard.text, conduct.handOver.words)) {
    return askForPerson(input, conduct, "words", language, ports.clock.now());
  }
  switch (recogniseSmallTalk(heard.text)) {
    case "greeting":
      return { replies: [textReply(conduct.greeting === "" ? texts.greeting : conduct.greeting)] };
    case "thanks":
      return { replies: [textReply(texts.youAreWelcome)] };
    default: {
      const { subscriptions } = ports;
      const period = asksWhatWasPublished(heard.text);
      if (period === undefined || subscriptions === undefined) {
        return answerQuestion(ports, input, heard.text, language, signal);
      }
      return tellPublished({ ...ports, subscriptions }, input, period, language);
    }
  }
}

async function answerQuestion(
  ports: ConversationPorts,
  input: TurnInput,
  text: string,
  language: Language,
  signal: AbortSignal,
): Promise<Said> {
  const refused = await refuseQuestion(ports, input, language);
  if (refused !== undefined) return refused;
  if (speaksToModel(text)) {
    ports.securityEvents?.note({
      kind: "injection-seen",
      tenantId: input.tenantId,
      source: `conversation:${input.conversationId}`,
      subject: `bot:${input.bot.botId}`,
    });
  }
  const {
    answer: found,
    notices: told = [],
    summary,
  } = await ports.answerer.answer(
    {
      tenantId: input.tenantId,
      botId: input.bot.botId,
      messageId: input.messageId,
      contactId: input.contactId,
      text,
      language,
      sources: [],
      date: undefined,
      history: input.history,
      summary: input.memory.summary,
      preferences: input.memory.preferences,
      isBusy: input.isBusy ?? false,
      note: input.note,
    },
    signal,
  );
  input.note(
    "planned",
    found.abstained
      ? { abstained: true }
      : { cited: [...new Set(found.citations.map(({ passageId }) => passageId))] },
  );
  const texts = catalogue(language);
  const notices: string[] = [...told];
  if (text.length > MAX_QUESTION_LENGTH) notices.push(texts.questionWasCut(MAX_QUESTION_LENGTH));
  const givesDisclaimer = !found.abstained && !input.memory.disclaimerGiven;
  if (givesDisclaimer) notices.push(texts.disclaimer);
  if (givesDisclaimer && found.disclaimer !== undefined) notices.push(found.disclaimer);
  const abstentionsInARow = found.abstained ? (input.memory.abstentionsInARow ?? 0) + 1 : 0;
  const comes = noticeAfterAbstentions(
    input,
    await conductFor(ports, input),
    abstentionsInARow,
    language,
    ports.clock.now(),
  );
  if (comes !== undefined) notices.push(comes);
  return {
    replies: [formatAnswer(found, notices)],
    citations: found.citations,
    isAnswered: !found.abstained,
    ...(comes === undefined ? {} : { effects: [{ kind: "ask-for-person", why: "abstentions" }] }),
    memory: {
      ...(abstentionsInARow === (input.memory.abstentionsInARow ?? 0) ? {} : { abstentionsInARow }),
      ...(givesDisclaimer ? { disclaimerGiven: true } : {}),
      ...(summary === undefined ? {} : { summary }),
    },
  };
}

function asksToStop({ chat, content }: IncomingMessage): boolean {
  if (chat.kind !== "private") return false;
  const command = content.kind === "text" ? parseCommand(content.text.trim()) : undefined;
  return command?.kind === "command" && command.name === "unsubscribe";
}

/** Chosen by `/idioma`; else read from the text, with what was spoken before as the prior. */
function languageOf(input: TurnInput, heard: Heard): Language {
  const { memory, message } = input;
  if (memory.languageIsChosen && memory.language !== undefined) return memory.language;
  const before = memory.language ?? message.sender.language;
  if (heard.command === undefined) {
    return message.content.kind === "button"
      ? (before ?? "es")
      : detectLanguage(heard.text, before);
  }
  return before ?? (heard.command.kind === "command" ? heard.command.spokenIn : undefined) ?? "es";
}

async function answerMembership(
  ports: ConversationPorts,
  input: TurnInput,
  change: "blocked" | "unblocked" | "joined" | "left",
  now: Date,
): Promise<TurnOutcome> {
  const reachable = change === "unblocked" || change === "joined";
  const effects = [{ kind: "set-reachable", reachable }] as const;
  if (change !== "joined") return stayQuiet(input, change, effects);
  const language = input.memory.language ?? input.message.sender.language ?? "es";
  const reply = await welcome(ports, input, language);
  const outcome = remember(input, "", { replies: [reply], effects }, [], now);
  return { ...outcome, turns: outcome.turns.filter(({ speaker }) => speaker === "assistant") };
}

async function findActTitle(
  ports: ConversationPorts,
  input: TurnInput,
  editionId: string,
  position: number,
): Promise<string | undefined> {
  const edition = await ports.gazetteStore.getEdition(input.tenantId, asId<EditionId>(editionId));
  if (edition === undefined) return undefined;
  const act = (await ports.gazetteStore.listActs(input.tenantId, edition.editionId))[position];
  return act === undefined ? undefined : act.title.trim() || act.issuingBody.trim() || undefined;
}
