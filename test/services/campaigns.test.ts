import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCampaignRunner } from "../../src/campaigns/campaign-runner.ts";
import { createCompose } from "../../src/campaigns/compose.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import { createCampaignRuns } from "../../src/store/campaigns/campaign-runs.ts";
import { createCampaignStore } from "../../src/store/campaigns/campaign-store.ts";
import { createContacts } from "../../src/store/contacts/contacts.ts";
import { createSegments } from "../../src/store/contacts/segments.ts";
import type { Database } from "../../src/store/database.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createOutbox } from "../../src/store/outbox.ts";
import {
  BY,
  type CampaignLine,
  CHANNELS,
  openCampaignLine,
  PACES,
  SENT,
} from "../journeys/campaigns/campaign-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";

const CONTACTS = 400;
const PROCESSES = 3;

describe.skipIf(servicesMissing())("a campaign by several processes on PostgreSQL", () => {
  let postgres: EphemeralPostgres;
  let database: TestDatabase;
  let line: CampaignLine;
  const pools: Database[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    database = await postgres.createDatabase();
    for (let process = 0; process <= PROCESSES; process++) {
      pools.push(openServer({ url: database.url, maxConnections: 3 }));
    }
    line = await openCampaignLine(pools[0] as Database);
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    await database?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  /** Feeds and sends until told otherwise, as a process with the roles scheduler and worker; counts parts by chat. */
  async function work(
    pool: Database,
    owner: string,
    isOver: () => boolean,
    sent: Map<string, number>,
    gate: Gate,
  ): Promise<void> {
    const { cipher } = line.ledgers;
    const outbox = createOutbox(pool, cipher);
    const runOnce = createCampaignRunner({
      store: createCampaignStore(pool, cipher),
      runs: createCampaignRuns(pool, cipher),
      segments: createSegments(pool, cipher),
      contacts: createContacts(pool, cipher),
      compose: createCompose(CHANNELS),
      wakeUps: { wake() {} },
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    const signal = new AbortController().signal;
    while (!isOver()) {
      if (sent.size >= CONTACTS / 4) {
        gate.arrive();
        await gate.opened;
      }
      await runOnce(signal);
      const { parts } = await outbox.claim(owner, 20, { room: 20, paces: PACES });
      for (const due of parts) {
        sent.set(due.conversationId, (sent.get(due.conversationId) ?? 0) + 1);
        await outbox.settle([{ due, outcome: SENT, retryAfterMs: undefined }]);
      }
    }
  }

  it("reaches each contact once, whoever feeds and sends, and is paused for all of them", async () => {
    const people = await line.addPeople(CONTACTS);
    const segment = await line.segments.create(
      line.tenantId,
      { name: "Todos", filter: { kind: "bot", botId: line.bot.botId } },
      BY,
    );
    const id = await line.create([]);
    await line.admin.setSegment(line.tenantId, id, segment.segmentId, undefined, BY);
    await line.store.setApprovalAbove(line.tenantId, CONTACTS, BY);
    const signal = new AbortController().signal;
    await line.admin.schedule(line.tenantId, id, undefined, undefined, { by: BY, signal });
    const sent = new Map<string, number>();
    let isOver = false;
    const gate = createGate(PROCESSES);
    const working = pools
      .slice(1)
      .map((pool, process) => work(pool, `process ${process}`, () => isOver, sent, gate));
    try {
      await gate.reached;
      await line.take(id, { kind: "pause" });
      const before = sent.size;
      gate.open();
      for (let look = 0; look < 5; look++) expect(await line.claim()).toEqual([]);
      expect(sent.size).toBe(before);
      await line.take(id, { kind: "resume" });
      await expect.poll(async () => (await line.find(id)).state, { timeout: 120_000 }).toBe("done");
    } finally {
      isOver = true;
      await Promise.all(working);
    }
    expect(sent.size).toBe(people.length);
    expect(Math.max(...sent.values())).toBe(1);
    expect((await line.find(id)).counts).toMatchObject({ sent: CONTACTS, queued: 0, pending: 0 });
    const parts = await database.query<{ n: number }>(
      "select count(*)::int as n from outbox where recipient_id is not null",
    );
    expect(parts).toEqual([{ n: CONTACTS }]);
  });
});

/** Where each process waits once, with nothing on its way, until it is opened. */
interface Gate {
  arrive(): void;
  open(): void;
  readonly reached: Promise<void>;
  readonly opened: Promise<void>;
}

function createGate(processes: number): Gate {
  let waiting = 0;
  let [arriveAll, open] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => {
    arriveAll = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    arrive() {
      waiting += 1;
      if (waiting === processes) arriveAll();
    },
    open: () => open(),
    reached,
    opened,
  };
}
