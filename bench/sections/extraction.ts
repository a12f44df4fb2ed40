import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Language } from "../../src/core/language.ts";
import { createExtractor } from "../../src/gazette/extract/extractor.ts";
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
  const extractor = createExtractor(DEFAULT_LIMITS);
  const ours: number[] = [];
  const theirs: number[] = [];
  let ourText = "";
  let theirText = "";
  let pageCount = 1;
  let ocrCount = 0;
  // In turn, so that whatever else the machine does hits both.
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const pages = await extractor.extract(bytes, {
      language,
      signal: AbortSignal.timeout(300_000),
    });
    ours.push(performance.now() - began);
    pageCount = pages.length;
    ocrCount = pages.filter((page) => page.origin === "ocr").length;
    ourText = pages.map((page) => page.lines.map((line) => line.text).join("\n")).join("\n");
    const theirBegan = performance.now();
    theirText = spawnSync("pdftotext", [file, "-"], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    }).stdout;
    theirs.push(performance.now() - theirBegan);
  }
  return [
    {
      figure: `extraction, ${name}: time per page`,
      value: Math.min(...ours) / pageCount,
      unit: "ms",
      peer: { name: "pdftotext", value: Math.min(...theirs) / pageCount },
      target: { atMost: 6 },
      note: `${pageCount} pages, the child process's start included; best of ${ROUNDS}${ocrCount === 0 ? "" : `; ${ocrCount} pages by OCR`}`,
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
