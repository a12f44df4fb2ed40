import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTenant, openLedgers } from "../../test/line/tenant-line.ts";
import { createSharedBreakers } from "../chain/shared-breakers.ts";
import { secret } from "../configuration/secret.ts";
import type { AssistantDraft, LinkDraft } from "../core/assistant.ts";
import { systemClock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type BotId, type ContactId, type TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import type { OpenableModel } from "../open-models.ts";
import { createEmbeddedLiveEvents } from "../queue/embedded-live-events.ts";
import { createAssistantStore } from "../store/assistants.ts";
import type { Database } from "../store/database.ts";
import { createCipher } from "../store/encryption.ts";
import { createExperimentStore } from "../store/experiments/experiments.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createSpending } from "../store/spending.ts";
import { createAssistantAdmin } from "./assistant-admin.ts";
import { createExperimentAdmin } from "./experiment-admin.ts";
import { checkBaseUrl, createPublicLookup } from "./public-host.ts";
import { createAssistantOf } from "./resolve-assistants.ts";

const OPERATORS_KEY = "key-of-the-operator";
const TENANTS_KEY = "key-of-the-tenant";
const nothing = { baseUrl: undefined, apiKey: undefined, modelsThatSee: [] };
const access = {
  openai: { ...nothing, baseUrl: "https://api.openai.com/v1", apiKey: secret(OPERATORS_KEY) },
  anthropic: { ...nothing, baseUrl: "https://api.anthropic.com", apiKey: undefined },
  gemini: { ...nothing, baseUrl: "https://generativelanguage.googleapis.com", apiKey: undefined },
  xai: { ...nothing, baseUrl: "https://api.x.ai/v1", apiKey: undefined },
  local: nothing,
};

let database: Database;
const liveEvents = createEmbeddedLiveEvents();
const breakerOf = createSharedBreakers(systemClock, liveEvents);
beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
});
afterAll(async () => {
  await liveEvents.close();
  await database.close();
});

/** One tenant, its admin, and what the resolver opens for it. */
async function open() {
  const { tenantId } = await addTenant(openLedgers(database));
  const spending = createSpending(database, silentLogger);
  const cipher = createCipher([randomBytes(32)]);
  const store = createAssistantStore(database, cipher);
  const opened: (readonly OpenableModel[])[] = [];
  const lookup = createPublicLookup();
  const shared = {
    ...{ store, spending, liveEvents, breakerOf, access, lookup },
    model: undefined,
    checksGrounding: false,
    async openModels(models: readonly OpenableModel[]) {
      opened.push(models);
      return undefined;
    },
  };
  const admin = createAssistantAdmin({
    ...shared,
    installed: { usual: [], large: [] },
    priceList: () => import("../chain/price.ts"),
    checkBaseUrl: (given) =>
      checkBaseUrl(given, {
        allowsPrivateHosts: false,
        resolve: (_host, _options, callback) =>
          callback(null, [{ address: "93.184.216.34", family: 4 }]),
      }),
  });
  const experiments = createExperimentAdmin({
    ...shared,
    experiments: createExperimentStore(database, cipher),
    priceList: () => import("../chain/price.ts"),
    checkBaseUrl: async (given) => given,
  });
  const assistantOf = createAssistantOf(shared);
  const save = (draft: AssistantDraft, name = "civica") => admin.save(tenantId, name, draft, "ana");
  /** What the resolver would call now for the usual chain. */
  async function called(): Promise<readonly OpenableModel[]> {
    await assistantOf(tenantId, undefined);
    return opened.at(-1) ?? [];
  }
  return { tenantId, admin, experiments, spending, assistantOf, save, called, opened };
}

const link = (more: Partial<LinkDraft> = {}): LinkDraft => ({
  provider: "openai",
  model: "gpt-5-mini",
  ...more,
});

async function refusal(work: Promise<unknown>): Promise<PregoneroError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PregoneroError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe("what is refused at save", () => {
  it.each([
    [
      "an unknown provider",
      link({ provider: "acme" }),
      /no provider "acme".*openai, anthropic, gemini, xai, local/,
    ],
    ["an unknown model", link({ model: "gpt-5-mni" }), /no model "gpt-5-mni".*gpt-5-mini/],
    ["a model of another provider", link({ provider: "xai", model: "gpt-5-mini" }), /grok/],
    [
      "a local link without an address",
      link({ provider: "local", model: "llama" }),
      /needs a baseUrl/,
    ],
    ["a private address", link({ baseUrl: "https://127.0.0.1/v1" }), /private network/],
    ["no model", link({ model: " " }), /model|chain/],
    ["a key that could not stand in a header", link({ apiKey: "two words" }), /no API key/],
  ] as const)("%s", async (_what, draft, message) => {
    const { save, admin, tenantId } = await open();
    const error = await refusal(save({ chain: [draft] }));
    expect(error).toMatchObject({ code: "assistant-invalid", status: 400 });
    expect(error.message).toMatch(message);
    expect(await admin.list(tenantId)).toEqual([]);
  });

  it.each([
    { temperature: 3 },
    { maxSentences: 0 },
    { persona: "x".repeat(401) },
    { forbiddenTopics: Array.from({ length: 21 }, (_, n) => `topic ${n}`) },
  ])("what is out of bounds: %j", async (draft) => {
    const { save } = await open();
    expect(await refusal(save(draft))).toMatchObject({ code: "assistant-invalid", status: 400 });
  });

  it("takes an unlisted model that is marked as such", async () => {
    const { save } = await open();
    const saved = await save({ chain: [link({ model: "gpt-tomorrow", unlisted: true })] });
    expect(saved.chain[0]).toMatchObject({ model: "gpt-tomorrow", unlisted: true });
  });
});

describe("a key and its address", () => {
  const BASE = "https://llm.example.org/v1";

  it("are shown without the key, and called together", async () => {
    const { save, called } = await open();
    const saved = await save({ chain: [link({ baseUrl: BASE, apiKey: TENANTS_KEY })] });
    expect(JSON.stringify(saved)).not.toContain(TENANTS_KEY);
    expect(saved.chain[0]).toMatchObject({ baseUrl: BASE, hasKey: true });
    const [model] = await called();
    expect([model?.baseUrl, model?.apiKey?.reveal()]).toEqual([BASE, TENANTS_KEY]);
  });

  it("keep the key when the same address is saved again without it", async () => {
    const { save, called } = await open();
    await save({ chain: [link({ baseUrl: BASE, apiKey: TENANTS_KEY })] });
    await save({ chain: [link({ baseUrl: `${BASE}/`, model: "gpt-5" })], persona: "Clara" });
    const [model] = await called();
    expect([model?.baseUrl, model?.model, model?.apiKey?.reveal()]).toEqual([
      BASE,
      "gpt-5",
      TENANTS_KEY,
    ]);
  });

  it.each([
    ["another host", { baseUrl: "https://evil.example.net/v1" }],
    ["another port", { baseUrl: "https://llm.example.org:8443/v1" }],
    ["another path", { baseUrl: "https://llm.example.org/v2" }],
    ["another provider at the same address", { baseUrl: BASE, provider: "xai", model: "grok-4" }],
    ["null for the key", { baseUrl: BASE, apiKey: null }],
  ])("lose the key with %s", async (_what, change) => {
    const { save, called } = await open();
    await save({ chain: [link({ baseUrl: BASE, apiKey: TENANTS_KEY })] });
    const saved = await save({ chain: [link(change)] });
    expect(saved.chain[0]?.hasKey).toBe(false);
    const [model] = await called();
    expect(model?.apiKey).toBeUndefined();
  });

  it("never put the installation's key with a tenant's address, nor the tenant's with the installation's", async () => {
    const { save, called } = await open();
    await save({ chain: [link({ baseUrl: BASE }), link()] });
    const [own, installed] = await called();
    expect([own?.baseUrl, own?.apiKey]).toEqual([BASE, undefined]);
    expect([installed?.baseUrl, installed?.apiKey?.reveal()]).toEqual([
      access.openai.baseUrl,
      OPERATORS_KEY,
    ]);
    expect(own?.lookup).toBeDefined();
    await save({ chain: [link({ apiKey: TENANTS_KEY })] });
    const [home] = await called();
    expect([home?.baseUrl, home?.apiKey?.reveal()]).toEqual([
      "https://api.openai.com/v1",
      TENANTS_KEY,
    ]);
  });
});

describe("which assistant answers", () => {
  it("is the tenant's default, and nobody's where there is none", async () => {
    const { tenantId, assistantOf, save } = await open();
    expect((await assistantOf(tenantId, undefined)).name).toBeUndefined();
    await save({ chain: [link()], persona: "Clara" });
    const found = await assistantOf(tenantId, asId<BotId>("00000000-0000-4000-8000-000000000001"));
    expect(found).toMatchObject({ name: "civica", style: { persona: "Clara" } });
  });

  it("asks no model when it only quotes, and shows none; its links wait", async () => {
    const { tenantId, admin, assistantOf, save, opened } = await open();
    const saved = await save({ chain: [link()], quotesOnly: true });
    expect(saved).toMatchObject({ quotesOnly: true, chain: [{ model: "gpt-5-mini" }] });
    expect((await assistantOf(tenantId, undefined)).model).toBeUndefined();
    expect(opened).toEqual([]);
    expect(await admin.listModels(tenantId)).toEqual([]);
  });

  it("has its sentences checked by a model as it says, else as the installation does", async () => {
    const { tenantId, assistantOf, save } = await open();
    const checks = async () => (await assistantOf(tenantId, undefined)).checksGrounding;
    expect(await checks()).toBe(false);
    expect((await save({ checksGrounding: true })).checksGrounding).toBe(true);
    expect(await checks()).toBe(true);
    expect((await save({ checksGrounding: null })).checksGrounding).toBeNull();
    expect(await checks()).toBe(false);
  });

  it("opens a chain once, and anew only after a change of that assistant", async () => {
    const { tenantId, assistantOf, save, opened } = await open();
    await save({ chain: [link()] });
    await Promise.all(Array.from({ length: 20 }, () => assistantOf(tenantId, undefined)));
    expect(opened).toHaveLength(1);
    await save({ chain: [link()] }, "other");
    await assistantOf(tenantId, undefined);
    expect(opened).toHaveLength(1);
    await save({ chain: [link({ model: "gpt-5" })] });
    await assistantOf(tenantId, undefined);
    expect(opened.at(-1)?.[0]?.model).toBe("gpt-5");
  });

  it("is tried with the keys that were saved for the same address, with none at another, and stays as it is", async () => {
    const { tenantId, admin, save, opened } = await open();
    const own = { baseUrl: "https://models.example.org/v1" };
    await save({ chain: [link({ ...own, apiKey: TENANTS_KEY })] });
    await admin.open(tenantId, "civica", { chain: [link(own)] });
    expect(opened.at(-1)?.[0]?.apiKey?.reveal()).toBe(TENANTS_KEY);
    const other = { baseUrl: "https://other.example.org/v1" };
    await admin.open(tenantId, "civica", { chain: [link(other)] });
    expect(opened.at(-1)?.[0]?.apiKey).toBeUndefined();
    expect(await admin.list(tenantId)).toMatchObject([{ revision: 1, chain: [own] }]);
  });

  it("is known to another process within a second, without live events", async () => {
    const { tenantId, save } = await open();
    const store = createAssistantStore(database, createCipher([randomBytes(32)]));
    let looks = 0;
    const deaf = createAssistantOf({
      store: {
        load: store.load,
        revision(id: TenantId) {
          looks += 1;
          return store.revision(id);
        },
      },
      liveEvents: { subscribe: () => () => {} },
      access,
      model: undefined,
      checksGrounding: false,
      openModels: async () => undefined,
      lookup: undefined,
    });
    expect((await deaf(tenantId, undefined)).name).toBeUndefined();
    await save({ chain: [], persona: "Clara" });
    await expect
      .poll(async () => (await deaf(tenantId, undefined)).name, { timeout: 5_000, interval: 20 })
      .toBe("civica");
    expect(looks).toBeLessThanOrEqual(6);
  });
});

describe("the versions of an assistant", () => {
  const own = { baseUrl: "https://models.example.org/v1" };

  it("show what was, and bring it back as the next one with the key that its address has now", async () => {
    const { tenantId, admin, assistantOf, save, called } = await open();
    await save({ persona: "Clara", chain: [link({ ...own, apiKey: "taken-back" })] });
    await save({ persona: "Luz", chain: [link({ ...own, apiKey: TENANTS_KEY })] });
    expect(await admin.version(tenantId, "civica", 1)).toMatchObject({
      revision: 1,
      persona: "Clara",
      chain: [{ ...own, hasKey: true }],
    });
    const restored = await admin.restore(tenantId, "civica", 1, 2, "ana");
    expect(restored).toMatchObject({ revision: 3, persona: "Clara", isDefault: true });
    expect(await assistantOf(tenantId, undefined)).toMatchObject({ name: "civica", revision: 3 });
    expect((await called())[0]?.apiKey?.reveal()).toBe(TENANTS_KEY);
    const versions = await admin.versions(tenantId, "civica");
    expect(versions.map(({ revision, restoredFrom }) => [revision, restoredFrom])).toEqual([
      [3, 1],
      [2, undefined],
      [1, undefined],
    ]);
  });

  it("are of the assistant as it was read: who comes second reads again", async () => {
    const { tenantId, admin, save } = await open();
    await save({ persona: "Clara" });
    await save({ persona: "Luz" });
    const late = await refusal(admin.restore(tenantId, "civica", 1, 1, "ana"));
    expect(late.code).toBe("assistant-changed");
    const unknown = await refusal(admin.restore(tenantId, "civica", 7, 2, "ana"));
    expect(unknown).toMatchObject({ code: "assistant-version-unknown", status: 404 });
    expect((await admin.list(tenantId))[0]).toMatchObject({ revision: 2, persona: "Luz" });
  });
});

describe("two versions that are compared", () => {
  const own = { baseUrl: "https://models.example.org/v1" };
  const compare = { otherRevision: 1, share: 50, expectedRevision: 2 };

  it("answer each person by the same one with the keys of now, until one is kept", async () => {
    const { tenantId, experiments, assistantOf, save, opened } = await open();
    await save({ persona: "Clara", chain: [link({ ...own, apiKey: "taken-back" })] });
    await save({ persona: "Luz", chain: [link({ ...own, apiKey: TENANTS_KEY })] });
    const { id } = await experiments.start(tenantId, "civica", compare, "ana");
    const people = Array.from({ length: 40 }, () => asId<ContactId>(randomUUID()));
    const answered = async () => {
      const found = await Promise.all(
        people.map((person) => assistantOf(tenantId, undefined, person)),
      );
      return found.map(({ revision, style, experimentId }) =>
        [revision, style.persona, experimentId].join(" "),
      );
    };
    const first = await answered();
    expect(await answered()).toEqual(first);
    expect([...new Set(first)].sort()).toEqual([`1 Clara ${id}`, `2 Luz ${id}`]);
    const unknown = await assistantOf(tenantId, undefined);
    expect([unknown.revision, unknown.experimentId]).toEqual([2, undefined]);

    const ended = await experiments.end(tenantId, "civica", { experimentId: id, kept: 1 }, "ana");
    expect(ended).toMatchObject({
      id,
      keptRevision: 1,
      differences: [{ verdict: "nobody" }, {}, {}],
    });
    const [person] = people;
    const kept = await assistantOf(tenantId, undefined, person);
    expect(kept).toMatchObject({ revision: 3, style: { persona: "Clara" } });
    expect(kept.experimentId).toBeUndefined();
    const keys = opened.flat().map(({ apiKey }) => apiKey?.reveal());
    expect(keys).toEqual([TENANTS_KEY, TENANTS_KEY, TENANTS_KEY]);
  });

  it("are versions that there are, and keep a save out until it is ended", async () => {
    const { tenantId, experiments, admin, save } = await open();
    await save({ chain: [link(own)] });
    await save({ persona: "Luz" });
    const { id } = await experiments.start(tenantId, "civica", compare, "ana");
    expect(await refusal(save({ persona: "Sol" }))).toMatchObject({ code: "experiment-running" });
    await experiments.end(tenantId, "civica", { experimentId: id, kept: 2 }, "ana");
    const refusing = await refusal(
      experiments.start(tenantId, "civica", { ...compare, otherRevision: 7 }, "ana"),
    );
    expect(refusing).toMatchObject({ code: "assistant-version-unknown" });
    expect(await admin.list(tenantId)).toMatchObject([{ revision: 2, persona: "Luz" }]);
  });
});

describe("the state of each link", () => {
  it("tells what is missing, resting, too dear or of unknown price", async () => {
    const { tenantId, admin, spending, save } = await open();
    await save({
      chain: [
        link(),
        link({ provider: "anthropic", model: "claude-haiku-4-5" }),
        link({ model: "gpt-tomorrow", unlisted: true }),
        link({ model: "gpt-5-nano" }),
      ],
      large: [link({ model: "gpt-5-pro" })],
    });
    const states = async () =>
      (await admin.listModels(tenantId)).map(({ route, position, state }) => [
        route,
        position,
        state,
      ]);
    expect(await states()).toEqual([
      ["usual", 1, "ok"],
      ["usual", 2, "needs-key"],
      ["usual", 3, "ok"],
      ["usual", 4, "ok"],
      ["large", 1, "ok"],
    ]);
    await spending.setBudget(tenantId, "message", 20_000, "ana");
    const failed = new PregoneroError("model-rate-limited", "x", { retry: { afterMs: 60_000 } });
    breakerOf("openai:gpt-5-nano").enter()?.failed(failed);
    expect((await states()).map(([, , state]) => state)).toEqual([
      "ok",
      "needs-key",
      "price-unknown",
      "resting",
      "too-dear",
    ]);
    const resting = (await admin.listModels(tenantId))[3];
    expect(Date.parse(resting?.restingUntil ?? "")).toBeGreaterThan(Date.now());
  });

  it("counts calls, cost and the time to the first token of the month", async () => {
    const { tenantId, admin, spending, save } = await open();
    await save({ chain: [link()] });
    for (const firstTokenMs of [100, 200, 900]) {
      const call = {
        tenantId,
        messageId: asId<never>("00000000-0000-7000-8000-000000000001"),
        callId: asId<never>(crypto.randomUUID()),
        model: "openai:gpt-5-mini",
        purpose: "write",
      };
      await spending.reserve(call, 500);
      await spending.settle(call, {
        outcome: "answered",
        usage: { input: 10, cachedInput: 0, output: 5 },
        cost: 300,
        isEstimate: false,
        firstTokenMs,
      });
    }
    expect((await admin.listModels(tenantId))[0]).toMatchObject({
      link: "openai:gpt-5-mini",
      calls: 3,
      costMicroUsd: 900,
      firstTokenMs: { p50: 200, p95: 900 },
    });
  });
});
