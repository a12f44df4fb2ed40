import type { z } from "zod";
import { InvalidInput } from "./problem.ts";

/** Checks input against its schema. Throws `InvalidInput` (400), which names each field. */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    parsed.error.issues.slice(0, 20).map((issue) => ({
      field: issue.path.map(String).join(".") || "body",
      problem: issue.message,
    })),
  );
}

/** Removes control characters but tab and line feed: PostgreSQL refuses NUL, and nobody types the others. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();
}
