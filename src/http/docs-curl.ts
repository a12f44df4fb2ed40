import { type DescribedSchema, type Schemas, sampleOf } from "./docs-sample.ts";

export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: DescribedSchema;
}
export type DescribedContent = Readonly<Record<string, { readonly schema?: DescribedSchema }>>;
export interface DescribedOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: { readonly content?: DescribedContent };
  readonly responses?: Readonly<
    Record<string, { readonly description?: string; readonly content?: DescribedContent }>
  >;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** JSON that is longer stands in lines of its own. */
const SHORT = 60;

/**
 * The call as a line of the shell, with `$URL`, `$KEY` (or a session's `cookies.txt` and `$CSRF`), and the ids of the
 * address as variables: `{campaignId}` is `$CAMPAIGN_ID`.
 */
export function curlOf(
  schemas: Schemas,
  method: string,
  path: string,
  operation: DescribedOperation,
): string {
  const { parameters = [], requestBody, responses = {} } = operation;
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => `$${variableOf(name)}`);
  const query = parameters
    .filter(({ in: place, required }) => place === "query" && required === true)
    .map(({ name, schema = {} }) => `${name}=${encodeURIComponent(textOf(schemas, schema))}`);
  const verb = method === "get" ? "" : `-X ${method.toUpperCase()} `;
  const words = [
    `${flagsOf(responses)}${verb}"$URL${address}${query.length === 0 ? "" : `?${query.join("&")}`}"`,
    ...credentialsOf(operation, method),
    ...parameters
      .filter(({ in: place, name }) => place === "header" && name in SHOWN_HEADERS)
      .map(({ name }) => `-H "${name}: ${SHOWN_HEADERS[name]}"`),
    ...bodyOf(schemas, requestBody?.content),
  ];
  return `curl ${words.join(" \\\n  ")}`;
}

const SHOWN_HEADERS: Readonly<Record<string, string>> = {
  "If-Match": "$ETAG",
  "Idempotency-Key": "$(node -p 'crypto.randomUUID()')",
  "Pregonero-Signature": "$SIGNATURE",
};

/** `botId` → `BOT_ID`. */
export function variableOf(name: string): string {
  return name.replace(/([A-Z])/g, "_$1").toUpperCase();
}

function flagsOf(responses: NonNullable<DescribedOperation["responses"]>): string {
  const media = Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, { content = {} }]) => Object.keys(content));
  if (media.includes("text/event-stream")) return "-N ";
  return media.some((type) => /^(image|application\/(zip|octet-stream))/.test(type)) ? "-OJ " : "";
}

function credentialsOf({ security = [] }: DescribedOperation, method: string): readonly string[] {
  if (security.some((way) => "apiKey" in way)) return ['-H "Authorization: Bearer $KEY"'];
  if (security.some((way) => "visitor" in way)) return ["-b cookies.txt"];
  if (method === "get") return security.some((way) => "session" in way) ? ["-b cookies.txt"] : [];
  return ["-b cookies.txt -c cookies.txt", '-H "X-CSRF-Token: $CSRF"'];
}

function bodyOf(schemas: Schemas, content: DescribedContent = {}): readonly string[] {
  const [first] = Object.entries(content);
  if (first === undefined) return [];
  const [media, { schema = {} }] = first;
  const type = `-H "Content-Type: ${media}"`;
  if (media !== "application/json") return [type, "--data-binary @FILE"];
  const sample = sampleOf(schemas, schema);
  const short = JSON.stringify(sample);
  const json =
    short.length > SHORT ? JSON.stringify(sample, undefined, 2).replaceAll("\n", "\n  ") : short;
  return [type, `-d '${json.replaceAll("'", "'\\''")}'`];
}

function textOf(schemas: Schemas, schema: DescribedSchema): string {
  const sample = sampleOf(schemas, schema);
  return typeof sample === "object" ? JSON.stringify(sample) : String(sample ?? "");
}
