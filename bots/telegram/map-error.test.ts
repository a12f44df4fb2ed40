import { GrammyError, HttpError } from "grammy";
import { describe, expect, it } from "vitest";
import { createFloodScope } from "./flood-scope.ts";
import { TransportError } from "./http-transport.ts";
import { readFailure, toPregoneroError, toSendOutcome } from "./map-error.ts";

/** Descriptions as the Bot API words them (recorded in public issue trackers; core.telegram.org/bots/api). */
function answered(error_code: number, description: string, parameters = {}) {
  const answer = { ok: false as const, error_code, description, parameters };
  return toSendOutcome(readFailure(new GrammyError("no", answer, "sendMessage", {})), () => "chat");
}

describe("toSendOutcome", () => {
  it.each([
    [401, "Unauthorized", { reason: "bad-credentials", needsAuth: true }],
    [404, "Not Found", { reason: "bad-credentials", needsAuth: true }],
    [403, "Forbidden: bot was blocked by the user", { reason: "blocked", contactLost: true }],
    [403, "Forbidden: user is deactivated", { reason: "deactivated", contactLost: true }],
    [
      403,
      "Forbidden: bot was kicked from the supergroup chat",
      { reason: "kicked", contactLost: true },
    ],
    [
      403,
      "Forbidden: bot can't initiate conversation with a user",
      { reason: "never-started", contactLost: true },
    ],
    [400, "Bad Request: chat not found", { reason: "chat-not-found", contactLost: true }],
    [400, "Bad Request: can't parse entities: Unsupported start tag", { reason: "bad-entities" }],
    [
      400,
      "Bad Request: entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 12",
      { reason: "bad-entities" },
    ],
    [400, "Bad Request: message is too long", { reason: "too-long" }],
    [400, "Bad Request: MESSAGE_TOO_LONG", { reason: "too-long" }],
    [400, "Bad Request: message text is empty", { reason: "empty" }],
    [
      400,
      "Bad Request: not enough rights to send text messages to the chat",
      { reason: "no-rights" },
    ],
    [400, "Bad Request: BUTTON_DATA_INVALID", { reason: "bad-request" }],
    [413, "Request Entity Too Large", { reason: "file-too-large" }],
  ])("%i %s is final", (code, description, expected) => {
    expect(answered(code, description)).toMatchObject({
      kind: "refused",
      retry: "never",
      ...expected,
    });
  });

  it("waits as long as Telegram asks, be it hours", () => {
    expect(
      answered(429, "Too Many Requests: retry after 10072", { retry_after: 10072 }),
    ).toMatchObject({
      kind: "refused",
      retry: { afterMs: 10_072_000 },
    });
  });

  it("follows a migrated group", () => {
    const description = "Bad Request: group chat was upgraded to a supergroup chat";
    expect(answered(400, description, { migrate_to_chat_id: -1001 })).toMatchObject({
      kind: "refused",
      newChatKey: "-1001",
      retry: { afterMs: 0 },
    });
  });

  it.each([500, 502, 504])("%i may have been carried out", (code) => {
    expect(answered(code, "Internal Server Error")).toMatchObject({ kind: "unknown" });
  });

  it("is unknown for anything unheard of", () => {
    for (const error of [new Error("?"), new HttpError("?", new Error("?")), undefined]) {
      expect(toSendOutcome(readFailure(error), () => "chat")).toMatchObject({ kind: "unknown" });
    }
  });

  it("is refused only with proof that nothing was written", () => {
    const outcome = (written: boolean, status?: number) => {
      const cause = new TransportError(
        "x",
        status === undefined ? { written } : { written, status },
      );
      return toSendOutcome(readFailure(new HttpError("failed", cause)), () => "chat");
    };
    expect(outcome(false)).toMatchObject({ kind: "refused", retry: "backoff" });
    expect(outcome(true)).toMatchObject({ kind: "unknown" });
    expect(outcome(true, 502)).toMatchObject({ kind: "unknown" });
    expect(outcome(true, 403)).toMatchObject({ kind: "refused", retry: "backoff" });
  });
});

describe("toPregoneroError", () => {
  it("does not blame the token for the 404 of something in between", () => {
    const cause = new TransportError("http-404", { written: true, status: 404 });
    const mapped = toPregoneroError(readFailure(new HttpError("failed", cause)), "getUpdates");
    expect(mapped).toMatchObject({ code: "telegram-unreachable", retry: "backoff" });
  });

  it("carries neither payload nor cause", () => {
    const payload = { secret_token: "top-secret" };
    const error = new GrammyError(
      "no",
      { ok: false, error_code: 400, description: "Bad Request" },
      "setWebhook",
      payload,
    );
    const mapped = toPregoneroError(readFailure(error), "setWebhook");
    expect(mapped).toMatchObject({ code: "telegram-refused", retry: "never" });
    expect(mapped.cause).toBeUndefined();
  });
});

describe("createFloodScope", () => {
  const at = (ms: number) => ({ now: () => new Date(ms) });

  it("believes a short wait of one chat to be its own", () => {
    const flood = createFloodScope(at(0));
    expect(flood.scopeOf("b", 7, 3_000)).toBe("chat");
    expect(flood.scopeOf("b", 7, 3_000)).toBe("chat");
  });

  it("holds the bot when a second private chat is refused soon after, not when a group is", () => {
    const flood = createFloodScope(at(0));
    flood.scopeOf("b", 7, 3_000);
    expect(flood.scopeOf("b", -100, 40_000)).toBe("chat");
    expect(flood.scopeOf("other", 8, 3_000)).toBe("chat");
    expect(flood.scopeOf("b", 8, 3_000)).toBe("bot");
  });

  it("lets the others go on when one chat in many is refused", () => {
    const flood = createFloodScope(at(0));
    flood.scopeOf("b", 7, 3_000);
    for (const chatId of [20, 21]) flood.noteSent("b", chatId);
    expect(flood.scopeOf("b", 8, 3_000)).toBe("bot");
    for (const chatId of [22, 8, -100, 23]) flood.noteSent("b", chatId);
    expect(flood.scopeOf("b", 9, 3_000)).toBe("bot");
    for (const chatId of [24, 25, 26]) flood.noteSent("b", chatId);
    expect(flood.scopeOf("b", 10, 3_000)).toBe("chat");
  });

  it("holds the bot for a wait that no chat's limit explains", () => {
    expect(createFloodScope(at(0)).scopeOf("b", -100, 61_000)).toBe("bot");
  });
});
