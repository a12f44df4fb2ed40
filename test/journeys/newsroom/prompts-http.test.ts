import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promptCommands } from "../../../src/cli/prompt.ts";
import { asId, type PromptRunId } from "../../../src/core/ids.ts";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

/** A prompt from its first word to its approval, over HTTP, before the whole product and two acts of a real edition. */
let llm: LlmStandIn;
let people: RunningPeople;
let editor: Member;
let viewer: Member;
let foreigner: Member;
let say: (prompt: string) => string = quoteFirstSentences;

beforeAll(async () => {
  llm = await startLlmStandIn({
    protocol: "openai-chat",
    text: ({ messages }) =>
      say(
        (messages as readonly { readonly content: unknown }[])
          .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)))
          .join("\n"),
      ),
  });
  people = await startPeople({
    LOCAL_LLM_BASE_URL: llm.baseUrl,
    LOCAL_LLM_MODEL: "stand-in",
    ANSWER_CACHE: "off",
  });
  await setUp(people);
  editor = await people.join("edu@example.org", "editor");
  viewer = await people.join("vera@example.org", "viewer");
  foreigner = await people.join("eva@example.org", "owner", await people.addTenant());
});
afterAll(async () => {
  await people?.close();
  await llm?.close();
});

/** A model that does as it is told: of each passage its first sentence, of each note its words. */
function quoteFirstSentences(prompt: string): string {
  const most = Number(/at most (\d+) statements/.exec(prompt)?.[1] ?? 1);
  const shown = [
    ...prompt.matchAll(/<passage number="(\d+)"[^>]*>\n[^\n]*\n([\s\S]{40,400}?\.)(?=\s|<)/g),
    ...prompt.matchAll(/<note number="(\d+)"[^>]*>([^<]*)<\/note>/g),
  ];
  const statements = shown
    .slice(0, most)
    .map(([, number, text = ""]) => ({ text: text.replace(/\s+/g, " "), cites: [Number(number)] }));
  return JSON.stringify({ statements });
}

const call = (
  member: Member,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) => member.browser.call(method, `/api/v1${path}`, body, { headers });
const whichever = { "if-match": "*" };

/** The run, once nothing more is done to it by itself. */
async function settled(id: string) {
  for (;;) {
    const { status, json, text } = await call(editor, "GET", `/prompt-runs/${id}`);
    expect(status, text).toBe(200);
    if (!["queued", "mapping", "reducing", "checking"].includes(json.state)) return json;
    await sleep(400);
  }
}

const draft = {
  name: "resumen",
  title: "Lo más importante",
  language: "es",
  sources: ["boe"],
  schedule: { kind: "manual" },
  instructions: "Asuntos exteriores y energía.",
  maxStatements: 8,
};

describe("a prompt over HTTP", { timeout: 120_000 }, () => {
  let promptId: string;
  let runId: string;

  it("is added by who edits, read by who looks, and of nobody else's", async () => {
    const refused = await call(editor, "POST", "/prompts", { ...draft, sources: ["nada"] });
    expect(refused.json).toMatchObject({ status: 400, code: "prompt-invalid" });
    const strict = await call(editor, "POST", "/prompts", { ...draft, colour: "red" });
    expect(strict.json).toMatchObject({ status: 400, fields: [{ field: "colour" }] });
    expect((await call(viewer, "POST", "/prompts", draft)).status).toBe(403);
    const once = { "idempotency-key": "el-resumen" };
    const added = await call(editor, "POST", "/prompts", draft, once);
    expect(added.status, added.text).toBe(201);
    expect(added.json).toMatchObject({ version: 1, scope: { kind: "whole" }, nextAt: null });
    promptId = added.json.id;
    expect((await call(editor, "POST", "/prompts", draft, once)).json.id).toBe(promptId);
    expect((await call(editor, "POST", "/prompts", draft)).status).toBe(409);
    expect((await call(viewer, "GET", "/prompts")).json.prompts).toMatchObject([{ id: promptId }]);
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PUT", "", draft],
      ["POST", "/runs", {}],
      ["GET", "/versions", undefined],
    ] as const) {
      const other = await call(foreigner, method, `/prompts/${promptId}${path}`, body, whichever);
      expect(other.status, path).toBe(404);
    }
  });

  it("says what a run costs, reads every page, and shows each statement with its place", async () => {
    const estimated = await call(editor, "POST", `/prompts/${promptId}/estimate`, {});
    expect(estimated.json, estimated.text).toMatchObject({
      estimate: { documents: 2, costMicroUsd: 0, calls: expect.any(Number) },
      editions: [{ date: "2024-04-15" }, {}],
    });
    const started = await call(editor, "POST", `/prompts/${promptId}/runs`, { from: "2024-04-15" });
    expect(started.status, started.text).toBe(202);
    runId = started.json.id;
    const run = await settled(runId);
    expect(run.state, JSON.stringify(run.reason)).toBe("waiting-for-review");
    const { coverage } = run;
    expect(coverage.read).toBe(coverage.wanted);
    expect(coverage.wanted + coverage.blank).toBe(coverage.pages);
    expect(coverage.pages).toBe(estimated.json.estimate.pages);
    const ledger = await call(viewer, "GET", `/prompt-runs/${runId}/pages`);
    expect(ledger.json.pages).toHaveLength(coverage.pages);
    expect(run.statements.length).toBeGreaterThan(0);
    expect(run.spent.calls).toBe(llm.calls.length);
    const [{ citations }] = run.statements;
    const page = await fetch(people.url + citations[0].link);
    expect(page.status).toBe(200);
    expect((await call(foreigner, "GET", `/prompt-runs/${runId}`)).status).toBe(404);
  });

  it("is edited and approved by a person, who is named; then nothing changes it any more", async () => {
    const run = await call(editor, "GET", `/prompt-runs/${runId}`);
    const etag = { "if-match": String(run.headers.get("etag")) };
    const [first] = run.json.statements;
    const cites = first.citations.map((each: { passageId: string }) => each.passageId);
    const statements = [
      { text: first.text, cites },
      { text: "El Gobierno compra 700 barcos.", cites },
    ];
    const path = `/prompt-runs/${runId}`;
    expect((await call(viewer, "PUT", `${path}/statements`, { statements }, etag)).status).toBe(
      403,
    );
    expect((await call(editor, "PUT", `${path}/statements`, { statements })).status).toBe(428);
    const edited = await call(editor, "PUT", `${path}/statements`, { statements }, etag);
    expect(edited.json.statements, edited.text).toMatchObject([
      { origin: "model", isSupported: true },
      { origin: "person", isSupported: false, citations: [] },
    ]);
    expect((await call(editor, "POST", `${path}/approval`, {}, etag)).status).toBe(412);
    const unconfirmed = await call(editor, "POST", `${path}/approval`, {}, whichever);
    expect(unconfirmed.json).toMatchObject({ status: 409, code: "unsupported-statements" });
    const confirmed = { confirmUnsupported: true };
    const approved = await call(editor, "POST", `${path}/approval`, confirmed, whichever);
    expect(approved.json, approved.text).toMatchObject({
      state: "approved",
      review: { decision: "approved", by: `person:${editor.id}` },
    });
    const late = await call(editor, "POST", `${path}/rejection`, { reason: "No." }, whichever);
    expect(late.json).toMatchObject({ status: 409, code: "run-not-so" });
    const { approvedTexts } = people.installation.promptFeatures;
    const { tenantId } = people.installation;
    const text = await approvedTexts.find(tenantId, asId<PromptRunId>(runId));
    expect(text?.statements.map((each) => each.citations.length)).toEqual([1, 0]);
  });

  it("becomes another version, whose run stands beside that of the first", async () => {
    const changed = await call(
      editor,
      "PUT",
      `/prompts/${promptId}`,
      { ...draft, maxStatements: 3 },
      whichever,
    );
    expect(changed.json, changed.text).toMatchObject({ version: 2, maxStatements: 3 });
    const { json } = await call(viewer, "GET", `/prompts/${promptId}/versions`);
    expect(json.versions.map((each: { version: number }) => each.version)).toEqual([2, 1]);
    const started = await call(editor, "POST", `/prompts/${promptId}/runs`, {});
    await settled(started.json.id);
    const path = `/prompt-runs/${runId}/comparison?with=${started.json.id}`;
    const compared = await call(viewer, "GET", path);
    expect(compared.json, compared.text).toMatchObject({
      hasSameEditions: true,
      left: { version: 1 },
      right: { version: 2 },
    });
    expect(compared.json.onlyLeft.map((each: { text: string }) => each.text)).toContain(
      "El Gobierno compra 700 barcos.",
    );
  });

  it("whose model writes junk is held, and is tried again on the command line", async () => {
    say = () => "Claro, aquí tiene el resumen que pidió.";
    const started = await call(editor, "POST", `/prompts/${promptId}/runs`, {});
    const held = await settled(started.json.id);
    expect(held).toMatchObject({ state: "held", reason: { code: "not-json" }, statements: [] });
    const path = `/prompt-runs/${held.id}/approval`;
    expect((await call(editor, "POST", path, {}, whichever)).status).toBe(409);
    say = quoteFirstSentences;
    const context = { signal: new AbortController().signal, onProgress() {} };
    const commands = promptCommands({ ...people.installation, actor: "command-line" });
    await commands.retryPromptRun({ run: held.id }, context);
    expect((await settled(held.id)).state).toBe("waiting-for-review");
    const rejected = await commands.rejectPromptRun({ run: held.id, reason: "Otra vez." }, context);
    expect(rejected).toMatchObject({ state: "rejected", review: "rejected by command-line" });
    const listed = await call(viewer, "GET", "/prompt-runs?state=rejected");
    expect(listed.json.runs).toMatchObject([{ id: held.id, review: { reason: "Otra vez." } }]);
  });
});
