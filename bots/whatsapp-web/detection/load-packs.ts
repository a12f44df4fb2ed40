import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { PregoneroError } from "../../../src/core/errors.ts";
import type { Logger } from "../../../src/core/logger.ts";
import {
  eraFileSchema,
  type SelectorPack,
  WORD_KEYS,
  type Words,
  wordsFileSchema,
} from "./pack-schema.ts";

const SHIPPED = new URL("../packs/", import.meta.url);
const MAX_BYTES = 1_000_000;

type EraFile = z.infer<typeof eraFileSchema>;

/**
 * The shipped packs, and over them those of `directory`: an `era-<letter>.json` replaces the shipped one of its era or
 * adds an era, a `words.json` replaces the phrases. A file there that cannot be used is refused in one sentence, logged
 * as `selector-pack-refused`, and what it would have replaced stays. Newest era first.
 */
export async function loadPacks(options: {
  readonly directory?: string | undefined;
  readonly logger: Logger;
  /** Called for each file that is refused; count it. */
  readonly onRefused?: () => void;
}): Promise<readonly SelectorPack[]> {
  const shipped = await readPacks(fileURLToPath(SHIPPED), (_file, reason) => {
    throw new PregoneroError("bad-selector-pack", reason);
  });
  const own =
    options.directory === undefined
      ? { eras: [], words: undefined }
      : await readPacks(options.directory, (file, reason) => {
          options.logger.warn("selector-pack-refused", { file, reason });
          options.onRefused?.();
        });
  const words = own.words ?? shipped.words;
  if (words === undefined) throw new PregoneroError("bad-selector-pack", "words.json is missing");
  const eras = new Map([...shipped.eras, ...own.eras].map((era) => [era.era, era]));
  return [...eras.values()]
    .sort((one, other) => (one.era < other.era ? 1 : -1))
    .map((era) => toPack(era, words));
}

async function readPacks(directory: string, refuse: (file: string, reason: string) => void) {
  const eras: EraFile[] = [];
  let words: Words | undefined;
  for (const file of await filesIn(directory, refuse)) {
    const content = await readJson(path.join(directory, file)).catch(
      (error: unknown) => error as Error,
    );
    if (content instanceof Error) {
      refuse(file, `${file} is not used: ${content.message}`);
      continue;
    }
    const isWords = file === "words.json";
    const parsed = (isWords ? wordsFileSchema : eraFileSchema).safeParse(content);
    if (!parsed.success) refuse(file, `${file} is not used: ${explain(parsed.error)}`);
    else if ("era" in parsed.data) eras.push(parsed.data);
    else words = parsed.data.words;
  }
  return { eras, words };
}

async function filesIn(
  directory: string,
  refuse: (file: string, reason: string) => void,
): Promise<readonly string[]> {
  try {
    const files = await readdir(directory);
    return files.filter((file) => /^(?:era-[a-z]{1,12}|words)\.json$/.test(file)).sort();
  } catch {
    refuse(directory, `${directory} cannot be read: check that the folder exists`);
    return [];
  }
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  if (text.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is no JSON");
  }
}

function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
  return `${where}: ${issue?.message ?? "is not of the form"}`;
}

function toPack({ words: own, ...era }: EraFile, shared: Words): SelectorPack {
  const words = { ...shared, ...own } as Words;
  const expand = (selectors: readonly string[]) =>
    selectors.flatMap((each) => expandWords(each, words));
  return {
    ...era,
    name: `${era.era}/${era.version}`,
    words,
    message: {
      ...era.message,
      menu: expand(era.message.menu),
      menuItem: expand(era.message.menuItem),
    },
    elements: Object.fromEntries(
      Object.entries(era.elements).map(([name, selectors]) => [name, expand(selectors)]),
    ) as SelectorPack["elements"],
  };
}

/** `[aria-label='{send}' i]` → one selector for each phrase of `send` in each language. */
function expandWords(selector: string, words: Words): string[] {
  const key = WORD_KEYS.find((each) => selector.includes(`{${each}}`));
  if (key === undefined) return [selector];
  const phrases = [...new Set(Object.values(words[key]).flat())];
  return phrases.map((phrase) =>
    selector.replaceAll(`{${key}}`, phrase.replace(/["'\\]/g, "\\$&")),
  );
}
