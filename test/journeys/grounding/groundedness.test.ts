import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createOpenAiCompatibleModel } from "../../../providers/openai-compatible/openai-compatible-model.ts";
import {
  formatGroundedness,
  shortfallsOf,
} from "../../../src/cli/groundedness/groundedness-report.ts";
import { measureGroundedness } from "../../../src/cli/groundedness/measure-groundedness.ts";
import { createQuestionAnswerer } from "../../../src/conversation/answer-question.ts";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { createRetriever } from "../../../src/retrieval/create-retriever.ts";
import { parseGold } from "../../../src/retrieval/evaluate.ts";
import { planByRules } from "../../../src/retrieval/plan-by-rules.ts";
import { selectQuote, selectStretches } from "../../../src/retrieval/select-quote.ts";
import type { Database } from "../../../src/store/database.ts";
import { createGazetteStore } from "../../../src/store/gazette-store.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { copyPreparedData } from "../prepared-data.ts";

let folder: string;
let database: Database;
let standIn: LlmStandIn;
let write: (prompt: string) => string = () => "";
const clock = { now: () => new Date("2024-04-16T12:00:00Z") };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pregonero-grounding-"));
  await copyPreparedData(folder);
  database = await openEmbedded({ dataDirectory: folder });
  await migrate(database, "migrations");
  standIn = await startLlmStandIn({
    protocol: "openai-chat",
    text: (body) =>
      write(
        (body.messages as readonly { content: string }[]).map(({ content }) => content).join("\n"),
      ),
  });
});
afterAll(async () => {
  await standIn.close();
  await database.close();
  await rm(folder, { recursive: true });
});

it("keeps what a model says truly of the sample acts, and none of what it invents", async () => {
  const retriever = createRetriever({ database, clock, logger: silentLogger });
  const gazetteStore = createGazetteStore(database);
  const ports = {
    gazetteStore,
    planByRules,
    selectQuote,
    selectStretches,
    clock,
    logger: silentLogger,
  };
  const report = await measureGroundedness(
    {
      retriever,
      createAnswerer: (given) => createQuestionAnswerer({ ...ports, ...given }),
      toModel: (reply) => {
        write = reply;
        return createOpenAiCompatibleModel({ baseUrl: standIn.baseUrl, model: "mixes" });
      },
    },
    {
      gold: parseGold(await readFile("eval/gold-sample.jsonl", "utf8")),
      tenantId: asId<TenantId>("00000000-0000-4000-8000-00000000e7a1"),
    },
    AbortSignal.timeout(100_000),
  );
  console.log(formatGroundedness("two sample acts", report));
  expect(report.questions).toBeGreaterThan(3);
  expect(report.rows.length).toBeGreaterThan(15);
  expect(shortfallsOf(report)).toEqual([]);
});
