/** What the server finds wrong with what was sent, and where. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
  readonly example?: unknown;
}

/** What the server says of a field, or of a part of it; undefined: nothing. */
export function problemAt(problems: readonly FieldProblem[], field: string): string | undefined {
  const found = problems.find((each) => each.field === field || each.field.startsWith(`${field}.`));
  if (found === undefined) return undefined;
  const { problem, example } = found;
  return typeof example === "string" || typeof example === "number"
    ? `${problem} (${example})`
    : problem;
}

/** What is left to be said at the head of the form, for it has no place in it. */
export function problemsElsewhere(
  problems: readonly FieldProblem[],
  fields: readonly string[],
): readonly FieldProblem[] {
  return problems.filter((each) => !fields.some((field) => problemAt([each], field) !== undefined));
}
