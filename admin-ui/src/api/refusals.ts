import { type FieldProblem, PregoneroApiError } from "../../../client/index.ts";

/**
 * What the API refused, in the reader's words: by its code, and field by field by its rule. The words come when they
 * are needed first. English is the API's own, and says more; so is whatever has no words here.
 */
export async function inReadersWords(
  error: PregoneroApiError,
  language: string,
): Promise<PregoneroApiError> {
  if (language === "en" || error.status === 0) return error;
  const words = await import("./refusals-es.ts").catch(() => undefined);
  if (words === undefined) return error;
  const fields = error.fields.map((field) => ({
    ...field,
    problem: ruleOf(field, words.RULES_ES),
  }));
  return new PregoneroApiError(sentenceOf(error, fields, words.REFUSALS_ES), {
    status: error.status,
    code: error.code,
    fields,
    requestId: error.requestId,
    retryAfterMs: error.retryAfterMs,
    body: error.body,
    cause: error.cause,
  });
}

type Words = Readonly<Record<string, string>>;

function sentenceOf(
  { code, message, status }: PregoneroApiError,
  fields: readonly FieldProblem[],
  words: Words,
): string {
  if (code === "invalid-input") {
    return fields.length === 0
      ? message
      : `Hay datos que corregir: ${fields.map(told).join("; ")}.`;
  }
  // A proxy's page, and no answer of ours.
  if (code === `http-${status}`) return `El servidor respondió ${status}. Intente en un momento.`;
  return wordOf(words, code)?.replace("{own}", message) ?? message;
}

function told({ field, problem, example }: FieldProblem): string {
  const shown = typeof example === "string" || typeof example === "number";
  return `${field}: ${problem}${shown ? ` (por ejemplo ${example})` : ""}`;
}

function ruleOf({ rule, limit, problem }: FieldProblem, words: Words): string {
  const word = rule === undefined ? undefined : wordOf(words, rule);
  if (word === undefined || (word.includes("{limit}") && limit === undefined)) return problem;
  return word.replace("{limit}", String(limit));
}

/** The server's word is looked up among ours alone. */
function wordOf(words: Words, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
