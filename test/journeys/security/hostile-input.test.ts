import { afterAll, beforeAll, expect, it } from "vitest";
import { describeApi } from "../../../src/http/openapi.ts";
import { huntCanaries, plantCanaries } from "../../security/canaries.ts";
import { fillTables } from "../../security/foreign-rows.ts";
import { type Ground, startGround } from "../../security/ground.ts";
import { sendHostileBodies } from "../../security/hostile-bodies.ts";

const document = describeApi({ version: "0", publicUrl: undefined });
/** Some hundred requests; a busy machine takes minutes. */
const HOOK_MS = 600_000;

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
  const { database } = ground.people.installation;
  await fillTables(database, ground.foreign);
  expect(await plantCanaries(database, ground.foreign)).toBeGreaterThan(30);
}, HOOK_MS);
afterAll(() => ground?.close());

it(
  "shows nothing of another tenant in any list or search",
  async () => {
    const { asked, sightings } = await huntCanaries(ground, document);
    expect(asked).toBeGreaterThan(20);
    expect(sightings).toEqual([]);
  },
  HOOK_MS,
);

it(
  "takes no field that is not the caller's to say, no polluted prototype, and nothing for a proof",
  async () => {
    const { sent, taken } = await sendHostileBodies(ground, document);
    expect(sent).toBeGreaterThan(100);
    expect(taken).toEqual([]);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  },
  HOOK_MS,
);
