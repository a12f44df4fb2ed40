import { afterAll, beforeAll, expect, it } from "vitest";
import { describeApi } from "../../../src/http/openapi.ts";
import { fillTables } from "../../security/foreign-rows.ts";
import { type Ground, startGround } from "../../security/ground.ts";
import { type Swap, swapIds } from "../../security/swap-ids.ts";

/** Some hundred requests; a busy machine takes minutes. */
const HOOK_MS = 600_000;

let ground: Ground;
let swaps: readonly Swap[];
beforeAll(async () => {
  ground = await startGround();
  const ids = await fillTables(ground.people.installation.database, ground.foreign);
  swaps = await swapIds(ground, describeApi({ version: "0", publicUrl: undefined }), ids);
}, HOOK_MS);
afterAll(() => ground?.close());

it("answers a foreign id as one of nobody, in every place of every route that takes one", () => {
  expect(swaps.length).toBeGreaterThan(10);
  expect(swaps.filter(({ difference }) => difference !== undefined)).toEqual([]);
});

it("asks in earnest: every request is one that the route would take", () => {
  expect(swaps.filter(({ invalid }) => invalid !== undefined)).toEqual([]);
});
