import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SourceId } from "../../src/core/ids.ts";
import type { CollectionSettings, Locator } from "../../src/core/newsroom.ts";
import { createSourceAdmin, type SourceAdmin } from "../../src/newsroom/collection/source-admin.ts";
import { createFileStore } from "../../src/store/file-store.ts";
import { createSourceStore } from "../../src/store/newsroom/source-store.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addTenant, type Ledgers, openLedgers } from "../line/tenant-line.ts";
import {
  type EphemeralPostgres,
  startPostgres,
  type TestDatabase,
} from "../services/harness/postgres.ts";
import { type GazetteSite, startGazetteSite } from "../stand-ins/gazette-site/gazette-site.ts";
import { type SimulatedSource, SOURCES } from "./month-plan.ts";
import { createReplica, type Replica } from "./replica.ts";
import { setTime, simulateTime } from "./simulated-time.ts";

export const LATE_AFTER_MINUTES = 120;
export const BY = { actor: "editor" };
const REPLICAS = ["one", "two"];

/** Three sites, a database whose time is ours, a tenant with a bot, and two processes that collect and tell. */
export interface Newsroom {
  readonly postgres: EphemeralPostgres;
  readonly database: TestDatabase;
  readonly ledgers: Ledgers;
  readonly tenant: Awaited<ReturnType<typeof addTenant>>;
  readonly sources: SourceAdmin;
  readonly sites: ReadonlyMap<SimulatedSource["slug"], GazetteSite>;
  readonly sourceIds: Map<SimulatedSource["slug"], SourceId>;
  readonly replicas: readonly Replica[];
  now(): Date;
  setNow(now: Date): Promise<void>;
  addSource(source: SimulatedSource): Promise<void>;
  close(): Promise<void>;
}

export async function openNewsroom(from: Date): Promise<Newsroom> {
  const folder = await mkdtemp(path.join(tmpdir(), "pregonero-newsroom-"));
  const postgres = await startPostgres();
  const database = await postgres.createDatabase();
  await simulateTime(database, from);
  const sites = new Map<SimulatedSource["slug"], GazetteSite>();
  for (const { slug, documents } of SOURCES) {
    sites.set(slug, await startGazetteSite({ documents, name: slug.toUpperCase() }));
  }
  const key = randomBytes(32);
  const ledgers = openLedgers(openServer({ url: database.url, maxConnections: 4 }), key);
  const tenant = await addTenant(ledgers);
  let now = from;
  const clock = { now: () => now };
  const sources = createSourceAdmin({
    store: createSourceStore(ledgers.database),
    fileStore: createFileStore(folder),
    checkUrl() {},
    clock,
  });
  const replicas = REPLICAS.map((owner) =>
    createReplica({
      databaseUrl: database.url,
      folder,
      ports: [...sites.values()].map(({ port }) => port),
      tenantId: tenant.tenantId,
      owner,
      key: key.toString("hex"),
    }),
  );
  const sourceIds = new Map<SimulatedSource["slug"], SourceId>();
  return {
    ...{ postgres, database, ledgers, tenant, sources, sites, sourceIds, replicas },
    now: () => now,
    async setNow(at) {
      now = at;
      await setTime(database, at);
    },
    async addSource(source) {
      const settings = settingsOf(source, siteOf(sites, source));
      const place = { slug: source.slug, name: source.title, language: "es" as const };
      const { country, timeZone } = source;
      const added = await sources.add(
        undefined,
        { source: { ...place, country, timeZone }, settings },
        BY,
      );
      sourceIds.set(source.slug, added.source.sourceId);
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()));
      await Promise.all([...sites.values()].map((site) => site.close()));
      await ledgers.database.close();
      await database.drop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function siteOf(
  sites: ReadonlyMap<SimulatedSource["slug"], GazetteSite>,
  { slug }: Pick<SimulatedSource, "slug">,
): GazetteSite {
  const site = sites.get(slug);
  if (site === undefined) throw new Error(`There is no site of ${slug}.`);
  return site;
}

function settingsOf(source: SimulatedSource, site: GazetteSite): Partial<CollectionSettings> {
  const links = [site.links];
  const locator: Readonly<Record<SimulatedSource["locator"], Locator>> = {
    address: { kind: "address", url: site.address },
    listing: { kind: "listing", url: site.listing, selector: "ul.ediciones a.pdf", links },
    feed: { kind: "listing", url: site.feed, selector: undefined, links },
  };
  return {
    locator: locator[source.locator],
    hosts: ["127.0.0.1"],
    weekdays: source.weekdays,
    holidays: source.holidays,
    expectedAt: source.expectedAt,
    lateAfterMinutes: LATE_AFTER_MINUTES,
    missingAfterMinutes: 600,
    lookEveryMinutes: 30,
    pauseSeconds: 0.5,
    recheckDays: 1,
  };
}
