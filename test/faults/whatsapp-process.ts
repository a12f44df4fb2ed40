import { createHumanPauses } from "../../bots/whatsapp-web/session/pacing.ts";
import { createWhatsAppWebChannel } from "../../bots/whatsapp-web/whatsapp-web-channel.ts";
import type { Channel, ChannelName } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { noFaults } from "../../src/core/fault-point.ts";
import { textReply } from "../../src/core/message.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import type { Conversation } from "../../src/core/turn.ts";
import { createAcceptor } from "../../src/gateway/accept.ts";
import { createAnswerHop } from "../../src/gateway/answer.ts";
import { createBotConnections } from "../../src/gateway/bot-connections.ts";
import { createBotRegistry } from "../../src/gateway/bot-registry.ts";
import { createDeliverHop } from "../../src/gateway/deliver.ts";
import { createSweeper } from "../../src/gateway/sweep.ts";
import { createEmbeddedWakeUps } from "../../src/queue/embedded-wake-ups.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createChatMarks } from "../../src/store/chat-marks.ts";
import { createConversations } from "../../src/store/conversations.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { createMediaFiles } from "../../src/store/media-files.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createOutbox } from "../../src/store/outbox.ts";
import { createReceipts } from "../../src/store/receipts.ts";
import { createSessionStore } from "../../src/store/sessions.ts";
import { createSweep } from "../../src/store/sweep.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { SECRET_KEY } from "./secret-key.ts";

/** Argument of this program, as JSON. */
export interface WhatsAppProcessOptions {
  readonly databaseUrl: string;
  readonly url: string;
  readonly chromiumPath: string;
  readonly profilesDirectory: string;
  /** Says back what people write; false: only takes in. */
  readonly answers: boolean;
}

const SWEEP_EVERY_MS = 1_000;

const options = JSON.parse(process.argv[2] ?? "{}") as WhatsAppProcessOptions;

/** Says back what was written, in one message. */
const echo: Conversation = {
  async takeTurn({ message, memory }) {
    const { content } = message;
    const text = content.kind === "text" ? content.text : content.kind;
    const said = { text, citations: [], saidAt: new Date() };
    return {
      replies: [textReply(`eco ${text}`)],
      turns: [
        { speaker: "citizen", ...said },
        { speaker: "assistant", ...said },
      ],
      memory,
      effects: [],
    };
  },
};

/** What the roles worker and whatsapp run, with an echo in the place of the gazettes and fingers that do not rest. */
async function run(): Promise<void> {
  const logger = createLogger({ level: "warn", format: "json" });
  const database = openServer({ url: options.databaseUrl, maxConnections: 6 });
  const cipher = createCipher([SECRET_KEY]);
  const store = createBotStore(database, cipher);
  const registry = createBotRegistry(store, logger);
  await registry.refresh();
  const channel = createWhatsAppWebChannel({
    ...options,
    sessions: createSessionStore(database, cipher),
    marks: createChatMarks(database, cipher),
    receipts: createReceipts(database),
    // The talk has rows of our side, too: they are not to silence the echo.
    phoneReplies: { note: async () => false },
    files: createMediaFiles(database, cipher),
    logger,
    clock: systemClock,
    metrics: noMetrics,
    pauses: createHumanPauses({ random: Math.random, scale: 0, tickWithinMs: 3_000 }),
  });
  const pace = { intervalMs: 10, burst: 10 };
  const channels = new Map<ChannelName, Channel>([
    [
      "whatsapp-web",
      { ...channel, pace: { privateChat: pace, groupChat: pace, bulk: { ...pace, batch: 1 } } },
    ],
  ]);
  const owner = `whatsapp-${process.pid}`;
  const wakeUps = createEmbeddedWakeUps({ pollIntervalMs: 100, logger });
  const shared = { owner, registry, channels, wakeUps, logger, metrics: noMetrics };
  const faultPoint = noFaults;
  const answer = createAnswerHop({
    ...shared,
    faultPoint,
    conversations: createConversations(database, cipher),
    conversation: echo,
    isCommand: () => false,
    apology: () => textReply("sorry"),
    concurrency: 8,
    clock: systemClock,
  });
  const outbox = createOutbox(database, cipher, "held");
  const deliver = createDeliverHop({
    ...shared,
    faultPoint,
    outbox,
    hop: "deliver-held",
    concurrency: 8,
  });
  const sweeper = createSweeper({
    ...shared,
    outbox,
    sweep: createSweep(database, cipher),
    heldBy: owner,
  });
  const connections = createBotConnections({
    ...shared,
    store,
    serves: () => true,
    acceptor: createAcceptor({ ...shared, inbox: createInbox(database, cipher) }),
    publicUrl: undefined,
  });
  if (options.answers) wakeUps.listen("answer", answer.look);
  wakeUps.listen("deliver-held", deliver.look);
  const sweeping = setInterval(() => void sweeper.sweepOnce().catch(() => {}), SWEEP_EVERY_MS);
  connections.start();
  process.stdout.write("ready\n");

  process.once("SIGTERM", async () => {
    clearInterval(sweeping);
    await connections.close();
    await wakeUps.close();
    await answer.close();
    await deliver.close();
    await database.close();
    process.exit(0);
  });
}

await run();
