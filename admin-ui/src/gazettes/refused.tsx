import { Alert } from "@mantine/core";
import { isProblem } from "../api/api.ts";
import { type FieldProblem, problemsElsewhere } from "../parts/field-problem.ts";

/** Everything that the server found wrong, by field; an address that is never asked is refused as a whole. */
export function problemsOf(error: unknown): readonly FieldProblem[] {
  if (!isProblem(error)) return [];
  if (error.code !== "url-refused") return error.fields;
  return [{ field: "settings.locator.url", problem: error.message }];
}

/** What was refused and is said by no field of the form. */
export function Refused({
  error,
  problems,
  fields,
}: {
  readonly error: Error | null;
  readonly problems: readonly FieldProblem[];
  /** Those that say what is wrong with them. */
  readonly fields: readonly string[];
}) {
  if (error === null) return null;
  const elsewhere = problemsElsewhere(problems, fields);
  if (problems.length > 0 && elsewhere.length === 0) return null;
  return (
    <Alert color="red" variant="light" role="alert">
      {elsewhere.length > 0
        ? elsewhere.map(({ field, problem }) => `${field} ${problem}`).join(" ")
        : error.message}
    </Alert>
  );
}
