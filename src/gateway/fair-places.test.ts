import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import {
  type addTenant as AddTenant,
  ALL_BROADCASTS,
  addTenant,
  type Ledgers,
  message,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { Channel, SendOutcome } from "../core/channel.ts";
import { systemClock } from "../core/clock.ts";
import { noFaults } from "../core/fault-point.ts";
import type { TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import { textReply } from "../core/message.ts";
import { noMetrics } from "../core/metrics.ts";
import type { TurnInput, TurnOutcome } from "../core/turn.ts";
import type { WakeUps } from "../core/wake-up.ts";
import { createEmbeddedWakeUps } from "../queue/embedded-wake-ups.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createAnswerHop } from "./answer.ts";
import { createBotRegistry } from "./bot-registry.ts";
import { createDeliverHop } from "./deliver.ts";

const CHATS = 200;
const PLACES = 64;
type Tenant = Awaited<ReturnType<typeof AddTenant>>;

let database: Database;
let line: Ledgers;
let slow: Tenant;
let quick: Tenant;
let wakeUps: WakeUps;
let hops: { close(): Promise<void> }[];
let letGo: () => void;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  [slow, quick] = [await addTenant(line), await addTenant(line)];
  wakeUps = createEmbeddedWakeUps({ pollIntervalMs: 600_000, logger: silentLogger });
  hops = [];
});
afterEach(async () => {
  letGo();
  await wakeUps.close();
  await Promise.all(hops.map((hop) => hop.close()));
});

/** Something that hangs for one tenant until `letGo`. */
function hangFor<Result>({ tenantId }: Tenant, result: Result) {
  const hanging: (() => void)[] = [];
  let isOpen = false;
  letGo = () => {
    isOpen = true;
    for (const go of hanging.splice(0)) go();
  };
  return {
    hanging,
    call: (of: TenantId): Promise<Result> =>
      of !== tenantId || isOpen
        ? Promise.resolve(result)
        : new Promise((resolve) => hanging.push(() => resolve(result))),
  };
}

async function startHops(ports: {
  readonly takeTurn: (input: TurnInput) => Promise<TurnOutcome>;
  readonly send: (tenantId: TenantId) => Promise<SendOutcome>;
}): Promise<void> {
  const registry = createBotRegistry(line.bots, silentLogger);
  await registry.refresh();
  const pace = ALL_BROADCASTS.paces.get("telegram");
  if (pace === undefined) throw new Error("telegram has no pace");
  const channel: Channel = {
    name: "telegram",
    pace,
    render: () => [{ text: "hola" }],
    send: (bot) => ports.send(bot.tenantId),
  };
  const shared = {
    owner: "here",
    registry,
    channels: new Map([[channel.name, channel]]),
    wakeUps,
    logger: silentLogger,
    metrics: noMetrics,
    faultPoint: noFaults,
    concurrency: PLACES,
  };
  const answer = createAnswerHop({
    ...shared,
    conversations: line.conversations,
    conversation: { takeTurn: ports.takeTurn },
    isCommand: () => false,
    apology: () => textReply("disculpe"),
    clock: systemClock,
  });
  const deliver = createDeliverHop({ ...shared, outbox: line.outbox });
  wakeUps.listen("answer", answer.look);
  wakeUps.listen("deliver", deliver.look);
  hops.push(answer, deliver);
}

async function write({ tenantId, bot }: Tenant, chats: number): Promise<void> {
  await line.inbox.accept(
    tenantId,
    Array.from({ length: chats }, (_, chat) => ({
      bot,
      message: message(randomUUID(), `${chat}`),
    })),
  );
  wakeUps.wake("answer");
}

const sentParts = ({ tenantId }: Tenant) =>
  database.asTenant(tenantId, async (tx) => {
    const [row] = await tx.query<{ count: number }>(
      "select count(*)::int as count from outbox where state = 'sent'",
    );
    return row?.count;
  });

const outcomeOf = ({ memory }: TurnInput): TurnOutcome => ({
  replies: [textReply("hola")],
  turns: [],
  memory,
  effects: [],
});
const SENT = { kind: "sent", networkMessageId: "1" } as const;

it("answers a tenant at once while another's two hundred turns hang, and those when they go on", async () => {
  const model = hangFor(slow, undefined);
  await startHops({
    takeTurn: async (input) => {
      await model.call(input.tenantId);
      return outcomeOf(input);
    },
    send: async () => SENT,
  });
  await write(slow, CHATS);
  await expect.poll(() => model.hanging.length).toBe((PLACES / 2) * 0.75);
  await write(quick, 1);
  await expect.poll(() => sentParts(quick)).toBe(1);
  expect(model.hanging.length).toBe((PLACES / 2) * 0.75);
  letGo();
  await expect.poll(() => sentParts(slow)).toBe(CHATS);
});

it("sends for a tenant at once while two hundred sends of another hang, and those when they go on", async () => {
  const network = hangFor<SendOutcome>(slow, SENT);
  await startHops({ takeTurn: async (input) => outcomeOf(input), send: network.call });
  await write(slow, CHATS);
  await expect.poll(() => network.hanging.length).toBe((PLACES / 2) * 0.75);
  await write(quick, 1);
  await expect.poll(() => sentParts(quick)).toBe(1);
  letGo();
  await expect.poll(() => sentParts(slow)).toBe(CHATS);
});
