import { createServer } from "node:http";
import path from "node:path";
import { createTelegramChannel } from "../../bots/telegram/telegram-channel.ts";
import type { Channel, ChannelName } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { textReply } from "../../src/core/message.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import type { Conversation } from "../../src/core/turn.ts";
import { createAcceptor } from "../../src/gateway/accept.ts";
import { createAnswerHop } from "../../src/gateway/answer.ts";
import { createBotRegistry } from "../../src/gateway/bot-registry.ts";
import { createDeliverHop } from "../../src/gateway/deliver.ts";
import { createSweeper } from "../../src/gateway/sweep.ts";
import { createEmbeddedWakeUps } from "../../src/queue/embedded-wake-ups.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createConversations } from "../../src/store/conversations.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createOutbox } from "../../src/store/outbox.ts";
import { createSweep } from "../../src/store/sweep.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import { SECRET_KEY } from "./secret-key.ts";
import { type Hit, watchCalls, watchStatements } from "./watch-calls.ts";

/** Argument of this program, as JSON. */
export interface LineProcessOptions {
  /** Of a server; undefined: embedded, in `dataDirectory`. */
  readonly databaseUrl?: string;
  readonly dataDirectory?: string;
  readonly apiRoot: string;
  readonly port: number;
  /** Pretend at start that this many milliseconds have passed: leases and attempts of the dead are that old. */
  readonly ageMs?: number;
  /** Undefined: print each place when it is first reached. */
  readonly fault?: {
    readonly point: string;
    /** The how-manieth time the place is reached, from 1. */
    readonly visit: number;
    /** `kill`: kill -9. `freeze`: the process stands still, and may be continued from outside. */
    readonly deed: "kill" | "freeze";
  };
}

const SWEEP_EVERY_MS = 100;

const options = JSON.parse(process.argv[2] ?? "{}") as LineProcessOptions;
const visits = new Map<string, number>();

const hit: Hit = (point) => {
  const visit = (visits.get(point) ?? 0) + 1;
  visits.set(point, visit);
  const { fault } = options;
  if (fault === undefined) {
    process.stdout.write(`visit ${visit} ${point}\n`);
  } else if (point === fault.point && visit === fault.visit) {
    process.stdout.write(`reached ${point}\n`);
    process.kill(process.pid, fault.deed === "kill" ? "SIGKILL" : "SIGSTOP");
  }
};

/** Two replies a message, so that a crash can fall between the parts of one answer. */
const conversation: Conversation = {
  async takeTurn({ message, memory }) {
    const { content } = message;
    const text = content.kind === "text" ? content.text : "";
    const replies = [textReply(`${text} / 1`), textReply(`${text} / 2`)];
    const said = { text, citations: [], saidAt: new Date() };
    return {
      replies,
      turns: [
        { speaker: "citizen", ...said },
        { speaker: "assistant", ...said },
      ],
      memory,
      effects: [],
    };
  },
};

async function openDatabase(): Promise<Database> {
  const { databaseUrl, dataDirectory } = options;
  if (databaseUrl !== undefined) return openServer({ url: databaseUrl, maxConnections: 8 });
  const database = await openEmbedded({ dataDirectory });
  await migrate(database, path.join(repositoryRoot(), "migrations"));
  return database;
}

async function run(): Promise<void> {
  const database = await openDatabase();
  if (options.ageMs !== undefined) await age(database, options.ageMs);
  const watched = (area: string) => watchStatements(area, database, hit);
  const cipher = createCipher([SECRET_KEY]);
  const registry = createBotRegistry(createBotStore(database, cipher), silentLogger);
  await registry.refresh();
  const telegram = createTelegramChannel({
    apiRoot: options.apiRoot,
    logger: silentLogger,
    clock: systemClock,
  });
  // Telegram's pace would make the table take an hour.
  const pace = { intervalMs: 10, burst: 10 };
  const channel = watchCalls(
    "channel",
    { ...telegram, pace: { privateChat: pace, groupChat: pace, bulk: { ...pace, batch: 1 } } },
    hit,
  );
  const channels = new Map<ChannelName, Channel>([["telegram", channel]]);
  const wakeUps = createEmbeddedWakeUps({ pollIntervalMs: 50, logger: silentLogger });
  const common = {
    owner: `line-${process.pid}`,
    registry,
    channels,
    wakeUps,
    logger: silentLogger,
    metrics: noMetrics,
    faultPoint: hit,
    concurrency: 8,
  };
  const inbox = watchCalls("inbox", createInbox(watched("accept"), cipher), hit);
  const outbox = watchCalls("outbox", createOutbox(watched("deliver"), cipher), hit);
  const acceptor = createAcceptor({ ...common, inbox });
  const answer = createAnswerHop({
    ...common,
    conversations: watchCalls("conversations", createConversations(watched("answer"), cipher), hit),
    conversation: watchCalls("conversation", conversation, hit),
    isCommand: () => false,
    apology: () => textReply("sorry"),
    clock: systemClock,
  });
  // A frozen process wakes after less than a minute here: its claims are old sooner.
  const deliver = createDeliverHop({ ...common, outbox, maxClaimAgeMs: 400 });
  const sweeper = createSweeper({
    ...common,
    outbox,
    sweep: watchCalls("sweep", createSweep(watched("sweep"), cipher), hit),
  });
  wakeUps.listen("answer", answer.look);
  wakeUps.listen("deliver", deliver.look);
  const sweeping = setInterval(() => void sweeper.sweepOnce().catch(() => {}), SWEEP_EVERY_MS);
  const server = listen(telegram, registry, acceptor);
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  process.stdout.write("ready\n");

  process.once("SIGTERM", async () => {
    clearInterval(sweeping);
    server.close();
    server.closeAllConnections();
    await wakeUps.close();
    await answer.close();
    await deliver.close();
    await database.close();
    process.exit(0);
  });
}

/** Hop 1 as the HTTP server does it: verify, store, acknowledge; 503 when it could not be stored. */
function listen(
  telegram: ReturnType<typeof createTelegramChannel>,
  registry: ReturnType<typeof createBotRegistry>,
  acceptor: ReturnType<typeof createAcceptor>,
) {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks);
    const bot = registry.findByKey(path.basename(request.url ?? ""));
    if (bot === undefined || !telegram.verifyWebhook(bot, { headers: request.headers, rawBody })) {
      response.writeHead(401).end();
      return;
    }
    try {
      await acceptor.accept(bot, telegram.readUpdate(bot, JSON.parse(rawBody.toString())));
      response.writeHead(200).end();
    } catch {
      response.writeHead(503).end();
    }
    hit("accept: acknowledged");
  });
}

/** Moves what the dead left into the past, instead of waiting for half a minute. */
async function age(database: Database, ms: number): Promise<void> {
  await database.asDispatcher(async (tx) => {
    const past = `interval '${ms} milliseconds'`;
    await tx.query(
      `update conversation set lease_expires_at = lease_expires_at - ${past} where lease_expires_at is not null`,
    );
    await tx.query(
      `update outbox set attempted_at = attempted_at - ${past} where state = 'attempting'`,
    );
  });
}

await run();
