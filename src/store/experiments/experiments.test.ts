import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import { type AssistantSettings, DEFAULT_STYLE } from "../../core/assistant.ts";
import type { ExperimentStore } from "../../core/assistant-experiment.ts";
import type { BotAccount } from "../../core/channel.ts";
import { asId, type MessageId, type ModelCallId, type TenantId } from "../../core/ids.ts";
import { silentLogger } from "../../core/logger.ts";
import type { TurnEffect } from "../../core/turn.ts";
import { createAssistantStore } from "../assistants.ts";
import type { Database } from "../database.ts";
import { createFeedbackStore } from "../feedback/feedback.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createSpending } from "../spending.ts";
import { createExperimentStore } from "./experiments.ts";

let database: Database;
let line: Ledgers;
beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());

const settings = (persona: string): AssistantSettings => ({
  ...DEFAULT_STYLE,
  persona,
  largeContextCharacters: 6_000,
  usual: [],
  large: [],
});

interface Asked {
  readonly chatKey: string;
  readonly planned: Readonly<Record<string, unknown>>;
  readonly effects?: readonly TurnEffect[];
}

/** A tenant whose assistant is at its second version, and whoever asks it. */
async function open() {
  const { tenantId, bot } = await addTenant(line);
  const assistants = createAssistantStore(database, line.cipher);
  const experiments = createExperimentStore(database, line.cipher);
  const save = (persona: string, revision: number) => {
    const assistant = { name: "civica", isDefault: true, settings: settings(persona) };
    return assistants.save(tenantId, assistant, revision, "ana");
  };
  await save("Clara", 0);
  await save("Luz", 1);
  const start = (otherRevision = 1, expectedRevision: number | undefined = 2) =>
    experiments.start(tenantId, "civica", { otherRevision, share: 40, expectedRevision }, "ana");
  const end = (kept: number, experimentId: string, next?: AssistantSettings) =>
    experiments.end(tenantId, "civica", { experimentId, kept }, next, "ana");
  const running = async () => {
    const [assistant] = (await assistants.load(tenantId)).assistants;
    return assistant?.comparison?.experimentId ?? "";
  };
  return { tenantId, bot, assistants, experiments, save, start, end, running };
}

/** Questions one after the other, answered as their passports say. Returns the last one's id. */
async function ask(
  { tenantId, bot }: { readonly tenantId: TenantId; readonly bot: BotAccount },
  asked: readonly Asked[],
): Promise<MessageId> {
  let last: MessageId | undefined;
  for (const { chatKey, planned, effects = [] } of asked) {
    await line.inbox.accept(tenantId, [{ bot, message: message(randomUUID(), chatKey) }]);
    const { due } = await line.conversations.readDue(
      await line.conversations.claim("w", 9, 60_000),
    );
    const at = new Date();
    const result = planned.abstained === true ? {} : { cited: [] };
    const events = [
      { kind: "planned" as const, at, detail: planned },
      { kind: "planned" as const, at, detail: result },
    ];
    await line.conversations.commitAnswers(due.map((each) => answer(each, 1, { events, effects })));
    last = due[0]?.messageId;
  }
  if (last === undefined) throw new Error("nothing was due");
  return last;
}

const resultsOf = async (experiments: ExperimentStore, tenantId: TenantId) =>
  (await experiments.list(tenantId, "civica"))[0]?.results;

describe("two versions that are compared", () => {
  it("are told apart by who answered what, and neither is changed meanwhile", async () => {
    const { tenantId, bot, assistants, experiments, save, start, end, running } = await open();
    await start();
    await expect(save("Sol", 2)).rejects.toMatchObject({ code: "experiment-running", status: 409 });
    const [assistant] = (await assistants.load(tenantId)).assistants;
    expect(assistant?.comparison).toMatchObject({
      share: 40,
      revision: 1,
      settings: { persona: "Clara" },
    });
    const experiment = await running();
    const live = { assistant: "civica", revision: 2, experiment };
    const other = { ...live, revision: 1 };
    const judged = await ask({ tenantId, bot }, [
      { chatKey: "1", planned: live },
      { chatKey: "2", planned: { ...other, abstained: true } },
      {
        chatKey: "2",
        planned: { ...other, abstained: true },
        effects: [{ kind: "ask-for-person", why: "abstentions" }],
      },
      // Somebody of whom no version was drawn, and one of an experiment that is not there.
      { chatKey: "4", planned: { assistant: "civica", revision: 2 } },
      { chatKey: "5", planned: { ...live, experiment: randomUUID() } },
      { chatKey: "3", planned: other },
    ]);
    const feedback = createFeedbackStore(database, line.cipher);
    const given = { vote: "down" as const, comment: undefined };
    expect(await feedback.judge(bot, "3", judged, given)).toBe(true);
    const spending = createSpending(database, silentLogger);
    const call = {
      tenantId,
      messageId: judged,
      callId: asId<ModelCallId>(randomUUID()),
      model: "openai:gpt-5-mini",
      purpose: "write",
    };
    await spending.reserve(call, 900);
    await spending.settle(call, {
      outcome: "answered",
      usage: { input: 1, cachedInput: 0, output: 1 },
      cost: 700,
      isEstimate: false,
    });

    const expected = [
      { revision: 2, people: 1, questions: 1, abstained: 0, thumbsDown: 0, costMicroUsd: 0 },
      {
        revision: 1,
        people: 2,
        questions: 3,
        abstained: 2,
        handedOver: 1,
        thumbsUp: 0,
        thumbsDown: 1,
        costMicroUsd: 700,
        answerMs: { p50: expect.any(Number), p95: expect.any(Number) },
        peopleAbstained: 1,
        peopleHandedOver: 1,
        peopleJudging: 1,
        peopleDisliking: 1,
      },
    ];
    expect(await resultsOf(experiments, tenantId)).toMatchObject(expected);

    await end(2, experiment);
    expect(await running()).toBe("");
    await ask({ tenantId, bot }, [{ chatKey: "9", planned: other }]);
    expect(await resultsOf(experiments, tenantId)).toMatchObject(expected);
    await save("Sol", 2);
  });

  it("are two of one assistant, and compared once at a time", async () => {
    const { start, save } = await open();
    await expect(start(2)).rejects.toMatchObject({ code: "experiment-pointless", status: 400 });
    await expect(start(7)).rejects.toMatchObject({ code: "assistant-version-unknown" });
    await expect(start(1, 1)).rejects.toMatchObject({ code: "assistant-changed" });
    const begun = await Promise.allSettled([start(), start(), save("Sol", 2)]);
    const refused = begun.filter(({ status }) => status === "rejected");
    // Whoever came first: a comparison keeps a save out, and a save a comparison with what was read before it.
    expect(refused).toHaveLength(2);
  });

  it("end whole or not at all, once, with the one that is kept as the next version", async () => {
    const { tenantId, assistants, experiments, start, end, running } = await open();
    await start();
    const id = await running();
    const unsavable = { provider: null as never, model: "m", isUnlisted: false };
    const broken = { ...settings("Clara"), usual: [{ ...unsavable, endpoint: undefined }] };
    await expect(end(1, id, broken)).rejects.toBeDefined();
    await expect(end(1, id)).rejects.toMatchObject({ code: "experiment-unknown" });
    await expect(end(7, id)).rejects.toMatchObject({ code: "experiment-unknown", status: 404 });
    expect(await running()).toBe(id);
    expect((await assistants.load(tenantId)).assistants[0]?.revision).toBe(2);

    await Promise.all([end(1, id, settings("Clara")), end(1, id, settings("Clara"))]);
    const [assistant] = (await assistants.load(tenantId)).assistants;
    expect(assistant).toMatchObject({
      revision: 3,
      isDefault: true,
      settings: { persona: "Clara" },
    });
    expect(assistant?.comparison).toBeUndefined();
    expect((await assistants.versions(tenantId, "civica"))[0]).toMatchObject({ restoredFrom: 1 });
    expect((await experiments.list(tenantId, "civica"))[0]).toMatchObject({ keptRevision: 1 });
    await expect(end(2, id)).rejects.toMatchObject({ code: "experiment-ended", status: 409 });
  });

  it("are their tenant's: nobody else sees, ends or adds to them", async () => {
    const [mine, theirs] = [await open(), await open()];
    await mine.start();
    const experiment = await mine.running();
    await expect(theirs.end(2, experiment)).rejects.toMatchObject({ code: "experiment-unknown" });
    await ask(theirs, [
      { chatKey: "1", planned: { assistant: "civica", revision: 2, experiment } },
    ]);
    expect(await theirs.experiments.list(theirs.tenantId, "civica")).toEqual([]);
    expect(await resultsOf(mine.experiments, mine.tenantId)).toMatchObject([
      { questions: 0 },
      { questions: 0 },
    ]);
  });

  it("count nobody who was erased, and answer all the same when a version cannot be read", async () => {
    const { tenantId, bot, assistants, experiments, start, running } = await open();
    await start();
    const experiment = await running();
    const planned = { assistant: "civica", revision: 1, experiment };
    await ask({ tenantId, bot }, [
      { chatKey: "1", planned },
      { chatKey: "2", planned },
      { chatKey: "2", planned: { silence: "erased" }, effects: [{ kind: "erase-contact" }] },
    ]);
    expect((await resultsOf(experiments, tenantId))?.[1]).toMatchObject({
      people: 1,
      questions: 1,
    });
    const stranger = createAssistantStore(database, openLedgers(database).cipher);
    const [assistant] = (await stranger.load(tenantId)).assistants;
    expect(assistant?.settings.persona).toBe("Luz");
    expect(assistant?.comparison).toBeUndefined();
    expect((await assistants.load(tenantId)).assistants[0]?.comparison).toBeDefined();
  });
});
