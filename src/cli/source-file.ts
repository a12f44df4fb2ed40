import { readFile } from "node:fs/promises";
import { z } from "zod";
import { PregoneroError } from "../core/errors.ts";
import { LANGUAGES } from "../core/language.ts";
import type { SourceRequest } from "../newsroom/collection/source-admin.ts";

/** What a file says of a source: the JSON that `POST /api/v1/sources` takes. What no single field tells is checked later. */
const words = (max: number) => z.string().trim().min(1).max(max);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date such as 2026-11-20");
const minutes = z.int().min(1).max(43_200);
const weekday = z.literal([1, 2, 3, 4, 5, 6, 7]);

const locator = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("address"), url: words(1_000) }),
  z
    .strictObject({
      kind: z.literal("listing"),
      url: words(1_000),
      selector: words(300).optional(),
      links: z.array(words(1_000)).min(1).max(10),
      render: z.literal("browser").optional(),
    })
    .transform((given) => ({ ...given, selector: given.selector })),
  z.strictObject({
    kind: z.literal("numbered"),
    url: words(1_000),
    firstNumber: z.int().min(1).max(1_000_000),
    maxMisses: z.int().min(1).max(20),
  }),
  z.strictObject({ kind: z.literal("folder"), path: words(200), names: words(200) }),
  z.strictObject({ kind: z.literal("upload") }),
]);

const settings = z.strictObject({
  locator: locator.exactOptional(),
  hosts: z.array(words(253)).max(20).exactOptional(),
  weekdays: z.array(weekday).min(1).max(7).exactOptional(),
  expectedAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 06:00")
    .exactOptional(),
  holidays: z.array(words(20)).max(400).exactOptional(),
  lateAfterMinutes: minutes.exactOptional(),
  missingAfterMinutes: minutes.exactOptional(),
  lookEveryMinutes: minutes.exactOptional(),
  pauseSeconds: z.number().min(0.5).max(600).exactOptional(),
  recheckDays: z.int().min(0).max(30).exactOptional(),
  checksDate: z.boolean().exactOptional(),
});

const source = z.strictObject({
  slug: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words with hyphens, such as la-gaceta"),
  name: words(120),
  language: z.enum(LANGUAGES),
  country: z.string().regex(/^[A-Z]{2}$/, "must be a country such as CR"),
  timeZone: words(60),
});

export const sourceRequest = z.strictObject({
  preset: words(60).optional(),
  source: source.optional(),
  settings: settings.optional(),
  since: day.optional(),
  isPaused: z.boolean().optional(),
});

/** Throws `source-refused` with the field and what is wrong with it, or `file-unreadable`. */
export async function readSourceFile(filePath: string): Promise<SourceRequest> {
  const text = await readFile(filePath, "utf8").catch((cause: unknown) => {
    const message = `The file ${filePath} cannot be read. Check the path.`;
    throw new PregoneroError("file-unreadable", message, { cause });
  });
  const parsed = sourceRequest.safeParse(parseJson(text, filePath));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "the file";
  throw refused(`${filePath}: ${field}: ${issue?.message ?? "is not as it should be"}.`);
}

function parseJson(text: string, filePath: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`${filePath} is not JSON.`);
  }
}

function refused(message: string): PregoneroError {
  return new PregoneroError("source-refused", message, { status: 400 });
}
