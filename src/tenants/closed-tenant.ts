import { parseButton, parseCommand } from "../conversation/commands.ts";
import type { Clock } from "../core/clock.ts";
import type { TenantId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import { type IncomingContent, textReply } from "../core/message.ts";
import type { TenantStanding, Tenants } from "../core/tenants.ts";
import type { Conversation, TurnInput, TurnOutcome } from "../core/turn.ts";

/** A tenant that is opened or closed is so for its bots within this time. */
const REMEMBERED_MS = 2_000;
/** As much of a message as any turn keeps. */
const MAX_HEARD_LENGTH = 4_000;

const TEXTS: Readonly<Record<Language, string>> = {
  es: "Este servicio está en pausa por ahora. Hemos guardado su mensaje y no hace falta que lo repita. Disculpe la molestia; vuelva a escribir más adelante.",
  pt: "Este serviço está em pausa por enquanto. Guardamos a sua mensagem e não é preciso repeti-la. Pedimos desculpa; volte a escrever mais tarde.",
  en: "This service is paused for now. Your message is kept, and you need not repeat it. We are sorry for the trouble; please write again later.",
};

/** What people may ask of their own data, and of being written to, holds whatever becomes of the tenant. */
const RIGHTS: ReadonlySet<string> = new Set([
  "erase",
  "export",
  "unsubscribe",
  "subscribe",
  "language",
]);

/**
 * The same conversation, but that of a tenant that is suspended or being deleted says so: once per conversation and
 * day of the tenant, in the person's language. What people write meanwhile is kept as usual.
 */
export function answerWhileClosed(ports: {
  readonly tenants: Pick<Tenants, "standing">;
  readonly clock: Clock;
}): (conversation: Conversation) => Conversation {
  const standingOf = rememberStandings(ports);
  return (conversation) => ({
    async takeTurn(input, signal) {
      const standing = await standingOf(input.tenantId);
      if (standing.state === "active" || isOfRight(input.message.content)) {
        return conversation.takeTurn(input, signal);
      }
      return sayClosed(input, standing, ports.clock.now());
    },
  });
}

function sayClosed(input: TurnInput, standing: TenantStanding, now: Date): TurnOutcome {
  const { message, memory } = input;
  input.note("planned", { silence: `tenant-${standing.state}` });
  // Groups are talk among people: nobody there is answered, and nobody is told why.
  if (message.chat.kind === "group") return { replies: [], turns: [], memory, effects: [] };
  const today = dayIn(standing.timeZone, now);
  const isTold = memory.closedNoticeOn === today;
  const language = memory.language ?? message.sender.language ?? standing.language;
  const text = textOf(message.content).slice(0, MAX_HEARD_LENGTH).toWellFormed();
  const heard = { speaker: "citizen", text, citations: [], saidAt: now } as const;
  const said = { ...heard, speaker: "assistant", text: TEXTS[language] } as const;
  return {
    replies: isTold ? [] : [textReply(TEXTS[language])],
    turns: [...(text === "" ? [] : [heard]), ...(isTold ? [] : [said])],
    memory: { ...memory, closedNoticeOn: today },
    effects: [],
  };
}

/** Erasing and exporting one's data, ending broadcasts, and what is no message at all. */
function isOfRight(content: IncomingContent): boolean {
  if (content.kind === "membership" || content.kind === "migration") return true;
  const command =
    content.kind === "button"
      ? parseButton(content.data)
      : content.kind === "text"
        ? parseCommand(content.text.trim())
        : undefined;
  if (command?.kind === "command") return RIGHTS.has(command.name);
  return command?.kind === "answer-erase" || command?.kind === "choose-language";
}

function textOf(content: IncomingContent): string {
  if (content.kind === "text" || content.kind === "edit") return content.text.trim();
  return content.kind === "media" ? (content.caption ?? "").trim() : "";
}

/** ISO date. */
function dayIn(timeZone: string, now: Date): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(now);
}

function rememberStandings({
  tenants,
  clock,
}: {
  readonly tenants: Pick<Tenants, "standing">;
  readonly clock: Clock;
}): (tenantId: TenantId) => Promise<TenantStanding> {
  const known = new Map<TenantId, { readonly at: number; readonly standing: TenantStanding }>();
  return async (tenantId) => {
    const now = clock.now().getTime();
    const found = known.get(tenantId);
    if (found !== undefined && now - found.at < REMEMBERED_MS) return found.standing;
    const standing = await tenants.standing(tenantId);
    known.set(tenantId, { at: now, standing });
    return standing;
  };
}
