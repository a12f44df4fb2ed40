import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Language } from "../../src/core/language.ts";
import { createExtractor, type Extractor } from "../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../src/gazette/extract/limits.ts";
import { repositoryRoot } from "../../test/services/harness/repository.ts";
import type { Figure } from "../figure.ts";

/** With a true text layer, so that no page goes to OCR; looked for in the shared data, then in the sample. */
const DOCUMENTS: readonly {
  readonly file: string;
  readonly name: string;
  readonly language: Language;
}[] = [
  {
    file: "CR_LaGaceta_220_2014-11-14_marcas_p12-45.pdf",
    name: "La Gaceta, 2 columns",
    language: "es",
  },
  { file: "BOE-A-2024-7296.pdf", name: "BOE-A-2024-7296", language: "es" },
  {
    file: "DODF_011_16-01-2019_INTEGRA.pdf",
    name: "DODF 011, 2 columns and tables",
    language: "pt",
  },
  { file: "DO_ONAPI_marcas_2014-11-30.pdf", name: "ONAPI, 3 columns", language: "es" },
];
const ROUNDS = 3;

/** Time per page and reading order of our extraction, against pdftotext (poppler) on the same files. */
export async function measureExtraction(): Promise<readonly Figure[]> {
  if (spawnSync("pdftotext", ["-v"]).error !== undefined) {
    throw new Error("pdftotext is not installed here (apt-get install poppler-utils).");
  }
  const figures: Figure[] = [];
  for (const document of DOCUMENTS) {
    const file = findDocument(document.file);
    if (file !== undefined)
      figures.push(...(await compare(file, document.name, document.language)));
  }
  return figures;
}

function findDocument(file: string): string | undefined {
  const root = repositoryRoot();
  const folders = [path.join(root, "..", "shared", "data", "gazettes"), path.join(root, "sample")];
  return folders.map((folder) => path.join(folder, file)).find(existsSync);
}

async function compare(file: string, name: string, language: Language): Promise<Figure[]> {
  const bytes = await readFile(file);
  const first: number[] = [];
  const next: number[] = [];
  const theirs: number[] = [];
  let pages: Awaited<ReturnType<Extractor["extract"]>> = [];
  let theirText = "";
  // In turn, so that whatever else the machine does hits all of them.
  for (let round = 0; round < ROUNDS; round++) {
    const extractor = createExtractor(DEFAULT_LIMITS);
    for (const times of [first, next]) {
      const began = performance.now();
      pages = await extractor.extract(bytes, { language, signal: AbortSignal.timeout(300_000) });
      times.push(performance.now() - began);
      const theirBegan = performance.now();
      theirText = spawnSync("pdftotext", [file, "-"], {
        encoding: "utf8",
        maxBuffer: 2 ** 28,
      }).stdout;
      theirs.push(performance.now() - theirBegan);
    }
  }
  const ocrCount = pages.filter((page) => page.origin === "ocr").length;
  const note = `${pages.length} pages, best of ${ROUNDS}${ocrCount === 0 ? "" : `; ${ocrCount} pages by OCR`}`;
  const peer = { name: "pdftotext", value: Math.min(...theirs) / pages.length };
  const ourText = pages.map((page) => page.lines.map((line) => line.text).join("\n")).join("\n");
  return [
    {
      figure: `extraction, ${name}: time per page, first document`,
      value: Math.min(...first) / pages.length,
      unit: "ms",
      peer,
      target: { atMost: 6 },
      note: `${note}; the start of a child process included`,
    },
    {
      figure: `extraction, ${name}: time per page, next document`,
      value: Math.min(...next) / pages.length,
      unit: "ms",
      peer,
      target: { atMost: 6 },
      note: `${note}; in the child that read one before`,
    },
    {
      figure: `extraction, ${name}: agreement of word pairs with pdftotext`,
      value: bigramAgreement(ourText, theirText),
      unit: "F1",
    },
  ];
}

/** Share of word pairs in common (multiset, F1): falls when the reading order differs. */
function bigramAgreement(a: string, b: string): number {
  const [left, right] = [bigrams(a), bigrams(b)];
  let common = 0;
  for (const [pair, count] of left) common += Math.min(count, right.get(pair) ?? 0);
  const total = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((x, y) => x + y, 0);
  return (2 * common) / (total(left) + total(right));
}

function bigrams(text: string): Map<string, number> {
  const joined = text.replace(/(\p{L})[-\u00AD]\n(\p{Ll})/gu, "$1$2");
  const words = joined.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const counts = new Map<string, number>();
  for (let at = 1; at < words.length; at++) {
    const pair = `${words[at - 1]} ${words[at]}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}
