import type { Channel, ChannelName, HoldsSessions, Reconciles } from "../../../src/core/channel.ts";
import { noFaults } from "../../../src/core/fault-point.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { noMetrics } from "../../../src/core/metrics.ts";
import { createAcceptor } from "../../../src/gateway/accept.ts";
import { createBotConnections } from "../../../src/gateway/bot-connections.ts";
import { createBotRegistry } from "../../../src/gateway/bot-registry.ts";
import { createDeliverHop } from "../../../src/gateway/deliver.ts";
import { createSweeper } from "../../../src/gateway/sweep.ts";
import { createEmbeddedWakeUps } from "../../../src/queue/embedded-wake-ups.ts";
import { createBotStore } from "../../../src/store/bots.ts";
import { createCipher } from "../../../src/store/encryption.ts";
import { createInbox } from "../../../src/store/inbox.ts";
import { openServer } from "../../../src/store/open-server.ts";
import { createOutbox } from "../../../src/store/outbox.ts";
import { createSessionStore } from "../../../src/store/sessions.ts";
import { createSweep } from "../../../src/store/sweep.ts";

/** Argument of this program, as JSON. */
export interface SessionProcessOptions {
  readonly databaseUrl: string;
  /** Hexadecimal. */
  readonly secretKey: string;
  readonly owner: string;
  /** Where the network answers: `POST /send` and `GET /arrived`. */
  readonly networkUrl: string;
}

const { databaseUrl, secretKey, owner, networkUrl } = JSON.parse(
  process.argv[2] ?? "{}",
) as SessionProcessOptions;

/** What the role `whatsapp` runs, with a network that takes parts over HTTP in the place of a browser. */
async function run(): Promise<void> {
  const database = await openServer({ url: databaseUrl, maxConnections: 4 });
  const cipher = createCipher([Buffer.from(secretKey, "hex")]);
  const store = createBotStore(database, cipher);
  const registry = createBotRegistry(store, silentLogger);
  await registry.refresh();
  const sessions = createSessionStore(database, cipher);
  const channel = createSession(sessions);
  const channels = new Map<ChannelName, Channel>([[channel.name, channel]]);
  const wakeUps = createEmbeddedWakeUps({ pollIntervalMs: 20, logger: silentLogger });
  const shared = { owner, registry, channels, wakeUps, logger: silentLogger, metrics: noMetrics };
  const outbox = createOutbox(database, cipher, "held");
  const deliver = createDeliverHop({
    ...shared,
    outbox,
    hop: "deliver-held",
    faultPoint: noFaults,
    concurrency: 8,
  });
  wakeUps.listen("deliver-held", deliver.look);
  const sweeper = createSweeper({
    ...shared,
    outbox,
    sweep: createSweep(database, cipher),
    heldBy: owner,
  });
  const sweeping = setInterval(() => void sweeper.sweepOnce().catch(() => {}), 100);
  const connections = createBotConnections({
    ...shared,
    store,
    serves: () => true,
    acceptor: createAcceptor({ ...shared, inbox: createInbox(database, cipher) }),
    publicUrl: "http://127.0.0.1:1",
  });
  connections.start();
  process.stdout.write("ready\n");
  process.once("SIGTERM", async () => {
    clearInterval(sweeping);
    await connections.close();
    await wakeUps.close();
    await deliver.close();
    await database.close();
    process.exit(0);
  });
}

function createSession(sessions: ReturnType<typeof createSessionStore>) {
  const pace = { intervalMs: 1, burst: 50 };
  return {
    name: "whatsapp-web",
    pace: { privateChat: pace, groupChat: pace, bulk: { ...pace, batch: 1 } },
    holdsSessions: true,
    render: () => [],
    async send(_bot, chatKey, part, { outboxId }) {
      try {
        const response = await fetch(`${networkUrl}/send`, {
          method: "POST",
          body: JSON.stringify({ owner, chatKey, text: part.text, outboxId }),
        });
        return { kind: "sent", networkMessageId: await response.text() };
      } catch {
        return { kind: "unknown", reason: "reset" };
      }
    },
    async reconcile(_bot, _chatKey, _part, { outboxId }) {
      const response = await fetch(`${networkUrl}/arrived/${outboxId}`);
      return response.status === 200
        ? { kind: "sent", networkMessageId: await response.text() }
        : { kind: "refused", reason: "not-there", retry: "backoff" };
    },
    async poll({ tenantId, botId }, _accept, signal) {
      const at = new Date().toISOString();
      await sessions.report(tenantId, botId, {
        state: "ready",
        since: at,
        checkedAt: at,
        evidence: "The network answers.",
        engine: "dom",
        restarts: 0,
      });
      process.stdout.write("holds\n");
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      }
      process.stdout.write("holds no more\n");
    },
    identify: async () => ({}),
    connect: async () => {},
    disconnect: async () => {},
    inspect: async () => ({ isHealthy: true, evidence: "The network answers." }),
  } satisfies Channel & HoldsSessions & Reconciles & Record<string, unknown> as Channel &
    HoldsSessions &
    Reconciles;
}

await run();
