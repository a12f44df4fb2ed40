import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, vi } from "vitest";
import { createHumanPauses } from "../../../bots/whatsapp-web/session/pacing.ts";
import { createWhatsAppWebChannel } from "../../../bots/whatsapp-web/whatsapp-web-channel.ts";
import type { ChannelPart, SendOutcome } from "../../../src/core/channel.ts";
import { systemClock } from "../../../src/core/clock.ts";
import type { PhoneReply } from "../../../src/core/hand-over.ts";
import { asId, type OutboxId } from "../../../src/core/ids.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { type IncomingMessage, textReply } from "../../../src/core/message.ts";
import { noMetrics } from "../../../src/core/metrics.ts";
import type { Receipt } from "../../../src/core/receipt.ts";
import type { SessionRequest, SessionState } from "../../../src/core/session.ts";
import type { Database } from "../../../src/store/database.ts";
import { createMediaFiles } from "../../../src/store/media-files.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";
import { addTenant, openLedgers } from "../../line/tenant-line.ts";
import {
  type StandInOptions,
  startWhatsAppWebStandIn,
} from "../../stand-ins/whatsapp-web/start-stand-in.ts";
import { chromiumPath } from "../chromium.ts";

export interface BenchOptions extends StandInOptions {
  /** False: the account begins with a code to scan. */
  readonly isLinked?: boolean;
  readonly botSettings?: Readonly<Record<string, string>>;
}

/** One for all tests of a file: each bench is a tenant of its own. */
let opened: Promise<Database> | undefined;
function openDatabase(): Promise<Database> {
  opened ??= openEmbedded({ dataDirectory: undefined }).then(async (database) => {
    await migrate(database, "migrations");
    return database;
  });
  return opened;
}
afterAll(async () => await (await opened)?.close());

/** One account on the stand-in, its session, and the real ledgers on a database in memory. */
export async function openSessionBench(options: BenchOptions = {}) {
  const { isLinked = true, botSettings = {}, ...standInOptions }: BenchOptions = options;
  const session = randomUUID();
  const standIn = await startWhatsAppWebStandIn({
    qrDelayMs: 50,
    ...standInOptions,
    ...(isLinked && { session }),
  });
  const database = await openDatabase();
  const ledgers = openLedgers(database);
  const { tenantId } = await addTenant(ledgers);
  const bot = await ledgers.bots.insert(
    tenantId,
    {
      channel: "whatsapp-web",
      name: "Pregonero",
      botKey: randomUUID(),
      accountKey: randomUUID(),
      secrets: {},
      settings: { partsPerMinute: "1000", partsPerChatMinute: "1000", ...botSettings },
      isHeld: true,
    },
    "test",
  );
  const home = await mkdtemp(path.join(tmpdir(), "pregonero-session-"));
  const receipts: Receipt[] = [];
  const phoneReplies: PhoneReply[] = [];
  const told: string[] = [];
  const channel = createWhatsAppWebChannel({
    url: isLinked ? `${standIn.url}?session=${session}` : standIn.url,
    chromiumPath,
    profilesDirectory: path.join(home, "profiles"),
    sessions: {
      ...ledgers.sessions,
      async report(tenant, botId, report) {
        told.push(report.evidence);
        await ledgers.sessions.report(tenant, botId, report);
      },
    },
    marks: ledgers.marks,
    receipts: {
      async note(tenant, botId, noted) {
        receipts.push(...noted);
        await ledgers.receipts.note(tenant, botId, noted);
      },
    },
    phoneReplies: {
      async note(reply) {
        phoneReplies.push(reply);
        return true;
      },
    },
    files: createMediaFiles(ledgers.database, ledgers.cipher),
    logger: process.env.SHOW_LOG === "1" ? loudLogger : silentLogger,
    clock: systemClock,
    metrics: noMetrics,
    pauses: createHumanPauses({ random: () => 0.5, scale: 0, tickWithinMs: 2_000 }),
  });

  /** What the inbox took, each once, in order. */
  const accepted: IncomingMessage[] = [];
  let running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  let beforeAccept: (messages: readonly IncomingMessage[]) => Promise<void> = async () => undefined;

  async function accept(messages: readonly IncomingMessage[]): Promise<void> {
    await beforeAccept(messages);
    const results = await ledgers.inbox.accept(
      tenantId,
      messages.map((message) => ({ bot, message })),
    );
    results.forEach(({ isDuplicate }, index) => {
      const message = messages[index];
      if (!isDuplicate && message !== undefined) accepted.push(message);
    });
  }

  /** The key under which the chat of this message was taken in. */
  const chatKeyOf = (index = 0): string => accepted[index]?.chat.key ?? "";
  const readReport = () => ledgers.sessions.readReport(tenantId, bot.botId);
  const readCode = () => ledgers.sessions.readCode(tenantId, bot.botId);
  const sendPart = (
    part: ChannelPart,
    chatKey = chatKeyOf(),
    signal = AbortSignal.timeout(30_000),
  ): Promise<SendOutcome> => channel.send(bot, chatKey, part, { signal, outboxId: newOutboxId() });

  async function stop(): Promise<void> {
    running?.stop.abort();
    await running?.ended;
    running = undefined;
  }

  return {
    standIn,
    bot,
    channel,
    ledgers,
    accepted,
    receipts,
    /** What somebody else wrote from the account. */
    phoneReplies,
    profilesDirectory: path.join(home, "profiles"),
    start() {
      const stop = new AbortController();
      running = { stop, ended: channel.poll(bot, accept, stop.signal) };
    },
    stop,
    onAccept(before: typeof beforeAccept) {
      beforeAccept = before;
    },
    report: readReport,
    /** The evidence of every report so far: some states last no longer than a start. */
    told,
    async untilState(state: SessionState) {
      await until(async () => expect((await readReport())?.state).toBe(state));
    },
    /** Writes what people say until the inbox has it. */
    async untilAccepted(count: number) {
      await until(() => expect(accepted.length).toBeGreaterThanOrEqual(count));
    },
    texts: () => accepted.map(({ content }) => ("text" in content ? content.text : content.kind)),
    readCode,
    /** Scans the code as soon as one is shown to people. */
    async scan() {
      await until(async () => expect(await readCode()).toMatchObject({ kind: "qr" }));
      standIn.scan((await readCode())?.content);
    },
    async ask(request: SessionRequest) {
      const requestId = await ledgers.sessions.ask(tenantId, bot.botId, request);
      const answer = () => ledgers.sessions.readAnswer(tenantId, bot.botId, requestId);
      await until(async () => expect(await answer()).toBeDefined());
      return await answer();
    },
    chatKey: chatKeyOf,
    send(text: string, chatKey = chatKeyOf(), signal = AbortSignal.timeout(30_000)) {
      const [part = {}] = channel.render(textReply(text));
      return sendPart(part, chatKey, signal);
    },
    sendPart,
    async close() {
      await stop();
      await standIn.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Also in hooks, where `expect.poll` may not be used. */
function until(claim: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(claim, { timeout: 60_000, interval: 50 });
}

export type SessionBench = Awaited<ReturnType<typeof openSessionBench>>;

/** As the outbox makes them: the first 48 bits are the time. */
export function newOutboxId(): OutboxId {
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = randomUUID().slice(15);
  return asId<OutboxId>(`${time.slice(0, 8)}-${time.slice(8)}-7${rest}`);
}

const loudLogger = {
  debug: (event: string, fields?: object) => console.log(event, fields),
  info: (event: string, fields?: object) => console.log(event, fields),
  warn: (event: string, fields?: object) => console.log(event, fields),
  error: (event: string, fields?: object) => console.log(event, fields),
};
