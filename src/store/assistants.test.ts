import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addBot, addTenant, openLedgers } from "../../test/line/tenant-line.ts";
import { type AssistantSettings, DEFAULT_STYLE, type Endpoint } from "../core/assistant.ts";
import type { BotAccount } from "../core/channel.ts";
import { asId, type TenantId } from "../core/ids.ts";
import { createAssistantStore } from "./assistants.ts";
import type { Database } from "./database.ts";
import { createCipher } from "./encryption.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const CANARY = "sk-canary-of-the-tenant";
const ENDPOINT: Endpoint = { baseUrl: "https://llm.example.org/v1", apiKey: CANARY };
const secret = randomBytes(32);
const cipher = createCipher([secret]);

let database: Database;
let mine: { readonly tenantId: TenantId; readonly bot: BotAccount };
let theirs: TenantId;
beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  const line = openLedgers(database);
  mine = await addTenant(line);
  theirs = (await addTenant(line)).tenantId;
});
afterAll(() => database.close());

function settings(endpoint: Endpoint | undefined = undefined): AssistantSettings {
  const link = { provider: "openai", model: "gpt-5-mini", isUnlisted: false, endpoint };
  return {
    ...DEFAULT_STYLE,
    persona: "Clara",
    forbiddenTopics: ["elecciones"],
    largeContextCharacters: 6_000,
    usual: [link],
    large: [{ ...link, model: "gpt-5" }],
  };
}

const store = () => createAssistantStore(database, cipher);
const save = (name: string, revision = 0, isDefault = false, endpoint = ENDPOINT) =>
  store().save(mine.tenantId, { name, isDefault, settings: settings(endpoint) }, revision, "ana");

describe("assistants at rest", () => {
  it("come back as they were saved, keys and all, for their tenant alone", async () => {
    await save("civica", 0, true);
    const { assistants, revision } = await store().load(mine.tenantId);
    expect(assistants).toEqual([
      {
        assistantId: expect.any(String),
        name: "civica",
        isDefault: true,
        revision: 1,
        settings: settings(ENDPOINT),
      },
    ]);
    expect(revision).toBe(1);
    expect(await store().load(theirs)).toEqual({
      revision: 0,
      assistants: [],
      byBot: new Map(),
    });
  });

  it("have their addresses and keys encrypted, and neither in the audit log", async () => {
    const dump = await database.asTenant(mine.tenantId, (tx) =>
      tx.query<{ row: string }>(
        `select l::text as row from assistant_link l union all select a::text from assistant a
         union all select d::text from audit d union all select v::text from assistant_version v`,
      ),
    );
    const text = dump.map(({ row }) => row).join("\n");
    expect(text).toContain("gpt-5-mini");
    expect(text).toContain("assistant-saved");
    for (const hidden of [CANARY, Buffer.from(CANARY).toString("hex"), "llm.example.org"])
      expect(text).not.toContain(hidden);
  });

  it("whose key is gone can still be read: that link is marked, and no other", async () => {
    const other = createAssistantStore(database, createCipher([randomBytes(32)]));
    const { assistants } = await other.load(mine.tenantId);
    expect(assistants[0]?.settings.usual[0]?.endpoint).toBe("unreadable");
    expect(assistants[0]?.settings.persona).toBe("Clara");
  });

  it("are not overwritten by who read them before the last change", async () => {
    await save("revised");
    await save("revised", 1);
    await expect(save("revised", 1)).rejects.toMatchObject({
      code: "assistant-changed",
      status: 409,
    });
    const { assistants } = await store().load(mine.tenantId);
    expect(assistants.find(({ name }) => name === "revised")?.revision).toBe(2);
  });

  it("of two that save at once, one is told to read again", async () => {
    const outcomes = await Promise.allSettled([save("raced"), save("raced")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("have one default: the new one takes the place of the old", async () => {
    await save("second", 0, true);
    const { assistants } = await store().load(mine.tenantId);
    expect(assistants.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual([
      "second",
    ]);
  });

  it("raise the tenant's revision with every change", async () => {
    const before = await store().revision(mine.tenantId);
    await save("counted");
    await store().use(mine.tenantId, mine.bot.botId, "counted", "ana");
    expect(await store().revision(mine.tenantId)).toBe(before + 2);
    expect(await store().revision(theirs)).toBe(0);
  });
});

describe("versions at rest", () => {
  it("are kept without keys, for their tenant alone, and no more than a hundred", async () => {
    await save("kept");
    const [first] = (await store().version(mine.tenantId, "kept", 1)).usual;
    expect(first?.endpoint).toEqual({ baseUrl: ENDPOINT.baseUrl, apiKey: undefined });
    await expect(store().versions(theirs, "kept")).rejects.toMatchObject({ status: 404 });
    for (let revision = 1; revision <= 100; revision++) await save("kept", revision);
    const kept = await store().versions(mine.tenantId, "kept");
    expect([kept.length, kept[0]?.revision, kept.at(-1)?.revision]).toEqual([100, 101, 2]);
  });

  it("go with their assistant", async () => {
    await save("passing");
    await store().remove(mine.tenantId, "passing", "ana");
    await save("passing");
    expect(await store().versions(mine.tenantId, "passing")).toHaveLength(1);
  });
});

describe("which bot uses which", () => {
  it("is kept, and an assistant in use is not removed", async () => {
    await save("used");
    await store().use(mine.tenantId, mine.bot.botId, "used", "ana");
    const { assistants, byBot } = await store().load(mine.tenantId);
    const used = assistants.find(({ name }) => name === "used");
    expect(byBot.get(mine.bot.botId)).toBe(used?.assistantId);
    await expect(store().remove(mine.tenantId, "used", "ana")).rejects.toMatchObject({
      code: "assistant-in-use",
      status: 409,
    });
    await store().use(mine.tenantId, mine.bot.botId, undefined, "ana");
    await store().remove(mine.tenantId, "used", "ana");
    await expect(store().remove(mine.tenantId, "used", "ana")).rejects.toMatchObject({
      code: "assistant-unknown",
      status: 404,
    });
  });

  it("knows neither another tenant's bots nor its assistants", async () => {
    const foreign = await addBot(openLedgers(database), theirs);
    await expect(store().use(mine.tenantId, foreign.botId, "civica", "ana")).rejects.toMatchObject({
      code: "bot-unknown",
      status: 404,
    });
    await expect(store().use(theirs, foreign.botId, "civica", "ana")).rejects.toMatchObject({
      code: "assistant-unknown",
      status: 404,
    });
    await expect(
      store().use(mine.tenantId, asId("no-uuid"), "civica", "ana"),
    ).rejects.toMatchObject({ code: "bot-unknown" });
  });
});
