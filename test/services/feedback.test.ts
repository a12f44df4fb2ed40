import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Vote } from "../../src/core/feedback.ts";
import { createAnalytics } from "../../src/store/analytics/analytics.ts";
import type { Database } from "../../src/store/database.ts";
import { createFeedbackStore } from "../../src/store/feedback/feedback.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addTenant, answer, message, openLedgers } from "../line/tenant-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";

const ROUNDS = 10;
const AT_ONCE = 9;

/** Processes are stood for by pools of their own: what they share is the server alone. */
describe.skipIf(servicesMissing())("judgements that race in several processes", () => {
  const key = randomBytes(32);
  const processes: Database[] = [];
  let postgres: EphemeralPostgres;
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    postgres = await startPostgres();
    testDatabase = await postgres.createDatabase();
    for (let index = 0; index < 3; index++) {
      processes.push(openServer({ url: testDatabase.url, maxConnections: 3 }));
    }
  });
  afterAll(async () => {
    await Promise.all(processes.map((database) => database.close()));
    await testDatabase?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  it("leave one of each contact and answer, and figures that say what it says", async () => {
    const lines = processes.map((database) => openLedgers(database, key));
    const [line] = lines;
    if (line === undefined) throw new Error("no process");
    const { tenantId, bot } = await addTenant(line);
    const messageIds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [accepted] = await line.inbox.accept(tenantId, [
        { bot, message: message(randomUUID()) },
      ]);
      const { due } = await line.conversations.readDue(
        await line.conversations.claim("w", 9, 60_000),
      );
      const events = [{ kind: "planned" as const, at: new Date(), detail: { cited: [] } }];
      await line.conversations.commitAnswers(due.map((each) => answer(each, 1, { events })));
      if (accepted !== undefined) messageIds.push(accepted.messageId);
    }
    await Promise.all(
      messageIds.flatMap((messageId) =>
        Array.from({ length: AT_ONCE }, (_, index) => {
          const own = lines[index % lines.length] ?? line;
          const vote = (["up", "down", "none"] as const)[index % 3] ?? "none";
          return createFeedbackStore(own.database, own.cipher).judge(bot, "7", messageId, {
            vote,
            comment: undefined,
          });
        }),
      ),
    );
    const rows = await line.database.asTenant(tenantId, (tx) =>
      tx.query<{ message_id: string; vote: Vote | null }>("select message_id, vote from feedback"),
    );
    expect(new Set(rows.map((row) => row.message_id)).size).toBe(ROUNDS);
    expect(rows).toHaveLength(ROUNDS);
    const days = await createAnalytics(line.database, line.cipher).read(tenantId, {
      from: "2000-01-01",
      to: "2999-12-31",
      botId: undefined,
    });
    const kept = (vote: Vote) => rows.filter((row) => row.vote === vote).length;
    expect(days.reduce((sum, { thumbsUp }) => sum + thumbsUp, 0)).toBe(kept("up"));
    expect(days.reduce((sum, { thumbsDown }) => sum + thumbsDown, 0)).toBe(kept("down"));
  });
});
