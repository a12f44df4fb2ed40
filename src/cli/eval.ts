import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Config } from "../config.ts";
import { createQuestionAnswerer } from "../conversation/answer-question.ts";
import type { Retriever } from "../core/answer.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import type { QuestionAnswerer } from "../core/question.ts";
import { createExtractor } from "../gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../gazette/extract/limits.ts";
import { createIngest } from "../gazette/ingest.ts";
import { findPackageRoot } from "../package-root.ts";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { type EvalReport, evaluate, parseGold } from "../retrieval/evaluate.ts";
import { planByRules } from "../retrieval/plan-by-rules.ts";
import { selectQuote, selectStretches } from "../retrieval/select-quote.ts";
import type { Database } from "../store/database.ts";
import { createFileStore } from "../store/file-store.ts";
import { createGazetteStore } from "../store/gazette-store.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { compareWithBaseline, formatReport } from "./eval-report.ts";
import { formatGroundedness, shortfallsOf } from "./groundedness/groundedness-report.ts";
import {
  type GroundednessReport,
  measureGroundedness,
} from "./groundedness/measure-groundedness.ts";
import type { Output } from "./ports.ts";

const corpusFile = z.record(
  z.enum(["sample", "shared"]),
  z.array(z.object({ file: z.string(), source: z.string(), date: z.string() })),
);
type CorpusDocument = z.infer<typeof corpusFile>["sample"][number];

/** Reads public gazettes only, so any tenant will do. */
const EVAL_TENANT = asId<TenantId>("00000000-0000-4000-8000-00000000e7a1");

/** The sets whose questions a scripted model answers as well, to see what is kept of its words. */
const GROUNDED_SETS = new Set(["sample", "shared"]);

/** Asks every question of a gold file over a database that holds its documents. Prints nothing. */
export async function runEval(
  options: {
    readonly database: Database;
    readonly retriever: Retriever;
    readonly answerer: QuestionAnswerer;
    readonly goldFile: string;
    readonly clock: Clock;
  },
  signal: AbortSignal,
): Promise<EvalReport> {
  const gold = parseGold(await readFile(options.goldFile, "utf8"));
  const sources = await createGazetteStore(options.database).listSources(EVAL_TENANT);
  const held = sources.filter((source) => source.editionCount > 0);
  return evaluate(options, { gold, tenantId: EVAL_TENANT, sources: held }, signal);
}

/**
 * `eval [--set NAME]… [--shared FOLDER] [--keep FOLDER] [--figures FILE]`: the repository's gold set over the
 * sample edition and, when the folder is there, the shared one and the hold-out over all its PDFs. A corpus is
 * in an embedded database of its own that is kept and reused as long as the code that reads gazettes stays the
 * same. `--figures`: what each verdict rested on, one JSON object a line. 1 when a figure fell.
 */
export async function evalCommand(
  _config: Config,
  args: readonly string[],
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  const root = findPackageRoot();
  const { values } = parseArgs({
    args: [...args],
    options: {
      shared: { type: "string" },
      keep: { type: "string" },
      set: { type: "string", multiple: true },
      figures: { type: "string" },
    },
  });
  const shared = path.resolve(values.shared ?? path.join(root, "..", "shared", "data"));
  const corpus = corpusFile.parse(
    JSON.parse(await readFile(path.join(root, "eval/corpus.json"), "utf8")),
  );
  const keep = values.keep ?? path.join(tmpdir(), `pregonero-eval-${await codeHash(root)}`);
  const overSample = { corpus: "sample", folder: path.join(root, "sample") } as const;
  const overShared = { corpus: "shared", folder: path.join(shared, "gazettes") } as const;
  const sets = [
    { name: "sample", goldFile: path.join(root, "eval/gold-sample.jsonl"), ...overSample },
    { name: "shared", goldFile: path.join(shared, "gold/gazette-dev.jsonl"), ...overShared },
    { name: "holdout-tune", goldFile: path.join(root, "eval/holdout/tune.jsonl"), ...overShared },
    { name: "holdout-test", goldFile: path.join(root, "eval/holdout/test.jsonl"), ...overShared },
  ].filter(({ name }) => values.set === undefined || values.set.includes(name));
  const figures: string[] = [];
  let hasFallen = false;
  for (const set of sets) {
    if (!existsSync(set.goldFile)) {
      out.progress(`No gold set at ${set.goldFile}: left out.`);
      continue;
    }
    if (!existsSync(set.folder)) {
      out.progress(`${set.name}: its gazettes are not at ${set.folder}: left out.`);
      continue;
    }
    const { report, groundedness } = await evaluateSet(
      {
        ...set,
        documents: corpus[set.corpus],
        root,
        dataDirectory: path.join(keep, set.corpus),
      },
      out,
      signal,
    );
    const verdict = await compareWithBaseline(
      path.join(root, "eval/baseline.json"),
      set.name,
      report,
    );
    out.result(formatReport(set.name, report, verdict));
    if (groundedness !== undefined) {
      out.result(formatGroundedness(set.name, groundedness));
      hasFallen ||= shortfallsOf(groundedness).length > 0;
    }
    figures.push(...report.judged.map((item) => `${JSON.stringify({ set: set.name, ...item })}\n`));
    hasFallen ||= verdict.some((item) => item.hasFallen);
  }
  if (values.figures !== undefined) await writeFile(values.figures, figures.join(""));
  return hasFallen ? 1 : 0;
}

async function evaluateSet(
  set: {
    readonly name: string;
    readonly goldFile: string;
    readonly folder: string;
    readonly documents: readonly CorpusDocument[];
    readonly root: string;
    readonly dataDirectory: string;
  },
  out: Output,
  signal: AbortSignal,
): Promise<{
  readonly report: EvalReport;
  readonly groundedness: GroundednessReport | undefined;
}> {
  const database = await openEmbedded({ dataDirectory: set.dataDirectory });
  try {
    await migrate(database, path.join(set.root, "migrations"));
    await ingestAll(database, set, out, signal);
    const retriever = createRetriever({ database, clock: systemClock, logger: silentLogger });
    const ports = {
      retriever,
      gazetteStore: createGazetteStore(database),
      planByRules,
      selectQuote,
      selectStretches,
      clock: systemClock,
      logger: silentLogger,
    };
    const answerer = createQuestionAnswerer(ports);
    const { goldFile } = set;
    const parts = { database, retriever, answerer, goldFile, clock: systemClock };
    const report = await runEval(parts, signal);
    if (!GROUNDED_SETS.has(set.name)) return { report, groundedness: undefined };
    const gold = parseGold(await readFile(goldFile, "utf8"));
    const groundedness = await measureGroundedness(
      { retriever, createAnswerer: (given) => createQuestionAnswerer({ ...ports, ...given }) },
      { gold, tenantId: EVAL_TENANT },
      signal,
    );
    return { report, groundedness };
  } finally {
    await database.close();
  }
}

/** A document that cannot be read is named and left out: the figures then show what it costs. */
async function ingestAll(
  database: Database,
  set: {
    readonly folder: string;
    readonly documents: readonly CorpusDocument[];
    readonly dataDirectory: string;
  },
  out: Output,
  signal: AbortSignal,
): Promise<void> {
  const ingest = createIngest({
    gazetteStore: createGazetteStore(database),
    fileStore: createFileStore(path.join(set.dataDirectory, "files")),
    extractor: createExtractor(DEFAULT_LIMITS),
    clock: systemClock,
    logger: silentLogger,
  });
  for (const { file, source, date } of set.documents) {
    const document = { filePath: path.join(set.folder, file) };
    try {
      const done = await ingest({ document, source, publishedOn: date }, { signal });
      if (done.outcome === "unchanged") continue;
      out.progress(`${file}: ${done.pageCount} pages in ${done.seconds.toFixed(1)} s`);
    } catch (error) {
      const isTheDocuments = error instanceof PregoneroError && error.code !== "store-unavailable";
      if (!isTheDocuments || signal.aborted) throw error;
      out.progress(`${file}: ${error.message}`);
    }
  }
}

/** Changes whenever what reads or indexes gazettes does: a kept database from before is not met again. */
async function codeHash(root: string): Promise<string> {
  const hash = createHash("sha256");
  const here = path.dirname(new URL(import.meta.url).pathname);
  for (const folder of [path.join(root, "migrations"), path.join(here, "../gazette")]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.includes(".test."));
    const paths = files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
    for (const file of paths) hash.update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 12);
}
