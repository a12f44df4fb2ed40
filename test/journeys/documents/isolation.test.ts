import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import type { DocumentView } from "../../../src/core/documents.ts";
import { type FaultPoint, noFaults } from "../../../src/core/fault-point.ts";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { noMetrics } from "../../../src/core/metrics.ts";
import { createDocumentFeatures, type DocumentFeatures } from "../../../src/document-features.ts";
import { createExtractor } from "../../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../../src/gazette/extract/limits.ts";
import { createGuardedFetch } from "../../../src/guarded-fetch/guarded-fetch.ts";
import { createProcessCache } from "../../../src/queue/process-cache.ts";
import { createRetriever } from "../../../src/retrieval/create-retriever.ts";
import type { Database } from "../../../src/store/database.ts";
import { createCipher } from "../../../src/store/encryption.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";
import { dumpTables } from "./dump-tables.ts";

const TOWN = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const OTHER = asId<TenantId>("00000000-0000-4000-8000-00000000000b");
const { signal } = new AbortController();
const answers = createProcessCache({ maxBytes: 1_000_000 });
let database: Database;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pregonero-documents-"));
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  await database.asDispatcher(async (tx) => {
    for (const id of [TOWN, OTHER])
      await tx.query("insert into tenant (id, slug, name) values ($1::uuid, $1::text, 'Town')", [
        id,
      ]);
  });
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

let isDead = false;

/** Takes nothing more from a process that is dead, as no process does that was killed. */
function dyingDatabase(): Database {
  const unlessDead = <Result>(work: () => Promise<Result>): Promise<Result> =>
    isDead ? Promise.reject(new DeadProcess()) : work();
  return {
    ...database,
    asTenant: (tenantId, work) => unlessDead(() => database.asTenant(tenantId, work)),
    asDispatcher: (work) => unlessDead(() => database.asDispatcher(work)),
  };
}

function open(
  given: {
    readonly database?: Database;
    readonly quota?: { readonly documents: number; readonly bytes: number };
  } = {},
): DocumentFeatures {
  return createDocumentFeatures({
    config: {
      mode: "embedded",
      filesDirectory: folder,
      allowedPrivateAddresses: [],
      documentQuota: given.quota ?? { documents: 100, bytes: 10_000_000 },
    },
    database: given.database ?? database,
    cipher: createCipher([Buffer.alloc(32, 7)]),
    extractor: createExtractor(DEFAULT_LIMITS),
    guardedFetch: createGuardedFetch(),
    answers,
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
  });
}

async function add(features: DocumentFeatures, tenantId: TenantId, title: string, text: string) {
  const draft = { title, language: "es", isPublic: false, url: undefined } as const;
  const { id } = await features.documents.create(tenantId, draft, "test");
  await send(features, tenantId, id, text);
  return id;
}

function send(
  { documents }: DocumentFeatures,
  tenantId: TenantId,
  id: DocumentView["id"],
  text: string,
) {
  const content = Readable.from([Buffer.from(text)]);
  const upload = { fileName: "a.txt", content, byteCount: undefined, signal };
  return documents.receive(tenantId, id, upload, "test");
}

async function countFiles(): Promise<number> {
  return (await readdir(path.join(folder, "documents", TOWN))).length;
}

/** Works until nothing is due. */
async function work(features: DocumentFeatures, faultPoint: FaultPoint = noFaults): Promise<void> {
  const running = features.startWork(faultPoint);
  await expect
    .poll(
      async () => {
        const rows = await database.asOwner((tx) =>
          tx.query<{ open: number }>(
            `select (select count(*)::integer from document_version where state not in ('ready', 'failed'))
                  + (select count(*)::integer from document where deleting_at is not null) as open`,
          ),
        );
        return rows[0]?.open;
      },
      { timeout: 150_000 },
    )
    .toBe(0);
  await running.close();
}

/** Words that nobody else has, the same for the same number. */
const wordOf = (n: number) =>
  `z${[...String(n)].map((digit) => "bcdfghjklm"[Number(digit)]).join("a")}orix`;

describe("documents of two tenants", () => {
  it("never meet: 1,000 questions with the very words of one find nothing of it for the other", async () => {
    const features = open();
    const texts = Array.from({ length: 4 }, (_, at) =>
      Array.from(
        { length: 250 },
        (_, row) =>
          `Artículo ${row + 1}.- La tarifa del servicio ${wordOf(at * 250 + row)} es de ${at * 250 + row} colones.`,
      ).join("\n\n"),
    );
    for (const [at, text] of texts.entries()) await add(features, OTHER, `Ajeno ${at}`, text);
    const own = await add(
      features,
      TOWN,
      "Propio",
      "Artículo 1.- La tarifa del parque es de 5 colones.",
    );
    await work(features);
    const retriever = createRetriever({ database, clock: systemClock, logger: silentLogger });
    const ask = (tenantId: TenantId, question: string, knowledgeSets: readonly string[] = []) =>
      retriever.retrieve(tenantId, { question, language: "es", limit: 8, knowledgeSets }, signal);
    await features.knowledgeSets.save(
      TOWN,
      "todo",
      { description: "", gazettes: "all", documents: "all" },
      0,
      "test",
    );
    let mine = 0;
    for (let n = 0; n < 1_000; n++) {
      const question = `¿Cuál es la tarifa del servicio ${wordOf(n)}?`;
      // In turn, so that what is kept in memory for the one would be met by the other.
      if (n % 10 === 0) {
        const there = await ask(OTHER, question);
        expect(there.passages[0]?.passage.text).toContain(wordOf(n));
      }
      const here = await ask(TOWN, question, n % 2 === 0 ? [] : ["todo"]);
      for (const { passage, document } of here.passages) {
        expect(document?.documentId).toBe(own);
        expect(passage.text).not.toContain("orix");
        mine += 1;
      }
      expect(here.evidence.score ?? 0, "no other tenant's words count").not.toBe(Number.NaN);
    }
    expect(mine).toBeGreaterThan(0);
    const counts = await database.asTenant(TOWN, (tx) =>
      tx.query("select lexeme from lexeme where lexeme like '%orix'"),
    );
    expect(counts).toEqual([]);
  }, 600_000);
});

describe("work on documents", () => {
  it.each(["document:file-kept", "document:read"])(
    "that dies at %s is done by the next process, once",
    async (point) => {
      const features = open();
      const word = `muerte${point.length}`;
      const id = await add(features, TOWN, "Reglamento", `La palabra es ${word}.`);
      const mortal = open({ database: dyingDatabase() });
      const died = new Promise<void>((resolve) => {
        const dying = mortal.startWork((name) => {
          if (name !== point) return;
          isDead = true;
          resolve(dying.close());
          throw new DeadProcess();
        });
      });
      await died;
      isDead = false;
      await work(open());
      const document = await features.documents.find(TOWN, id);
      expect(document?.versions.map(({ state, isCurrent }) => [state, isCurrent])).toEqual([
        ["ready", true],
      ]);
      const rows = await database.asOwner((tx) =>
        tx.query("select id from passage where text like $1", [`%${word}%`]),
      );
      expect(rows).toHaveLength(1);
    },
  );

  it("ends a removal that was cut off between tables and files", async () => {
    isDead = false;
    const features = open();
    const dying = open({ database: dyingDatabase() });
    const id = await add(features, TOWN, "Canario kanarium", "El canario kanarium canta.");
    await work(features);
    answers.set(`${TOWN}:x`, "kept", 60_000);
    // It dies where the tables are done and the files are not.
    const forget = answers.forget;
    answers.forget = async (prefix) => {
      await forget(prefix);
      isDead = true;
    };
    expect(await dying.documents.remove(TOWN, id, "test")).toBe(true);
    answers.forget = forget;
    expect(await dumpTables(database)).not.toMatch(/kanari/);
    const before = await countFiles();
    await work(open());
    expect(await answers.get(`${TOWN}:x`)).toBeUndefined();
    expect(await countFiles()).toBe(before - 1);
    expect(await features.documents.find(TOWN, id)).toBeUndefined();
  });

  it("refuses more documents and more bytes than the quota, and leaves nothing of them", async () => {
    const small = open({ quota: { documents: 10_000, bytes: 200_000 } });
    const draft = { title: "Lleno", language: "es", isPublic: false, url: undefined } as const;
    const { id } = await small.documents.create(TOWN, draft, "test");
    await expect(send(small, TOWN, id, "a".repeat(300_000))).rejects.toMatchObject({
      code: expect.stringMatching(/^document-(quota|too-large)$/),
    });
    expect((await small.documents.find(TOWN, id))?.versions).toEqual([]);
    const none = open({ quota: { documents: 1, bytes: 1_000 } });
    await expect(none.documents.create(TOWN, draft, "test")).rejects.toMatchObject({
      code: "document-quota",
    });
  });
});

class DeadProcess extends Error {}
