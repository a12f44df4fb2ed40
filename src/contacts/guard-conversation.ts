import type { Language } from "../core/language.ts";
import { type IncomingMessage, type Reply, textReply } from "../core/message.ts";
import type { Admissions, Standing } from "../core/strangers.ts";
import type { Conversation, TurnInput, TurnOutcome } from "../core/turn.ts";

/** What somebody is told who is not answered, in one sentence. */
const NOT_ANSWERED: Readonly<Record<Language, string>> = {
  es: "Este asistente atiende solo a personas autorizadas por la institución.",
  pt: "Este assistente atende apenas pessoas autorizadas pela instituição.",
  en: "This assistant answers only people whom the institution has authorised.",
};
const CODE_NEEDED: Readonly<Record<Language, string>> = {
  es: "Para usar este asistente, envíe el código que le dio la institución.",
  pt: "Para usar este assistente, envie o código que a instituição lhe deu.",
  en: "To use this assistant, send the code that the institution gave you.",
};
const CODE_WRONG: Readonly<Record<Language, string>> = {
  es: "Ese código no es válido o ya venció.",
  pt: "Esse código não é válido ou já venceu.",
  en: "That code is not valid, or has expired.",
};
const WELCOME: Readonly<Record<Language, string>> = {
  es: "Listo: ya puede hacer sus preguntas.",
  pt: "Pronto: já pode fazer suas perguntas.",
  en: "Done: you can ask your questions now.",
};

const CODE = /^\s*[A-HJ-NP-Z2-9]{4}[\s-]?[A-HJ-NP-Z2-9]{4}\s*$/i;

/**
 * Lets those through whom the bot answers. Of the others everything is kept, and nothing is answered but, where the
 * tenant wants it, one sentence a day. What the network says of a chat (blocked, moved) always passes.
 */
export function guardConversation({
  admissions,
}: {
  readonly admissions: Admissions;
}): (conversation: Conversation) => Conversation {
  return (conversation) => ({
    async takeTurn(input, signal) {
      const { content } = input.message;
      if (content.kind === "membership" || content.kind === "migration") {
        return conversation.takeTurn(input, signal);
      }
      const { tenantId, bot, contactId, message } = input;
      const isGroup = message.chat.kind === "group";
      const standing = await admissions.standing(tenantId, bot, {
        contactId: isGroup ? undefined : contactId,
        senderKey: message.sender.key,
      });
      if (isAdmitted(standing)) return conversation.takeTurn(input, signal);
      input.note("dropped", {
        reason: standing.isBlocked ? "blocked" : `stranger-${standing.policy}`,
      });
      // In a group a sentence would answer to everybody.
      if (isGroup || contactId === undefined) return silence(input);
      if (standing.policy === "pairing" && !standing.isBlocked && isCode(message)) {
        return tryCode(input, admissions, textOf(message));
      }
      if (standing.answers === "silence") return silence(input);
      const mayTell = await admissions.mayTell(tenantId, contactId, input.messageId);
      return mayTell ? say(input, refusalOf(input, standing)) : silence(input);
    },
  });
}

function isAdmitted({ policy, isBlocked, isAllowed }: Standing): boolean {
  if (isBlocked || policy === "blocked") return false;
  return policy === "open" || isAllowed;
}

async function tryCode(
  input: TurnInput,
  admissions: Admissions,
  code: string,
): Promise<TurnOutcome> {
  const { tenantId, bot, contactId } = input;
  if (contactId === undefined) return silence(input);
  const outcome = await admissions.redeem(tenantId, bot.botId, contactId, code);
  if (outcome === "paused") return silence(input);
  return say(input, (outcome === "redeemed" ? WELCOME : CODE_WRONG)[languageOf(input)]);
}

function refusalOf(input: TurnInput, { policy, sentence, isBlocked }: Standing): string {
  if (sentence !== undefined) return sentence;
  const texts = policy === "pairing" && !isBlocked ? CODE_NEEDED : NOT_ANSWERED;
  return texts[languageOf(input)];
}

function languageOf({ memory, message }: TurnInput): Language {
  return memory.language ?? message.sender.language ?? "es";
}

function isCode(message: IncomingMessage): boolean {
  return message.content.kind === "text" && CODE.test(message.content.text);
}

function textOf({ content }: IncomingMessage): string {
  if (content.kind === "text" || content.kind === "edit") return content.text;
  if (content.kind === "media") return content.caption ?? `[${content.media}]`;
  return "";
}

function silence(input: TurnInput): TurnOutcome {
  return outcomeOf(input, []);
}

function say(input: TurnInput, sentence: string): TurnOutcome {
  return outcomeOf(input, [textReply(sentence)]);
}

/** What was written is on record as ever. */
function outcomeOf(input: TurnInput, replies: readonly Reply[]): TurnOutcome {
  const text = textOf(input.message);
  const saidAt = new Date(input.message.sentAt);
  return {
    replies,
    turns: text === "" ? [] : [{ speaker: "citizen", text, citations: [], saidAt }],
    memory: input.memory,
    effects: [],
  };
}
