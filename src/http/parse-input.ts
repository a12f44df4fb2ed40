import type { z } from "zod";
import type { FieldProblem } from "./contract.ts";
import { exampleAt, knownFields } from "./example-of.ts";
import { InvalidInput } from "./problem.ts";

const MAX_PROBLEMS = 20;

/** Checks input against its schema. Throws `InvalidInput` (400), which names each field, its rule and an example. */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => toProblems(schema, issue));
  throw new InvalidInput(problems.slice(0, MAX_PROBLEMS));
}

function toProblems(schema: z.ZodType, issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const known = knownFields(schema, path);
    const others = known.length === 0 ? "" : `; known are ${known.join(", ")}`;
    return issue.keys.map((key) => ({
      field: nameOf([...path, key.slice(0, 100)]),
      problem: `is not known here${others}`,
    }));
  }
  const example = exampleAt(schema, path);
  return [
    { field: nameOf(path), problem: issue.message, ...(example === undefined ? {} : { example }) },
  ];
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join(".") || "body";
}

/** Removes control characters but tab and line feed: PostgreSQL refuses NUL, and nobody types the others. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();
}
