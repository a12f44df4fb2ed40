import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addTenant, type Ledgers, openLedgers } from "../../../test/line/tenant-line.ts";
import { createContactImporter, type ImportOptions } from "../../contacts/import-file.ts";
import { systemClock } from "../../core/clock.ts";
import type { ContactImports } from "../../core/contact-import.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createContactFiles } from "./contact-files.ts";
import { createContactImports } from "./contact-imports.ts";

const BY = { actor: "test", requestId: "r1" };
const OPTIONS: ImportOptions = { isDryRun: false, skipsInvalid: false, country: undefined };
/** One more than a batch. */
const LINES = 501;
const FIRST = { after: undefined, limit: 10 };

let database: Database;
let line: Ledgers;
let tenantId: TenantId;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId } = await addTenant(line));
});

const imports = () => createContactImports(database, line.cipher);
const importer = (over: ContactImports = imports()) =>
  createContactImporter({
    files: createContactFiles(database, line.cipher),
    imports: over,
    clock: systemClock,
  });

const inTenant = <Row extends object>(text: string) =>
  database.asTenant(tenantId, (tx) => tx.query<Row>(text));
async function count(text: string): Promise<number> {
  const [row] = await inTenant<{ n: number }>(`select count(*)::int as n from ${text}`);
  return row?.n ?? -1;
}

async function* file(count = LINES, last = ""): AsyncGenerator<Buffer> {
  yield Buffer.from("phone,name,consent,consent_at,consent_evidence\n");
  for (let at = 0; at < count; at++) {
    yield Buffer.from(`+5068${String(at).padStart(7, "0")},Ana ${at},granted,2026-03-01,acta 12\n`);
  }
  yield Buffer.from(last);
}

const signal = new AbortController().signal;
const take = (over?: ContactImports, options: Partial<ImportOptions> = {}, bytes = file()) =>
  importer(over).importFile(tenantId, bytes, { ...OPTIONS, ...options }, BY, signal);

/** As if whoever worked on them had said nothing for two minutes. */
async function recover(): Promise<void> {
  await inTenant("update contact_import set busy_until = now() - interval '1 second'");
  while (await importer().finishLeft(signal));
}

/** The ports of a process that dies after so many calls: none that follows is heard of. */
function dying(after: number): ContactImports & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  const living = imports();
  const wrap =
    <Given extends unknown[], Result>(name: string, call: (...given: Given) => Promise<Result>) =>
    async (...given: Given) => {
      if (calls.length >= after) throw new Error("dead");
      const result = await call(...given);
      calls.push(name);
      if (calls.length === after) throw new Error("dies");
      return result;
    };
  return {
    calls,
    begin: wrap("begin", living.begin),
    putAside: wrap("putAside", living.putAside),
    decide: wrap("decide", living.decide),
    close: wrap("close", living.close),
    takeNext: wrap("takeNext", living.takeNext),
    findLeft: wrap("findLeft", living.findLeft),
    list: living.list,
  };
}

describe("a file of contacts", () => {
  it("is there whole or not at all, wherever the process dies", async () => {
    const seen: (readonly [string, number])[] = [];
    for (let after = 1; ; after++) {
      ({ tenantId } = await addTenant(line));
      const mortal = dying(after);
      const report = await take(mortal).catch(() => undefined);
      await recover();
      const contacts = await count("contact");
      seen.push([mortal.calls.at(-1) ?? "", contacts]);
      expect(await count("contact_import_batch")).toBe(0);
      expect(await count("audit where action = 'contacts-imported'")).toBe(contacts > 0 ? 1 : 0);
      expect(await count("contact_consent")).toBe(contacts);
      const { entries } = await imports().list(tenantId, FIRST);
      expect(entries).toMatchObject([
        { state: contacts > 0 ? "done" : "abandoned", created: contacts },
      ]);
      if (report !== undefined) break;
    }
    expect(seen).toEqual([
      ["begin", 0],
      ["putAside", 0],
      ["putAside", 0],
      ["decide", LINES],
      ["takeNext", LINES],
      ["takeNext", LINES],
      ["takeNext", LINES],
      ["takeNext", LINES],
    ]);
  });

  it("with a bad last line leaves nothing of it, and says so; a dry run leaves no trace", async () => {
    const bad = "8777,Eva,granted,2026-03-01,acta\n";
    const refused = await take(imports(), {}, file(LINES, bad));
    expect(refused).toMatchObject({ lines: LINES + 1, created: 0, skipped: 1, badLineCount: 1 });
    await take(imports(), { isDryRun: true }, file(LINES, bad));
    expect(await count("contact")).toBe(0);
    expect(await count("contact_import_batch")).toBe(0);
    expect((await imports().list(tenantId, FIRST)).entries).toMatchObject([
      { state: "refused", lines: LINES + 1, badLines: 1, startedBy: "test" },
    ]);
  });

  it("waits for nobody's other file: a second one is refused, while it can be tried", async () => {
    const under = await imports().begin(tenantId, false, BY);
    await expect(take()).rejects.toMatchObject({ code: "import-under-way" });
    expect(await take(imports(), { isDryRun: true })).toMatchObject({ lines: LINES });
    // A file that was given up meanwhile is not taken after all.
    await recover();
    const progress = { lines: 1, badLines: 0 };
    await expect(imports().putAside(tenantId, under, [], progress)).rejects.toMatchObject({
      code: "import-lost",
    });
    expect((await take()).created).toBe(LINES);
    expect((await take()).updated).toBe(LINES);
  });

  it("refuses a line whose contact would have too many fields, and names it", async () => {
    const with50 = (prefix: string) => {
      const names = Array.from({ length: 50 }, (_, index) => `field:${prefix}${index}`);
      return async function* () {
        yield Buffer.from(
          `phone,consent,${names.join(",")}\n+50680000000,unknown${",x".repeat(50)}\n`,
        );
      };
    };
    expect(await take(imports(), {}, with50("a")())).toMatchObject({ created: 1 });
    expect(await take(imports(), {}, with50("a")())).toMatchObject({ updated: 1 });
    expect(await take(imports(), {}, with50("b")())).toMatchObject({
      updated: 0,
      badLines: [{ line: 2, rule: "too-many-fields" }],
    });
  });

  it("is given up when its sender goes away, and taken when they go after it was decided", async () => {
    const gone = new AbortController();
    const leaving = {
      ...imports(),
      putAside: async (...given: Parameters<ContactImports["putAside"]>) => {
        await imports().putAside(...given);
        gone.abort();
      },
    };
    await expect(
      importer(leaving).importFile(tenantId, file(), OPTIONS, BY, gone.signal),
    ).rejects.toThrow();
    expect(await count("contact")).toBe(0);
    expect((await imports().list(tenantId, FIRST)).entries).toMatchObject([{ state: "abandoned" }]);
    const late = new AbortController();
    const deciding = {
      ...imports(),
      decide: async (...given: Parameters<ContactImports["decide"]>) => {
        await imports().decide(...given);
        late.abort();
      },
    };
    await importer(deciding).importFile(tenantId, file(), OPTIONS, BY, late.signal);
    expect(await count("contact")).toBe(LINES);
  });
});
