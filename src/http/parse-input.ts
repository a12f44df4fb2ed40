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
      rule: "unknown",
    }));
  }
  const example = exampleAt(schema, path);
  return [
    {
      field: nameOf(path),
      problem: issue.message,
      ...ruleOf(issue),
      ...(example === undefined ? {} : { example }),
    },
  ];
}

type Rule = Pick<FieldProblem, "rule" | "limit">;

/** Undefined for what is checked by us, and said in words alone. */
function ruleOf(issue: z.core.$ZodIssue): Rule {
  switch (issue.code) {
    case "invalid_type":
      return { rule: issue.message.endsWith("received undefined") ? "missing" : "wrong-type" };
    case "invalid_format":
      return { rule: "malformed" };
    case "invalid_value":
      // What we say ourselves of the one value that is taken, such as a consent, is more than its rule.
      return issue.message.startsWith("Invalid") ? { rule: "not-one-of" } : {};
    case "not_multiple_of":
      return { rule: "wrong-type" };
    case "too_small":
      return { rule: BELOW[kindOf(issue.origin)], limit: Number(issue.minimum) };
    case "too_big":
      return { rule: ABOVE[kindOf(issue.origin)], limit: Number(issue.maximum) };
    default:
      return {};
  }
}

const BELOW = { text: "too-short", list: "too-few", figure: "too-small" } as const;
const ABOVE = { text: "too-long", list: "too-many", figure: "too-large" } as const;

function kindOf(origin: string): keyof typeof BELOW {
  if (origin === "string") return "text";
  return ["array", "set", "map"].includes(origin) ? "list" : "figure";
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join(".") || "body";
}

/** Removes control characters but tab and line feed: PostgreSQL refuses NUL, and nobody types the others. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();
}
