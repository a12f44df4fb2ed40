import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { asId, type OutboxId, type TenantId } from "../../src/core/ids.ts";
import { textReply } from "../../src/core/message.ts";
import type { WebChatLog } from "../../src/core/web-chat-log.ts";
import { createEmbeddedLiveEvents } from "../../src/queue/embedded-live-events.ts";
import { createBotStore } from "../../src/store/bots.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { createMediaFiles } from "../../src/store/media-files.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { createWebChatLog } from "../../src/store/web-chat-log.ts";
import { describeChannel } from "../conformance.ts";
import { toIncoming } from "./to-incoming.ts";
import { createWebChatChannel } from "./web-chat-channel.ts";

const cipher = createCipher([randomBytes(32)]);
let database: Database;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  tenantId = await createTenants(database).ensureSampleTenant();
  bot = await createBotStore(database, cipher).insert(
    tenantId,
    {
      channel: "web-chat",
      name: "Asistente",
      botKey: randomUUID(),
      accountKey: randomUUID(),
      secrets: {},
      settings: {},
    },
    "test",
  );
});
afterAll(() => database.close());

/** A visitor who has written once, over the real log with a fault to come. */
async function openBench() {
  const chatKey = randomUUID();
  const hello = { clientMessageId: randomUUID(), said: { text: "hola" } };
  const message = toIncoming(chatKey, hello, new Date("2024-04-15T12:00:00Z"));
  await createInbox(database, cipher).accept(tenantId, [{ bot, message }]);
  const real = createWebChatLog(database, cipher);
  let fault: "none" | "after-commit" | "away" = "none";
  const log: WebChatLog = {
    ...real,
    async append(...entry) {
      const now = fault;
      fault = "none";
      if (now === "away") throw new PregoneroError("store-unavailable", "away", { status: 503 });
      const position = await real.append(...entry);
      if (now === "after-commit") throw new PregoneroError("store-unavailable", "cut");
      return position;
    },
  };
  const liveEvents = createEmbeddedLiveEvents();
  return {
    channel: createWebChatChannel({ log, liveEvents, files: createMediaFiles(database, cipher) }),
    chatKey,
    log: real,
    failNext: (kind: typeof fault) => {
      fault = kind;
    },
    close: () => liveEvents.close(),
  };
}

interface TextPart {
  readonly kind: "text";
  readonly paragraphs: readonly (readonly { readonly text: string }[])[];
}

describeChannel("web-chat", async () => {
  const bench = await openBench();
  const textOf = (part: Readonly<Record<string, unknown>>) =>
    (part as unknown as TextPart).paragraphs
      .map((spans) => spans.map(({ text }) => text).join(""))
      .join("\n");
  const ours = { notApplicable: "the web chat is ours: there is no network to say so" };
  return {
    channel: bench.channel,
    bot,
    chatKey: bench.chatKey,
    maxTextLength: Number.POSITIVE_INFINITY,
    textOf,
    async delivered() {
      const entries = await bench.log.listAfter(tenantId, bot.botId, bench.chatKey, 0);
      return entries.map(({ part }) => textOf(part));
    },
    arrange: {
      "too-many-requests": ours,
      blocked: { notApplicable: "a visitor leaves by closing the page" },
      "bad-format": { notApplicable: "parts are data, not markup" },
      "error-after-accepting": () => bench.failNext("after-commit"),
      "answer-lost": () => bench.failNext("after-commit"),
      unreachable: {
        notApplicable: "a store that is away may have committed: unknown, then reconciled",
      },
      "never-answers": {
        notApplicable: "the store's own statement timeout ends the wait (openServer)",
      },
      "credentials-revoked": { notApplicable: "a web chat has no credentials" },
      "chat-moved": { notApplicable: "a visitor's id never changes" },
    },
    close: bench.close,
  };
});

describe("web-chat after a doubtful send", () => {
  const outboxId = () => asId<OutboxId>(randomUUID());
  const signal = AbortSignal.timeout(60_000);

  it("finds out by looking whether it arrived", async () => {
    const { channel, chatKey, failNext } = await openBench();
    const [part = {}] = channel.render(textReply("uno"));
    const arrived = { signal, outboxId: outboxId() };
    failNext("after-commit");
    expect(await channel.send(bot, chatKey, part, arrived)).toMatchObject({ kind: "unknown" });
    expect(await channel.reconcile(bot, chatKey, part, arrived)).toMatchObject({ kind: "sent" });
    const lost = { signal, outboxId: outboxId() };
    failNext("away");
    expect(await channel.send(bot, chatKey, part, lost)).toMatchObject({ kind: "unknown" });
    expect(await channel.reconcile(bot, chatKey, part, lost)).toMatchObject({
      kind: "refused",
      retry: "backoff",
    });
  });

  it("appends once however often the same part is sent", async () => {
    const { channel, chatKey, log } = await openBench();
    const [part = {}] = channel.render(textReply("uno"));
    const options = { signal, outboxId: outboxId() };
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => channel.send(bot, chatKey, part, options)),
    );
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await log.listAfter(tenantId, bot.botId, chatKey, 0)).toHaveLength(1);
  });

  it("keeps what was said unreadable in the table, and from other tenants", async () => {
    const { channel, chatKey, log } = await openBench();
    const [part = {}] = channel.render(textReply("canario amarillo"));
    await channel.send(bot, chatKey, part, { signal, outboxId: outboxId() });
    const rows = await database.asTenant(tenantId, (tx) =>
      tx.query<{ part: Buffer }>("select part from web_chat_entry"),
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.part.toString("latin1")).not.toContain("canario");
    const stranger = asId<TenantId>(randomUUID());
    expect(await log.listAfter(stranger, bot.botId, chatKey, 0)).toEqual([]);
  });
});
