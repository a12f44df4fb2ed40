import { GrammyError, HttpError } from "grammy";
import type { SendOutcome } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { TransportError } from "./http-transport.ts";

/** What became of a call that did not succeed: Telegram said no, or there was no answer. */
export type TelegramFailure =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** False when something in between answered: a proxy, or whatever listens at a wrong address. */
      readonly isFromTelegram: boolean;
      /** Telegram's own English words; they never hold the token or the text sent. */
      readonly description: string;
      readonly retryAfterSeconds: number | undefined;
      readonly migrateToChatId: number | undefined;
    }
  | { readonly kind: "no-answer"; readonly written: boolean; readonly reason: string };

/** Reads what grammY threw. Whatever is not known for certain counts as written. */
export function readFailure(error: unknown): TelegramFailure {
  if (error instanceof GrammyError) {
    return {
      kind: "answered",
      status: error.error_code,
      isFromTelegram: true,
      description: error.description,
      retryAfterSeconds: error.parameters.retry_after,
      migrateToChatId: error.parameters.migrate_to_chat_id,
    };
  }
  const inner = error instanceof HttpError ? error.error : error;
  if (!(inner instanceof TransportError)) {
    return { kind: "no-answer", written: true, reason: "unexpected-error" };
  }
  // A proxy that answers 4xx did not pass the call on; after a 5xx it may have.
  if (inner.status !== undefined && inner.status >= 400 && inner.status < 500) {
    return {
      kind: "answered",
      status: inner.status,
      isFromTelegram: false,
      description: "not an answer of the Bot API",
      retryAfterSeconds: inner.retryAfterSeconds,
      migrateToChatId: undefined,
    };
  }
  return { kind: "no-answer", written: inner.written, reason: inner.reason };
}

/** Texts of the Bot API by which it says why; matched in lower case (github.com/tdlib/telegram-bot-api, Client.cpp). */
const CHAT_GONE = ["chat not found", "user not found", "peer_id_invalid", "user is deactivated"];
const BAD_ENTITIES = [
  "can't parse entities",
  "can't parse messageentity",
  "entity begin",
  "entity url",
  "entity_",
  "entities_too_long",
];
const TOO_LONG = [
  "message is too long",
  "message_too_long",
  "caption is too long",
  "media_caption_too_long",
];

/** Seconds to wait when Telegram answers 429 without `retry_after`; not documented to happen. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;

/**
 * Classifies a failed send. `scopeOfFlood` says whom a 429 concerns; it is asked only then.
 * A 5xx may come after the message was accepted, so it is `unknown`.
 */
export function toSendOutcome(
  failure: TelegramFailure,
  scopeOfFlood: (retryAfterMs: number) => "chat" | "bot",
): SendOutcome {
  if (failure.kind === "no-answer") {
    return failure.written
      ? { kind: "unknown", reason: failure.reason }
      : { kind: "refused", reason: failure.reason, retry: "backoff" };
  }
  const { status } = failure;
  if (status === 429) {
    const afterMs = 1000 * (failure.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS);
    return {
      kind: "refused",
      reason: "too-many-requests",
      retry: { afterMs },
      scope: scopeOfFlood(afterMs),
    };
  }
  if (status >= 500 || status < 400) return { kind: "unknown", reason: `http-${status}` };
  if (!failure.isFromTelegram) {
    return { kind: "refused", reason: `http-${status}`, retry: "backoff" };
  }
  // 404 is Telegram's answer to a token that it cannot even read.
  if (status === 401 || status === 404) {
    return {
      kind: "refused",
      reason: "bad-credentials",
      retry: "never",
      scope: "bot",
      needsAuth: true,
    };
  }
  if (failure.migrateToChatId !== undefined) {
    return {
      kind: "refused",
      reason: "chat-migrated",
      retry: { afterMs: 0 },
      newChatKey: String(failure.migrateToChatId),
    };
  }
  return toRefusal(status, failure.description.toLowerCase());
}

function toRefusal(status: number, description: string): SendOutcome {
  const says = (texts: readonly string[]) => texts.some((text) => description.includes(text));
  const refused = (reason: string, contactLost?: true): SendOutcome => ({
    kind: "refused",
    reason,
    retry: "never",
    ...(contactLost && { contactLost }),
  });
  if (status === 403) {
    if (description.includes("blocked")) return refused("blocked", true);
    if (description.includes("deactivated")) return refused("deactivated", true);
    if (description.includes("kicked") || description.includes("not a member"))
      return refused("kicked", true);
    if (description.includes("initiate conversation")) return refused("never-started", true);
    return refused("forbidden", true);
  }
  if (status === 413) return refused("file-too-large");
  if (says(CHAT_GONE)) return refused("chat-not-found", true);
  if (says(BAD_ENTITIES)) return refused("bad-entities");
  if (says(TOO_LONG)) return refused("too-long");
  if (description.includes("text is empty")) return refused("empty");
  if (description.includes("not enough rights") || description.includes("chat_write_forbidden")) {
    return refused("no-rights");
  }
  return refused("bad-request");
}

/**
 * For calls other than sending. The cause is left out on purpose: grammY's error carries the payload,
 * with texts and secrets in it.
 */
export function toPregoneroError(failure: TelegramFailure, method: string): PregoneroError {
  if (failure.kind === "no-answer") {
    return new PregoneroError(
      "telegram-unreachable",
      `Telegram did not answer ${method} (${failure.reason}): check the network and TELEGRAM_API_ROOT`,
      { retry: "backoff", status: 503 },
    );
  }
  if (!failure.isFromTelegram) {
    return new PregoneroError(
      "telegram-unreachable",
      `Not Telegram but something in between answered ${method} (${failure.status}): check the proxy and TELEGRAM_API_ROOT`,
      { retry: "backoff", status: 503 },
    );
  }
  if (failure.status === 401 || failure.status === 404) {
    return new PregoneroError(
      "bad-credentials",
      "Telegram does not accept the bot token: copy it again from @BotFather",
      { status: 422 },
    );
  }
  if (failure.status === 409) {
    return new PregoneroError(
      "telegram-conflict",
      `Telegram refused ${method}: ${failure.description}`,
      {
        retry: "backoff",
        status: 409,
      },
    );
  }
  const retry =
    failure.status === 429
      ? { afterMs: 1000 * (failure.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS) }
      : failure.status >= 500
        ? "backoff"
        : "never";
  return new PregoneroError(
    failure.status === 429 ? "telegram-rate-limited" : "telegram-refused",
    `Telegram refused ${method} (${failure.status}): ${failure.description}`,
    { retry, status: 502 },
  );
}
