import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addTenant, type Ledgers, openLedgers } from "../../../test/line/tenant-line.ts";
import { systemClock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { Source } from "../../core/gazette.ts";
import type { ActDraft } from "../../core/gazette-store.ts";
import {
  asId,
  type PassageId,
  type PromptId,
  type PromptRunId,
  type TenantId,
} from "../../core/ids.ts";
import type { LanguageModel, ModelRequest } from "../../core/language-model.ts";
import { silentLogger } from "../../core/logger.ts";
import { noMetrics } from "../../core/metrics.ts";
import type { PromptSettings } from "../../core/prompts.ts";
import { createDueRunMaker } from "../../newsroom/prompts/make-due-runs.ts";
import { createPromptAdmin } from "../../newsroom/prompts/prompt-admin.ts";
import { createPromptRunAdmin } from "../../newsroom/prompts/run-admin.ts";
import { createPromptRunner } from "../../newsroom/prompts/run-prompts.ts";
import type { PromptWriter } from "../../newsroom/prompts/writer.ts";
import type { Database } from "../database.ts";
import { createGazetteStore } from "../gazette-store.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createStemmer } from "../subscriptions/stemmer.ts";
import { createApprovedTexts } from "./approved-texts.ts";
import { createDueRuns } from "./due-runs.ts";
import { createPromptStore } from "./prompt-store.ts";
import { createFindEditions, createReadMaterials, createReadPassages } from "./run-material.ts";
import { createPromptRunStore } from "./run-store.ts";
import { createPromptWork } from "./run-work.ts";

let database: Database;
let ledgers: Ledgers;
let source: Source;
let tenantId: TenantId;
/** What the model is asked, in order. */
let asked: ModelRequest[] = [];
let say: (request: ModelRequest) => string = obey;
/** Name of the place at which the process ends, and how often it is passed before. */
let dieAt: { readonly place: string; passes: number } | undefined;

const signal = new AbortController().signal;
const by = { actor: "person:editor" };

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  ledgers = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  asked = [];
  say = obey;
  dieAt = undefined;
  ({ tenantId } = await addTenant(ledgers));
  source = await createGazetteStore(database).ensurePublicSource({
    slug: `g-${randomUUID()}`,
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
});

/** A model that does as it is told: of each passage its first sentence, of each note its words. */
function obey({ messages }: ModelRequest): string {
  const [rules = "", shown = ""] = messages.map(({ text }) => text);
  const most = Number(/at most (\d+) statements/.exec(rules)?.[1] ?? 1);
  const passages = [...shown.matchAll(/<passage number="(\d+)"[^>]*>\n[^\n]*\n([^.]*\.)/g)];
  const notes = [...shown.matchAll(/<note number="(\d+)"[^>]*>([^<]*)<\/note>/g)];
  const statements = [...passages, ...notes]
    .slice(0, most)
    .map(([, number, text]) => ({ text, cites: [Number(number)] }));
  return JSON.stringify({ statements });
}

const model: LanguageModel = {
  name: "openai:gpt-5-mini",
  async generate(request) {
    asked.push(request);
    return {
      text: say(request),
      model: "openai:gpt-5-mini",
      usage: { input: 100, cachedInput: 0, output: 50 },
      finish: "stop",
    };
  },
};
const writes: PromptWriter = {
  model,
  checksGrounding: false,
  name: "openai:gpt-5-mini",
  // A batch takes 1,200 tokens then.
  contextWindow: 3_000,
  priceOf: ({ input, output }) => input + 4 * output,
};
const quotes: PromptWriter = {
  ...writes,
  model: undefined,
  name: undefined,
  contextWindow: undefined,
};
let writer = writes;

/** Everything anew, as of a process that began. */
function newsroom() {
  const prompts = createPromptStore(database);
  const stemmer = createStemmer(database);
  const openWriter = async () => writer;
  const runs = createPromptRunAdmin({
    prompts,
    runs: createPromptRunStore(database),
    findEditions: createFindEditions(database),
    readPassages: createReadPassages(database),
    materials: createReadMaterials(database),
    stemmer,
    openWriter,
    clock: systemClock,
  });
  const admin = createPromptAdmin({
    store: prompts,
    gazetteStore: createGazetteStore(database),
    assistants: { list: async () => [] },
    clock: systemClock,
  });
  const work = createPromptRunner({
    work: createPromptWork(database),
    stemmer,
    openWriter,
    owner: randomUUID(),
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    faultPoint(place) {
      if (dieAt?.place !== place) return;
      dieAt.passes -= 1;
      // As a lease that is lost: nothing more is written by this process.
      if (dieAt.passes < 0) throw new PregoneroError("lease-lost", "The process died here.");
    },
  });
  const makeDue = createDueRunMaker({
    due: createDueRuns(database, { newerThanDays: 3, settledAfterMs: 0 }),
    clock: systemClock,
    logger: silentLogger,
  });
  return { admin, runs, work, makeDue, approved: createApprovedTexts(database) };
}

const settings = (given: Partial<PromptSettings> = {}): PromptSettings => ({
  kind: "digest",
  title: "Lo más importante",
  language: "es",
  sources: [source.slug],
  scope: { kind: "whole" },
  schedule: { kind: "manual" },
  instructions: "Empleo público.",
  maxStatements: 6,
  reviewPolicy: "required",
  ...given,
});

async function addPrompt(given: Partial<PromptSettings> = {}) {
  const name = `resumen-${randomUUID()}`;
  const promptId = asId<PromptId>(randomUUID());
  return newsroom().admin.create(tenantId, promptId, { name, settings: settings(given) }, by);
}

const ORDINALS = ["primer", "segundo", "tercer", "cuarto", "quinto", "sexto", "séptimo", "octavo"];

/** Acts on a page each: whose words no other has, long enough for three in a batch. */
function acts(count: number): ActDraft[] {
  return Array.from({ length: count }, (_, at) => {
    const body = `El Ministerio convoca el ${ORDINALS[at % 8]} concurso de plazas de docencia con ${at + 20} puestos. `;
    const rest =
      "Las personas interesadas presentan la solicitud en la oficina central durante el plazo señalado. ";
    const heading = `Concurso ${at + 1}`;
    const text = `${body}${rest.repeat(10)}`.trim();
    const passage = {
      heading,
      text,
      page: at + 1,
      lastPage: at + 1,
      printedPage: undefined,
      lines: [],
    };
    const section = at % 2 === 0 ? "Poder Ejecutivo" : "Avisos";
    return {
      section,
      issuingBody: "Ministerio",
      title: heading,
      page: at + 1,
      lastPage: at + 1,
      passages: [passage],
    };
  });
}

async function ingest(drafts: readonly ActDraft[], documentName = "a.pdf", unread: string[] = []) {
  const texts = [...drafts.map(({ passages }) => passages[0]?.text ?? ""), " \n", ...unread];
  const { editionId } = await createGazetteStore(database).storeEdition({
    source,
    publishedOn: today(),
    number: "7",
    documentName,
    contentHash: randomUUID(),
    fileKey: randomUUID(),
    pages: texts.map((text, at) => ({
      page: at + 1,
      printedPage: undefined,
      width: 600,
      height: 800,
      origin: "text-layer",
      text,
    })),
    acts: drafts,
  });
  return editionId;
}

const today = () => new Date().toISOString().slice(0, 10);

async function start(promptId: PromptId, version?: number) {
  const runId = asId<PromptRunId>(randomUUID());
  return newsroom().runs.start(tenantId, runId, promptId, { version }, by);
}

async function workAll() {
  const { work } = newsroom();
  while (await work(signal)) {
    // Until nothing is due.
  }
}

/** A run over an edition of `count` acts, worked on to its end. */
async function finished(given: Partial<PromptSettings> = {}, count = 8) {
  await ingest(acts(count));
  const prompt = await addPrompt(given);
  const { runId } = await start(prompt.promptId);
  await workAll();
  return newsroom().runs.find(tenantId, runId);
}

const find = (runId: PromptRunId) => newsroom().runs.find(tenantId, runId);

describe("a run", () => {
  it("reads every page in batches, makes one text of it, and waits for a person", async () => {
    const run = await finished();
    expect(run.state, run.reason?.detail).toBe("waiting-for-review");
    // A blank page has nothing to be read.
    expect(run.coverage).toEqual({ pages: 9, wanted: 8, read: 8, blank: 1, leftOut: 0 });
    expect(run.steps.done).toBe(run.steps.planned);
    expect(asked.length).toBe(run.steps.planned);
    expect(run.steps.planned).toBeGreaterThan(3);
    expect(run.statements).toHaveLength(6);
    for (const { citations, isSupported, origin } of run.statements) {
      expect({ isSupported, origin, cited: citations.length }).toEqual({
        isSupported: true,
        origin: "model",
        cited: 1,
      });
    }
    expect(run.statements[0]?.citations[0]).toMatchObject({ pdfPage: 1, date: today() });
    expect(run.title).toMatch(/^Lo más importante — La Gaceta, /);
    expect(run.estimate).toMatchObject({ model: "openai:gpt-5-mini", pages: 9, acts: 8 });
    expect(run.estimate?.costMicroUsd).toBeGreaterThan(0);
    const pages = await newsroom().runs.pages(tenantId, run.runId);
    expect(pages.filter(({ state }) => state === "unread")).toEqual([]);
  });

  it.each([
    ["prompts:asking", 1],
    ["prompts:answered", 1],
    ["prompts:committed", 1],
    ["prompts:committed", 3],
  ])("goes on after its process died at %s, and asks for no batch again", async (place, passes) => {
    await ingest(acts(8));
    const { promptId } = await addPrompt();
    const { runId } = await start(promptId);
    dieAt = { place, passes };
    await newsroom().work(signal);
    expect((await find(runId)).state).not.toBe("waiting-for-review");
    dieAt = undefined;
    await workAll();
    const run = await find(runId);
    expect(run.state, run.reason?.detail).toBe("waiting-for-review");
    expect(run.coverage.read).toBe(8);
    // What was answered and not committed is the one batch that is lost.
    expect(asked.length - run.steps.planned).toBe(place === "prompts:answered" ? 1 : 0);
  });

  it("is one process's: what an older holder writes is refused", async () => {
    await ingest(acts(4));
    const { promptId } = await addPrompt();
    const { runId } = await start(promptId);
    const work = createPromptWork(database);
    const now = new Date(Date.now() + 1_000);
    const first = await work.claim("one", now, 1_000);
    expect(await work.claim("two", now, 1_000)).toBeUndefined();
    const later = new Date(now.getTime() + 2_000);
    const second = await work.claim("two", later, 1_000);
    if (first === undefined || second === undefined) throw new Error("nobody has it");
    await expect(work.startChecking(first, later)).rejects.toMatchObject({ code: "lease-lost" });
    expect(await work.keep(first, later, 1_000)).toBe(false);
    await newsroom().runs.cancel(tenantId, runId, by);
  });

  it("drops what the passages do not say, and is held when too little is left", async () => {
    let at = 0;
    say = (request) => {
      at += 1;
      const { statements } = JSON.parse(obey(request));
      const invented = { text: "El salario sube a 900.000 colones.", cites: [1] };
      // One invention in the first batch; then nothing but inventions.
      const all = at === 1 ? [...statements, invented] : statements;
      return JSON.stringify({ statements: all });
    };
    const run = await finished();
    expect(run.state).toBe("waiting-for-review");
    expect(run.dropped).toEqual([
      { text: "El salario sube a 900.000 colones.", reason: "unsupported" },
    ]);
    expect(run.statements.map(({ text }) => text).join()).not.toContain("900.000");

    say = (request) => {
      const { statements } = JSON.parse(obey(request));
      const invented = Array.from({ length: 3 }, (_, n) => ({
        text: `Sube ${n}00 veces.`,
        cites: [1],
      }));
      return JSON.stringify({ statements: [...statements.slice(0, 1), ...invented] });
    };
    const { runId } = await start(run.promptId);
    await workAll();
    expect(await find(runId)).toMatchObject({ state: "held", reason: { code: "too-little-left" } });
    expect(await newsroom().approved.find(tenantId, runId)).toBeUndefined();
  });

  it("is held for junk after a second try, never published, and goes on when it is tried again", async () => {
    let junk = 2;
    say = (request) => {
      if (asked.length < 2 || junk === 0) return obey(request);
      junk -= 1;
      return "Claro, aquí tiene el resumen.";
    };
    const run = await finished();
    expect(run).toMatchObject({ state: "held", reason: { code: "not-json" }, statements: [] });
    const { runs, approved } = newsroom();
    await expect(runs.approve(tenantId, run.runId, true, undefined, by)).rejects.toMatchObject({
      code: "run-not-so",
    });
    expect(await approved.find(tenantId, run.runId)).toBeUndefined();
    const before = asked.length;
    await runs.retry(tenantId, run.runId, by);
    await workAll();
    const again = await find(run.runId);
    expect(again.state).toBe("waiting-for-review");
    // The first batch was read once; no request was ever made twice, or the cache would answer it.
    expect(asked.length - before).toBe(again.steps.planned - 1);
    expect(new Set(asked.map((request) => JSON.stringify(request))).size).toBe(asked.length);
  });

  it("is held when a page has words and nobody read them", async () => {
    await ingest(acts(2), "a.pdf", ["Una página cuyas palabras en ningún acto están."]);
    const { promptId } = await addPrompt();
    const { runId } = await start(promptId);
    await workAll();
    expect(await find(runId)).toMatchObject({
      state: "held",
      reason: { code: "coverage-missing" },
      coverage: { pages: 4, wanted: 3, read: 2 },
    });
  });

  it("reads the acts of a scope alone, and says which pages it left out", async () => {
    const scope = { kind: "sections", sections: ["avisos"] } as const;
    const run = await finished({ scope });
    expect(run.coverage).toMatchObject({ pages: 9, wanted: 4, read: 4, leftOut: 4 });
    const topic = { anyOf: [["concursos de plazas", "séptimo"]], without: [] };
    const { promptId } = await addPrompt({ scope: { kind: "matching", topic } });
    const { runId } = await start(promptId);
    await workAll();
    expect(await find(runId)).toMatchObject({ coverage: { wanted: 1, read: 1, leftOut: 7 } });
  });

  it("quotes acts of every section where there is no model", async () => {
    writer = quotes;
    try {
      const run = await finished({ maxStatements: 4 });
      expect(run).toMatchObject({ state: "waiting-for-review", coverage: { wanted: 8, read: 8 } });
      expect(run.estimate).toMatchObject({ model: undefined, calls: 0, costMicroUsd: 0 });
      expect(run.statements.map(({ origin }) => origin)).toEqual(Array(4).fill("gazette"));
      expect(run.statements[0]?.text).toMatch(/^El Ministerio convoca el primer concurso/);
      expect(asked).toEqual([]);
    } finally {
      writer = writes;
    }
  });

  it("says that it is outdated once pages were read that it could not read, and a later one is not", async () => {
    const { runId, promptId, isOutdated } = await finished({});
    expect(isOutdated).toBe(false);
    // As it is when a page that was given up was read (src/store/newsroom/given-up-pages.ts).
    await database.asCurator((tx) =>
      tx.query("update edition set revision = revision + 1 where source_id = $1", [
        source.sourceId,
      ]),
    );
    expect(await find(runId)).toMatchObject({ isOutdated: true, state: "waiting-for-review" });
    const again = await start(promptId);
    await workAll();
    expect(await find(again.runId)).toMatchObject({ isOutdated: false });
  });

  it("that is cancelled takes itself away from who works on it", async () => {
    await ingest(acts(8));
    const { promptId } = await addPrompt();
    const { runId } = await start(promptId);
    let cancelling: Promise<unknown> | undefined;
    say = (request) => {
      cancelling ??= newsroom().runs.cancel(tenantId, runId, by);
      return obey(request);
    };
    await workAll();
    await cancelling;
    expect(await find(runId)).toMatchObject({ state: "cancelled", statements: [] });
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe("review", () => {
  it("freezes what was approved, and nothing else is ever handed out", async () => {
    const run = await finished();
    const { runs, approved } = newsroom();
    expect(await approved.find(tenantId, run.runId)).toBeUndefined();
    await expect(runs.approve(tenantId, run.runId, false, 99, by)).rejects.toMatchObject({
      code: "stale",
    });
    const done = await runs.approve(tenantId, run.runId, false, run.revision, by);
    expect(done).toMatchObject({ state: "approved", review: { by: by.actor } });
    const text = await approved.find(tenantId, run.runId);
    expect(text).toMatchObject({ title: run.title, version: 1, approvedBy: by.actor });
    expect(text?.statements.map((each) => each.text)).toEqual(
      run.statements.map((each) => each.text),
    );
    const since = await approved.approvedSince(new Date(Date.now() - 60_000), 1_000);
    expect(since.map(({ runId }) => runId)).toContain(run.runId);
    await expect(runs.reject(tenantId, run.runId, "no", undefined, by)).rejects.toMatchObject({
      code: "run-not-so",
    });
    const change = "update prompt_run set approved = '[]' where id = $1";
    await expect(
      database.asTenant(tenantId, (tx) => tx.query(change, [run.runId])),
    ).rejects.toThrow();
    const other = await addTenant(ledgers);
    expect(await approved.find(other.tenantId, run.runId)).toBeUndefined();
  });

  it("checks edits again, and wants a person's word for what the gazette does not say", async () => {
    const run = await finished();
    const { runs } = newsroom();
    const [first, second] = run.statements;
    const cites = first?.citations.map(({ passageId }) => passageId) ?? [];
    const edited = await runs.edit(
      tenantId,
      run.runId,
      [
        { text: "El Ministerio convoca el primer concurso de docencia.", cites },
        { text: "El Ministerio convoca 900 puestos en Limón.", cites },
        {
          text: second?.text ?? "",
          cites: second?.citations.map(({ passageId }) => passageId) ?? [],
        },
      ],
      run.revision,
      by,
    );
    expect(edited.statements).toMatchObject([
      { origin: "person", isSupported: true, citations: [{}] },
      { origin: "person", isSupported: false, citations: [] },
      { origin: "model", isSupported: true },
    ]);
    await expect(
      runs.approve(tenantId, run.runId, false, edited.revision, by),
    ).rejects.toMatchObject({ code: "unsupported-statements" });
    await runs.approve(tenantId, run.runId, true, edited.revision, by);
    const [noted] = await database.asTenant(tenantId, (tx) =>
      tx.query("select actor, detail from audit where action = 'prompt-run-approved'"),
    );
    expect(noted).toMatchObject({ actor: by.actor, detail: { unsupportedConfirmed: 1 } });
    const strange = [{ text: "Algo.", cites: [asId<PassageId>("999999999")] }];
    const next = await finished();
    await expect(runs.edit(tenantId, next.runId, strange, undefined, by)).rejects.toMatchObject({
      code: "run-invalid",
    });
  });

  it("approves nothing that was changed past the check: 0 words of a model unchecked", async () => {
    const run = await finished();
    // As a defect would leave it: a model's claim that nothing supports, said to be checked.
    const forged = run.statements.map((each) => ({ ...each, text: "Se pagan 900.000 colones." }));
    await database.asTenant(tenantId, (tx) =>
      tx.query("update prompt_run set statements = $2 where id = $1", [
        run.runId,
        JSON.stringify(forged),
      ]),
    );
    const { runs, approved } = newsroom();
    await expect(runs.approve(tenantId, run.runId, true, run.revision, by)).rejects.toMatchObject({
      code: "run-not-so",
    });
    expect(await approved.find(tenantId, run.runId)).toBeUndefined();
  });

  it("is left out by the policy only when nothing fell", async () => {
    const flawless = await finished({ reviewPolicy: "automatic" });
    expect(flawless).toMatchObject({ state: "approved", review: { by: "automatic" } });
    say = (request) => {
      const { statements } = JSON.parse(obey(request));
      return JSON.stringify({
        statements: [...statements, { text: "Sube 77 veces.", cites: [1] }],
      });
    };
    const { runId } = await start(flawless.promptId);
    await workAll();
    expect((await find(runId)).state).toBe("waiting-for-review");
  });

  it("compares two versions over the same edition", async () => {
    const run = await finished();
    const { admin, runs } = newsroom();
    const { promptId } = run;
    const changed = { name: "resumen", settings: settings({ maxStatements: 3 }) };
    const second = await admin.change(tenantId, promptId, changed, 1, by);
    expect(second.version).toBe(2);
    await expect(admin.change(tenantId, promptId, changed, 1, by)).rejects.toMatchObject({
      code: "stale",
    });
    // The same settings again are no other version.
    expect((await admin.change(tenantId, promptId, changed, undefined, by)).version).toBe(2);
    const newer = await start(promptId);
    const older = await start(promptId, 1);
    await workAll();
    expect([newer.version, older.version]).toEqual([2, 1]);
    const compared = await runs.compare(tenantId, older.runId, newer.runId);
    expect(compared.hasSameEditions).toBe(true);
    expect(compared.same).toHaveLength(3);
    expect(compared.onlyLeft).toHaveLength(3);
    expect(compared.onlyRight).toEqual([]);
  });
});

describe("a new edition", () => {
  const runsOf = async (promptId: PromptId) =>
    (
      await newsroom().runs.list(tenantId, { promptId }, { after: undefined, limit: 50 })
    ).entries.map(({ editions, trigger }) => [trigger, editions.map((each) => each.documentName)]);

  it("starts each prompt once, however often and by however many it is looked at", async () => {
    await ingest(acts(2), "before.pdf");
    const { promptId } = await addPrompt({ schedule: { kind: "each-edition" } });
    await ingest(acts(2), "b.pdf");
    await ingest(acts(2), "c.pdf");
    const looks = [newsroom(), newsroom()].map(({ makeDue }) => makeDue(signal));
    const made = await Promise.all(looks);
    expect(made.toSorted()).toEqual([0, 1]);
    expect(await newsroom().makeDue(signal)).toBe(0);
    expect(await runsOf(promptId)).toEqual([["edition", ["b.pdf", "c.pdf"]]]);
    // What comes later of the same day is read by itself.
    await ingest(acts(2), "d.pdf");
    await newsroom().makeDue(signal);
    expect(await runsOf(promptId)).toContainEqual(["edition", ["d.pdf"]]);
  });

  it("waits for the hour of a daily prompt, and for nobody who paused it", async () => {
    const schedule = { kind: "daily", minute: 600, timeZone: "America/Costa_Rica" } as const;
    const daily = await addPrompt({ schedule });
    const paused = await addPrompt({ schedule: { kind: "each-edition" } });
    const { admin, makeDue } = newsroom();
    await admin.pause(tenantId, paused.promptId, true, by);
    await ingest(acts(2), "e.pdf");
    await makeDue(signal);
    expect(await runsOf(daily.promptId)).toEqual([]);
    await database.asTenant(tenantId, (tx) =>
      tx.query("update prompt set next_at = now() where id = $1", [daily.promptId]),
    );
    await makeDue(signal);
    expect(await runsOf(daily.promptId)).toEqual([["schedule", ["e.pdf"]]]);
    const { nextAt } = await admin.find(tenantId, daily.promptId);
    expect(nextAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await runsOf(paused.promptId)).toEqual([]);
  });
});
