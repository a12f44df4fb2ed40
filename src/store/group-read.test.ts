import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type TenantId } from "../core/ids.ts";
import type { Database } from "./database.ts";
import { createGroupRead } from "./group-read.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const ALICE = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const BOB = asId<TenantId>("00000000-0000-4000-8000-00000000000b");
let database: Database;
beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
});
afterAll(() => database.close());

/** What each asked for, beside the tenant that the transaction which read it was of. */
function recorded() {
  const batches: string[][] = [];
  const read = createGroupRead(
    database,
    async (tx, _, asked: readonly { readonly tenantId: TenantId; readonly name: string }[]) => {
      batches.push(asked.map(({ name }) => name));
      const [row] = await tx.query<{ tenant: string }>(
        "select current_setting('pregonero.tenant_id') as tenant",
      );
      if (asked.some(({ name }) => name === "broken")) throw new Error("unreadable");
      return asked.map(({ name }) => `${name} of ${row?.tenant.at(-1)}`);
    },
  );
  return { batches, ask: (tenantId: TenantId, name: string) => read({ tenantId, name }) };
}

describe("what is read together", () => {
  it("is read at once for who comes first, and in one transaction for all of a tenant that come meanwhile", async () => {
    const { batches, ask } = recorded();
    const found = await Promise.all([
      ask(ALICE, "1"),
      ask(ALICE, "2"),
      ask(BOB, "3"),
      ask(ALICE, "4"),
    ]);
    expect(found).toEqual(["1 of a", "2 of a", "3 of b", "4 of a"]);
    expect(batches).toEqual([["1"], ["2", "4"], ["3"]]);
  });

  it("fails for the one that cannot be read, and for nobody else", async () => {
    const { ask } = recorded();
    const found = await Promise.allSettled([ask(ALICE, "1"), ask(ALICE, "broken"), ask(BOB, "3")]);
    expect(found.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});
