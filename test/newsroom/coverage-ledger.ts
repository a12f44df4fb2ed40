import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import type { GazetteStore } from "../../src/core/gazette-store.ts";
import type { EditionId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import { createExtractor, type Extractor } from "../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../src/gazette/extract/limits.ts";
import { createIngest, type Ingest } from "../../src/gazette/ingest.ts";
import { RETRY_MINUTES } from "../../src/gazette/page-draft.ts";
import { createPagesReader } from "../../src/gazette/read-pages-again.ts";
import type { Database } from "../../src/store/database.ts";
import { createFileStore } from "../../src/store/file-store.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createGivenUpPages } from "../../src/store/newsroom/given-up-pages.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import { markdownTable } from "./markdown-table.ts";
import { type MemorySummary, watchMemory } from "./memory-samples.ts";
import { inkOf, lettersByPage } from "./page-witness.ts";
import type { VerifiedTable } from "./verdict.ts";

/** Which gazette a file is of, by the beginning of its name. */
const SOURCE_OF: readonly (readonly [RegExp, string])[] = [
  [/^BOE-/, "boe"],
  [/^BO_Senapi/, "senapi-bo"],
  [/^BR_QD/, "querido-diario"],
  [/^CR_LaGaceta/, "la-gaceta"],
  [/^DODF/, "diario-oficial-df"],
  [/^DO_ONAPI/, "onapi-do"],
  [/^NI_LaGaceta/, "ni-la-gaceta"],
];

/** The largest there is: a bulletin of 381 pages. */
const BULLETIN_PAGES = 381;
/** From the first half of its pages to the second. */
const MEMORY_GROWTH = 1.25;
/** Fewer dark pixels than one in so many: nothing is printed on it. */
const BLANK_SHARE = 1 / 5_000;
/** Fewer letters on a page are its running head and foot, which are left out of what is read. */
const FURNITURE_LETTERS = 200;

/** What became of the pages of one PDF: rows of the table `page`, counted, beside what others see of it. */
interface Coverage {
  readonly file: string;
  /** As pdftotext counts them; where that is not installed, as the PDF says of itself. */
  readonly pages: number;
  readonly textLayer: number;
  readonly recognised: number;
  /** Of nothing but paper: drawn, and looked at. */
  readonly blank: number;
  readonly characters: number;
  readonly acts: number;
  readonly passages: number;
  /** Pages with text of which no passage has any. */
  readonly outside: readonly number[];
  readonly unread: readonly string[];
  readonly seconds: number;
  readonly memory: MemorySummary;
}

interface Ground {
  readonly database: Database;
  readonly gazetteStore: GazetteStore;
  readonly extractor: Extractor;
  readonly ingest: Ingest;
  /** Reads some of the pages that were given up and are due; false: there are none. */
  readonly readAgain: (signal: AbortSignal) => Promise<boolean>;
}

/** Every page of every PDF: read from its text layer, from its image, or proved to be empty; else named, with the reason. */
export async function runCoverageLedger({
  isQuick,
}: {
  readonly isQuick: boolean;
}): Promise<VerifiedTable> {
  const folder = pdfFolder(isQuick);
  const files = readdirSync(folder).filter((file) => file.endsWith(".pdf"));
  const kept = await mkdtemp(path.join(tmpdir(), "pregonero-coverage-"));
  const database = await openEmbedded({ dataDirectory: undefined });
  try {
    await migrate(database, path.join(repositoryRoot(), "migrations"));
    const extractor = createExtractor(DEFAULT_LIMITS);
    const gazetteStore = createGazetteStore(database);
    const fileStore = createFileStore(kept);
    const ports = { gazetteStore, fileStore, extractor, clock: systemClock, logger: silentLogger };
    const givenUpPages = createGivenUpPages(database, RETRY_MINUTES);
    const readAgain = createPagesReader({ ...ports, givenUpPages, metrics: noMetrics });
    const ingest = createIngest(ports);
    const ground = { database, gazetteStore, extractor, ingest, readAgain };
    const ledger: Coverage[] = [];
    for (const file of files) ledger.push(await cover(ground, path.join(folder, file)));
    return describe(ledger, isQuick);
  } finally {
    await database.close();
    await rm(kept, { recursive: true, force: true });
  }
}

/** Beside the repository lie gazettes that are not ours to ship; six of them are in `sample`. */
function pdfFolder(isQuick: boolean): string {
  const root = repositoryRoot();
  const shared = path.join(root, "..", "shared", "data", "gazettes");
  return !isQuick && existsSync(shared) ? shared : path.join(root, "sample");
}

async function cover(ground: Ground, filePath: string): Promise<Coverage> {
  const file = path.basename(filePath);
  const source = SOURCE_OF.find(([pattern]) => pattern.test(file))?.[1] ?? "la-gaceta";
  const memory = watchMemory();
  const startedAt = performance.now();
  let step = "";
  const result = await ground.ingest(
    { document: { filePath }, source, publishedOn: "2014-11-14", documentName: file },
    {
      signal: AbortSignal.timeout(3_600_000),
      onProgress(progress) {
        memory.at(progress.step === "read" ? progress.done / progress.total : 0);
        if (progress.step !== "read" && progress.step !== "recognise") return;
        const tenth = Math.floor((10 * progress.done) / progress.total);
        const said = `${file}: ${progress.step} ${tenth * 10} %`;
        if (said !== step) process.stderr.write(`${said}\n`);
        step = said;
      },
    },
  );
  const summary = await memory.end();
  await readGivenUp(ground);
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    file,
    seconds,
    memory: summary,
    ...(await readLedger(ground, filePath, result.editionId)),
  };
}

/** As the scheduler does, without waiting until pages are due again: each has its bounded number of tries. */
async function readGivenUp({ database, readAgain }: Ground): Promise<void> {
  const signal = AbortSignal.timeout(3_600_000);
  const makeDue = () =>
    database.asOwner((tx) =>
      tx.query("update page set next_try_at = now() where next_try_at is not null"),
    );
  await makeDue();
  while (await readAgain(signal)) await makeDue();
}

interface PageRow {
  readonly page: number;
  readonly origin: "text-layer" | "ocr" | "empty";
  readonly characters: number;
  readonly is_in_passage: boolean;
}

async function readLedger(
  { database, extractor }: Ground,
  filePath: string,
  editionId: EditionId,
): Promise<Omit<Coverage, "file" | "seconds" | "memory">> {
  const { rows, counts } = await database.asOwner(async (tx) => ({
    rows: await tx.query<PageRow>(
      `select p.page, p.origin, length(p.text) as characters,
              exists (select 1 from passage s where s.edition_id = p.edition_id
                        and p.page between s.page and s.last_page) as is_in_passage
         from page p where p.edition_id = $1 order by p.page`,
      [editionId],
    ),
    counts: await tx.query<{ acts: number; passages: number }>(
      `select (select count(*)::int from act where edition_id = $1) as acts,
              (select count(*)::int from passage where edition_id = $1) as passages`,
      [editionId],
    ),
  }));
  const witness = lettersByPage(filePath);
  const byPage = new Map(rows.map((row) => [row.page, row]));
  const pages = witness?.length ?? rows.length;
  const unread: string[] = [];
  let blank = 0;
  for (let page = 1; page <= pages; page++) {
    const row = byPage.get(page);
    if (row === undefined) unread.push(`${page}: not in the ledger`);
    else if (row.origin === "empty") {
      const ink = await inkOf(extractor, readFileSync(filePath), page);
      if (ink < BLANK_SHARE) blank += 1;
      else unread.push(`${page}: ink on ${(100 * ink).toFixed(2)} %, and no words`);
    } else if (row.characters === 0 && (witness?.[page - 1] ?? 0) > FURNITURE_LETTERS) {
      unread.push(`${page}: pdftotext sees ${witness?.[page - 1]} letters`);
    }
  }
  if (rows.length > pages) unread.push(`${rows.length - pages} pages that the PDF has not`);
  return {
    pages,
    textLayer: rows.filter(({ origin }) => origin === "text-layer").length,
    recognised: rows.filter(({ origin }) => origin === "ocr").length,
    blank,
    characters: rows.reduce((sum, { characters }) => sum + characters, 0),
    acts: counts[0]?.acts ?? 0,
    passages: counts[0]?.passages ?? 0,
    outside: rows.filter((row) => row.characters > 0 && !row.is_in_passage).map(({ page }) => page),
    unread,
  };
}

function describe(ledger: readonly Coverage[], isQuick: boolean): VerifiedTable {
  const rows = ledger.map((each) => [
    each.file,
    each.pages,
    each.textLayer,
    each.recognised,
    each.blank,
    each.unread.length,
    each.outside.length,
    `${(100 * (1 - each.unread.length / each.pages)).toFixed(1)} %`,
    each.characters,
    each.acts,
    each.passages,
    each.seconds.toFixed(1),
    `${Math.round(each.memory.peakMiB)} MiB`,
  ]);
  const shortfalls = ledger.flatMap(({ file, unread, outside }) => [
    ...unread.map((reason) => `${file}, page ${reason}`),
    ...outside.map((page) => `${file}, page ${page}: its text is in no passage`),
  ]);
  const bulletin = ledger.find(({ pages }) => pages === BULLETIN_PAGES);
  const memory = bulletin === undefined ? undefined : describeMemory(bulletin);
  if (bulletin === undefined && !isQuick) shortfalls.push(`no bulletin of ${BULLETIN_PAGES} pages`);
  const head = [
    ...["PDF", "pages", "text layer", "recognised", "blank, drawn", "unread", "in no passage"],
    ...["coverage", "characters", "acts", "passages", "s", "peak of a child"],
  ];
  const text = ["### Every page of every PDF", markdownTable(head, rows), memory?.text];
  return {
    text: text.filter((part) => part !== undefined).join("\n\n"),
    shortfalls: [...shortfalls, ...(memory?.shortfalls ?? [])],
  };
}

function describeMemory({ file, memory }: Coverage): VerifiedTable {
  const { firstHalfMiB, secondHalfMiB, samples } = memory;
  if (samples.length === 0) {
    const text = "Memory: this system does not tell what a child takes.";
    return { text, shortfalls: [] };
  }
  const growth = secondHalfMiB / firstHalfMiB;
  const rows = samples.map(({ share, miB }) => [`${Math.round(100 * share)} %`, Math.round(miB)]);
  const table = markdownTable(["of its pages read", "MiB, the reading process"], rows);
  const verdict = `Peak of the second half ${Math.round(secondHalfMiB)} MiB, of the first ${Math.round(firstHalfMiB)} MiB: × ${growth.toFixed(2)} (promised: ≤ ${MEMORY_GROWTH}).`;
  return {
    text: `### Memory while ${file} is read\n\n${table}\n\n${verdict}`,
    shortfalls: growth <= MEMORY_GROWTH ? [] : [`${file}: memory grows × ${growth.toFixed(2)}`],
  };
}
