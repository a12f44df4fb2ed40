import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceId, TenantId } from "../../../src/core/ids.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { noMetrics } from "../../../src/core/metrics.ts";
import type { Weekday } from "../../../src/core/newsroom.ts";
import { createExtractor } from "../../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../../src/gazette/extract/limits.ts";
import { createIngest } from "../../../src/gazette/ingest.ts";
import { createGuardedFetch } from "../../../src/guarded-fetch/guarded-fetch.ts";
import { createCollector } from "../../../src/newsroom/collection/collector.ts";
import { createPoliteFetch } from "../../../src/newsroom/collection/polite-fetch.ts";
import {
  createSourceAdmin,
  type SourceAdmin,
} from "../../../src/newsroom/collection/source-admin.ts";
import { createWatchedFolders } from "../../../src/newsroom/collection/watched-folders.ts";
import type { Database } from "../../../src/store/database.ts";
import { createFileStore } from "../../../src/store/file-store.ts";
import { createGazetteStore } from "../../../src/store/gazette-store.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { createCollectionLedger } from "../../../src/store/newsroom/collection-ledger.ts";
import { createSourceStore } from "../../../src/store/newsroom/source-store.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";
import { NO_BROWSER } from "../../newsroom/no-browser.ts";
import { type GazetteSite, startGazetteSite } from "../../stand-ins/gazette-site/gazette-site.ts";

/** A simulated fortnight: two sources, two replicas, and a site with every fault that the stand-in knows. */
const tenantId = "00000000-0000-4000-8000-000000000001" as TenantId;
const by = { actor: "test" };
const EVERY_DAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const STEP_MS = 30 * 60_000;
/** Costa Rica is six hours behind, all year. */
const at = (day: number, time: string) =>
  new Date(`2026-11-${String(day).padStart(2, "0")}T${time}:00-06:00`);
const dateOf = (day: number) => `2026-11-${String(day).padStart(2, "0")}`;
const signal = new AbortController().signal;

let folder: string;
let database: Database;
let site: GazetteSite;
let sources: SourceAdmin;
let replicas: readonly ReturnType<typeof createCollector>[];
let gazette: SourceId;
let listed: SourceId;
let now = at(2, "00:00");
const clock = { now: () => new Date(now) };
/** A process dies here, once, on the 14th. */
let deaths = 0;
function dieOnce(name: string): void {
  if (name !== "newsroom:collected" || deaths > 0 || now < at(14, "06:00")) return;
  deaths += 1;
  throw new Error("killed");
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pregonero-newsroom-"));
  site = await startGazetteSite();
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  const gazetteStore = createGazetteStore(database);
  const fileStore = createFileStore(folder);
  const extractor = createExtractor(DEFAULT_LIMITS);
  const ports = {
    ledger: createCollectionLedger(database),
    politeFetch: createPoliteFetch({
      guardedFetch: createGuardedFetch({ allowed: [{ address: "127.0.0.1", port: site.port }] }),
      clock,
      wait: async () => {},
      timeoutMs: 1_000,
    }),
    ingest: createIngest({ gazetteStore, fileStore, extractor, clock, logger: silentLogger }),
    fileStore,
    listingBrowser: NO_BROWSER,
    watchedFolders: createWatchedFolders({ root: undefined, wait: async () => {} }),
    dateOf: async (
      _owner: TenantId | undefined,
      editionId: Parameters<typeof gazetteStore.getEdition>[1],
    ) => (await gazetteStore.getEdition(tenantId, editionId))?.publishedOn,
    clock,
    chance: () => 0,
    logger: silentLogger,
    metrics: noMetrics,
  };
  replicas = [
    createCollector({ ...ports, owner: "one", faultPoint: dieOnce }),
    createCollector({ ...ports, owner: "two", faultPoint: dieOnce }),
  ];
  sources = createSourceAdmin({
    store: createSourceStore(database),
    fileStore,
    checkUrl() {},
    clock,
  });
});
afterAll(async () => {
  await site?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Both replicas look, at this moment, until neither finds anything. */
async function look(): Promise<void> {
  await Promise.all(
    replicas.map(async (collect) => {
      let failures = 0;
      // One dies once; whoever looks again goes on. More is a fault of the test or of ours.
      const next = () =>
        collect(signal).catch((error: unknown) => {
          failures += 1;
          if (failures > 2) throw error;
          return true;
        });
      while (await next()) {
        // Others may be due.
      }
    }),
  );
}

/** Half an hour after the other, up to `until`; `script` says what happens at which moment. */
async function run(
  until: Date,
  script: readonly (readonly [Date, () => unknown])[],
): Promise<void> {
  const left = [...script].sort(([a], [b]) => a.getTime() - b.getTime());
  while (now < until) {
    while (left[0] !== undefined && left[0][0] <= now) await left.shift()?.[1]();
    await look();
    now = new Date(now.getTime() + STEP_MS);
  }
}

const query = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.asOwner((tx) => tx.query<Row>(text, values));

async function statesOf(sourceId: SourceId): Promise<Record<string, string>> {
  const days = await sources.calendar(undefined, sourceId, "2026-11");
  return Object.fromEntries(
    days.flatMap(({ date, edition }) => (edition === undefined ? [] : [[date, edition.state]])),
  );
}

const SETTINGS = {
  hosts: ["127.0.0.1"],
  weekdays: EVERY_DAY,
  expectedAt: "06:00",
  lateAfterMinutes: 120,
  missingAfterMinutes: 600,
  lookEveryMinutes: 30,
  pauseSeconds: 0.5,
};
const place = (slug: string) =>
  ({ slug, name: slug, language: "es", country: "CR", timeZone: "America/Costa_Rica" }) as const;

describe("a fortnight of a gazette", { timeout: 300_000 }, () => {
  it("brings each edition once, and each trouble to somebody's notice once, in time", async () => {
    const added = await sources.add(
      undefined,
      {
        source: place("gaceta-simulada"),
        settings: { ...SETTINGS, locator: { kind: "address", url: site.address }, recheckDays: 1 },
      },
      by,
    );
    gazette = added.source.sourceId;
    const faults: readonly (readonly [number, Parameters<GazetteSite["setFault"]>[1], string?])[] =
      [
        [3, "missing", "09:00"],
        [4, "missing"],
        [5, "cut-off"],
        [6, "truncated", "07:00"],
        [7, "slow", "06:30"],
        [8, "redirect-loop"],
        [9, "other-host"],
        [10, "web-page", "10:00"],
        [11, "unavailable", "06:30"],
        [12, "other-date", "12:00"],
        [13, "changed-layout", "12:00"],
      ];
    for (const [day, fault] of faults) site.setFault(dateOf(day), fault);
    const ends = faults.flatMap(([day, , end]) =>
      end === undefined
        ? []
        : [[at(day, end), () => site.setFault(dateOf(day), undefined)] as const],
    );
    // Nobody runs on the 5th until the evening: what is overdue then is looked for before anybody is alarmed.
    await run(at(5, "00:00"), ends);
    now = at(5, "20:00");
    await run(at(16, "00:00"), [
      ...ends.filter(([when]) => when >= at(5, "00:00")),
      [
        at(12, "00:00"),
        async () => {
          const made = await sources.add(
            undefined,
            {
              source: place("gaceta-listada"),
              settings: {
                ...SETTINGS,
                locator: {
                  kind: "listing",
                  url: site.listing,
                  selector: "ul.ediciones a.pdf",
                  links: [site.links],
                },
                recheckDays: 0,
              },
            },
            by,
          );
          listed = made.source.sourceId;
        },
      ],
      [at(12, "12:00"), () => sources.decide(undefined, gazette, dateOf(12), "reject", by)],
      [
        at(13, "12:00"),
        () =>
          sources.change(undefined, listed, { settings: { lookEveryMinutes: 31 } }, undefined, by),
      ],
      [at(13, "15:00"), () => site.correct(dateOf(13))],
    ]);

    expect(await statesOf(gazette)).toEqual({
      [dateOf(2)]: "collected",
      [dateOf(3)]: "collected",
      [dateOf(4)]: "missing",
      [dateOf(5)]: "collected",
      [dateOf(6)]: "collected",
      [dateOf(7)]: "collected",
      [dateOf(8)]: "failed",
      [dateOf(9)]: "failed",
      [dateOf(10)]: "collected",
      [dateOf(11)]: "collected",
      [dateOf(12)]: "collected",
      [dateOf(13)]: "corrected",
      [dateOf(14)]: "collected",
      [dateOf(15)]: "collected",
    });
    const states = await statesOf(listed);
    expect(states).toMatchObject({ [dateOf(13)]: "collected", [dateOf(14)]: "collected" });

    // Exactly once, whoever collected it.
    const editions = await query<{ published_on: string; current: number; superseded: number }>(
      `select published_on, count(*) filter (where superseded_by is null)::int as current,
              count(*) filter (where superseded_by is not null)::int as superseded
         from edition where source_id = $1 group by published_on order by published_on`,
      [gazette],
    );
    expect(editions.map(({ published_on }) => Number(published_on.slice(8)))).toEqual([
      2, 3, 5, 6, 7, 10, 11, 12, 13, 14, 15,
    ]);
    for (const edition of editions) {
      const isCorrected = edition.published_on === dateOf(13);
      expect(edition, edition.published_on).toMatchObject({
        current: 1,
        superseded: isCorrected ? 1 : 0,
      });
    }

    // Told once, within one look of the hour at which it was late.
    const alerts = await query<{ on: string; state: string }>(
      `select detail ->> 'publishedOn' as on, detail ->> 'state' as state from event
        where kind = 'edition-alert' and detail ->> 'sourceId' = $1 order by 1`,
      [gazette],
    );
    expect(alerts).toEqual([
      { on: dateOf(3), state: "late" },
      { on: dateOf(4), state: "late" },
      { on: dateOf(8), state: "failed" },
      { on: dateOf(9), state: "failed" },
      { on: dateOf(10), state: "failed" },
      { on: dateOf(12), state: "held-for-review" },
    ]);
    const late = await query<{ published_on: string; minutes: number }>(
      `select published_on, extract(epoch from alerted_at - late_at)::int / 60 as minutes
         from edition_expectation where alerted_at is not null and alerted_at - late_at > interval '30 minutes'`,
    );
    expect(late).toEqual([]);
    const listedAlerts = await query<{ on: string }>(
      `select detail ->> 'publishedOn' as on from event
        where kind = 'edition-alert' and detail ->> 'sourceId' = $1`,
      [listed],
    );
    expect(listedAlerts.map(({ on }) => on)).toContain(dateOf(13));
    expect(new Set(listedAlerts.map(({ on }) => on)).size).toBe(listedAlerts.length);
  });

  it("says of each day what it was, in the words of the state machine", async () => {
    const reasonsOf = async (day: number) => {
      const { attempts } = await sources.history(undefined, gazette, dateOf(day));
      return new Set(attempts.flatMap(({ reason }) => (reason === undefined ? [] : [reason.code])));
    };
    expect(await reasonsOf(4)).toEqual(new Set(["not-there"]));
    expect(await reasonsOf(5)).toEqual(new Set());
    expect(await reasonsOf(6)).toEqual(new Set(["truncated"]));
    expect(await reasonsOf(7)).toEqual(new Set(["timed-out"]));
    expect(await reasonsOf(8)).toEqual(new Set(["redirect-loop"]));
    expect(await reasonsOf(9)).toEqual(new Set(["host-refused"]));
    expect(await reasonsOf(10)).toEqual(new Set(["wrong-content-type"]));
    expect(await reasonsOf(11)).toEqual(new Set(["http-503"]));
    expect(await reasonsOf(12)).toContain("same-as-another-date");
    const { changes, attempts, documents } = await sources.history(undefined, gazette, dateOf(13));
    expect(changes.map(({ to }) => to).reverse()).toEqual([
      "collecting",
      "collected",
      "collecting",
      "corrected",
    ]);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["corrected", "collected"]);
    expect(documents.map(({ state }) => state)).toEqual(["stored", "stored"]);
    // The one that died: begun again by whoever came next, and nothing was fetched twice for it.
    expect(deaths).toBe(1);
    const lost = await query<{ n: number }>(
      "select count(*)::int as n from collection_attempt where reason_code = 'process-lost'",
    );
    expect(lost[0]?.n).toBe(1);
  });

  it("asks politely: robots.txt first, in parts, and only for what is not known", async () => {
    const of = (path: string) => site.requests.filter((request) => request.path === path);
    const second = of("/pub/2026/11/02/COMP_02_11_2026.pdf");
    expect(second.map(({ status, isConditional }) => [status, isConditional])).toEqual([
      [206, false],
      [304, true],
    ]);
    expect(second[0]?.range).toBe("bytes=0-8388607");
    expect(site.requests[0]?.path).toBe("/robots.txt");
    const fifth = of("/pub/2026/11/05/COMP_05_11_2026.pdf").filter(
      ({ isConditional }) => !isConditional,
    );
    expect(fifth.map(({ range }) => range)).toEqual(["bytes=0-8388607", "bytes=0-2097151"]);
  });

  it("goes on for a range that was asked for, and says how far it is", async () => {
    site.setFault(dateOf(4), undefined);
    site.setFault(dateOf(8), undefined);
    site.setFault(dateOf(9), "missing");
    now = at(16, "03:00");
    const range = { from: dateOf(4), until: dateOf(9) };
    const asked = await sources.backfill(undefined, gazette, range, by);
    expect(asked).toMatchObject({ total: 6, settled: 3 });
    await look();
    const [after] = await sources.listBackfills(undefined, gazette);
    expect(after).toMatchObject({
      total: 6,
      settled: 6,
      counts: { collected: 5, missing: 1 },
    });
  });

  it("refuses what an older holder writes", async () => {
    const ledger = createCollectionLedger(database);
    now = at(20, "12:00");
    const first = await ledger.claim("slow", now, 60_000);
    if (first === undefined) throw new Error("nothing is due");
    now = new Date(now.getTime() + 61_000);
    const second = await ledger.claim("quick", now, 60_000);
    expect(second).toMatchObject({ sourceId: first.sourceId, owner: "quick" });
    await expect(ledger.plan(first, [], dateOf(30), now)).rejects.toMatchObject({
      code: "lease-lost",
    });
    expect(await ledger.keep(first, now, 60_000)).toBe(false);
    expect(await ledger.read(first)).toBeUndefined();
    // Letting go late takes it from nobody.
    await ledger.release(first, now);
    const [row] = await query<{ lease_owner: string }>(
      "select lease_owner from source_collection where source_id = $1",
      [first.sourceId],
    );
    expect(row?.lease_owner).toBe("quick");
  });
});
