import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLineModel, type Step } from "../../test/line/line-model.ts";
import { type Ledgers, openLedgers } from "../../test/line/tenant-line.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

/** However slow the machine: what was not tried in this time is tried another day, with other seeds. */
const TIME_LIMIT_MS = 10_000;
const RUNS = 25;

let database: Database;
let line: Ledgers;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());

const owner = fc.nat(2);
const which = fc.nat(5);
const chat = fc.nat(1);
const limit = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write"), chat, key: fc.nat(7) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("edit"), chat, key: fc.nat(3), of: fc.nat(7) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("claim"), owner, limit }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("read"), owner }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("release"), owner }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("answer"), owner, which, parts: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("fail"), owner, which, isFinal: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("claim-parts"), owner, limit }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("settle"),
      owner,
      which,
      outcome: fc.constantFrom("sent", "refused", "again", "unknown"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("time-passes"),
      ms: fc.constantFrom(1_500, 3_000, 31_000, 61_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sweep") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("die"), owner }) },
);

it("loses nothing, doubles nothing and keeps the order, whatever three processes do and repeat", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 60, size: "max" }),
      async (steps) => {
        await database.asOwner((tx) => tx.query("truncate outbox, inbox, conversation cascade"));
        const model = await openLineModel(line);
        for (const taken of steps) await model.take(taken);
        await model.finish();
        await model.verify();
        runs += 1;
      },
    ),
    {
      numRuns: RUNS,
      interruptAfterTimeLimit: TIME_LIMIT_MS,
      markInterruptAsFailure: false,
    },
  );
  expect(runs).toBeGreaterThan(0);
});
