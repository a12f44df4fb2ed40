import type { Language } from "../core/language.ts";
import { type IncomingContent, textReply } from "../core/message.ts";
import type { QuestionLimits } from "../core/plans.ts";
import type { TurnInput, TurnOutcome } from "../core/turn.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { LIMIT_TEXTS } from "./catalogue/limit-texts.ts";
import { type Said, stayQuiet } from "./turn-outcome.ts";
import type { MediaPorts } from "./understand-media.ts";

/** More messages than these in a minute from one person are not answered, beyond one notice. */
export const MAX_MESSAGES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/** One notice a minute, then silence until the person slows down. */
export function limitMessages(input: TurnInput, now: Date): TurnOutcome {
  const language = input.memory.language ?? input.message.sender.language ?? "es";
  const notice = catalogue(language).tooManyMessages;
  const wasTold = input.history.some(
    ({ speaker, text, saidAt }) =>
      speaker === "assistant" && text === notice && now.getTime() - saidAt.getTime() < MINUTE_MS,
  );
  if (wasTold) return stayQuiet(input, "too-many-messages");
  input.note("planned", {
    limited: "too-many-messages",
    messagesLastMinute: input.messagesLastMinute,
  });
  return {
    replies: [textReply(notice)],
    turns: [{ speaker: "assistant", text: notice, citations: [], saidAt: now }],
    memory: input.memory,
    effects: [],
  };
}

/** A voice note or picture that models would hear or see: it counts before it is known to be a question. */
export function isHeardAtCost(
  { transcriber, modelOf }: Pick<MediaPorts, "transcriber" | "modelOf">,
  content: IncomingContent,
): boolean {
  if (content.kind !== "media") return false;
  const isSound = content.media === "voice" || content.media === "audio";
  return isSound ? transcriber !== undefined : content.media === "photo" && modelOf !== undefined;
}

/**
 * Counts a question against the tenant's plan; what is said when no more are answered today: once a day, then nothing,
 * though what is asked is kept. Undefined: it is to be answered.
 */
export async function refuseQuestion(
  { questionLimits }: { readonly questionLimits?: QuestionLimits | undefined },
  input: TurnInput,
  language: Language,
): Promise<Said | undefined> {
  if (questionLimits === undefined) return undefined;
  const { tenantId, messageId, bot, conversationId, message } = input;
  const isGroup = message.chat.kind === "group";
  const admission = await questionLimits.admit({
    tenantId,
    messageId,
    who: {
      botId: bot.botId,
      channel: bot.channel,
      contactId: isGroup ? undefined : input.contactId,
      senderKey: message.sender.key,
      conversationId,
    },
  });
  if (admission.kind === "admitted") return undefined;
  const { by, limit, day } = admission;
  const isTold = input.memory.limitNoticeOn === day;
  input.note("planned", { limited: `questions-${by}`, limit, ...(isTold && { silence: "told" }) });
  const texts = LIMIT_TEXTS[language];
  return {
    replies: isTold ? [] : [textReply(by === "day" ? texts.ofAll : texts.ofPerson(limit))],
    isAnswered: false,
    memory: { limitNoticeOn: day },
  };
}
