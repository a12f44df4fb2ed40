import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { KeysetRequest, Position } from "../core/page.ts";
import { atOf, type PlacedRow, toKeysetPage } from "./keyset.ts";
import { openEmbedded } from "./open-embedded.ts";

it("shows each row once, though many were made in the same microsecond or millisecond", async () => {
  const database = await openEmbedded({ dataDirectory: undefined });
  try {
    await database.asOwner(async (tx) => {
      await tx.query("create temp table entry (id uuid primary key, created_at timestamptz)");
      for (let number = 0; number < 40; number += 1) {
        const at = `2026-11-21T09:30:00.00000${number % 3}Z`;
        await tx.query("insert into entry values ($1, $2)", [randomUUID(), at]);
      }
      const read = async ({ after, limit }: KeysetRequest) => {
        const rows = await tx.query<PlacedRow>(
          `select id, ${atOf("created_at")} as at from entry
            where $1::timestamptz is null or (created_at, id) < ($1::timestamptz, $2::uuid)
            order by created_at desc, id desc limit $3`,
          [after?.at ?? null, after?.id ?? null, limit + 1],
        );
        return toKeysetPage(rows, limit, ({ id }) => id);
      };
      const seen: string[] = [];
      let after: Position | undefined;
      do {
        const page = await read({ after, limit: 7 });
        seen.push(...page.entries);
        after = page.next;
      } while (after !== undefined);
      expect([seen.length, new Set(seen).size]).toEqual([40, 40]);
    });
  } finally {
    await database.close();
  }
});
