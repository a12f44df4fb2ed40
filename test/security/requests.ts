import type { OpenApiDocument } from "../../src/http/openapi.ts";

/** Ids of nobody and nothing. */
export const NOBODY = "00000000-0000-4000-8000-000000000000";
export const NOBODY_ELSE = "00000000-0000-4000-8000-000000000001";

/** As much of JSON Schema as the API's description uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
}

/** One route with an id of something in path, query or body, and where the ids stand. */
export interface Operation {
  readonly method: string;
  readonly template: string;
  /** Names of the path's parameters. */
  readonly inPath: readonly string[];
  /** Those of them that are numbers: of no tenant. */
  readonly numbers: readonly string[];
  /** Of the query, with an id as its value. */
  readonly inQuery: readonly string[];
  /** What the query must hold besides. */
  readonly query: Readonly<Record<string, Schema>>;
  /** Media type of a body that is not JSON; undefined: it is, or there is none. */
  readonly mediaType: string | undefined;
  /** What the body must be like; undefined: it has none. */
  readonly body: Schema | undefined;
  /** Names of the body's fields that hold an id, or several. */
  readonly inBody: readonly string[];
}

interface Described {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
}

/** Parameters of the path that count something. */
const COUNTED: readonly string[] = ["version", "page"];

/** Every route of the description that takes an id from whoever calls. */
export function operationsWithIds(document: OpenApiDocument): readonly Operation[] {
  const operations = Object.entries(document.paths ?? {}).flatMap(([template, methods]) =>
    Object.entries(methods as Readonly<Record<string, Described>>).map(([method, described]) =>
      toOperation(document, method.toUpperCase(), template, described),
    ),
  );
  return operations.filter(
    ({ inPath, inQuery, inBody }) => inPath.length + inQuery.length + inBody.length > 0,
  );
}

function toOperation(
  document: OpenApiDocument,
  method: string,
  template: string,
  { parameters = [], requestBody }: Described,
): Operation {
  const body = requestBody?.content?.["application/json"]?.schema;
  const inQuery = parameters
    .filter((one) => one.in === "query" && one.schema && isId(document, one.schema))
    .map(({ name }) => name);
  const needed = parameters.filter(
    (one) => one.in === "query" && one.required === true && !inQuery.includes(one.name),
  );
  return {
    method,
    template,
    inPath: [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
    numbers: parameters
      .filter(({ name, in: place }) => place === "path" && COUNTED.includes(name))
      .map(({ name }) => name),
    query: Object.fromEntries(needed.map(({ name, schema = {} }) => [name, schema])),
    mediaType: body === undefined ? Object.keys(requestBody?.content ?? {})[0] : undefined,
    inQuery,
    body,
    inBody: body === undefined ? [] : [...new Set(idNames(document, body, ""))],
  };
}

export function resolve(document: OpenApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.split("/").at(-1) ?? "";
  return (document.components?.schemas?.[name] ?? {}) as Schema;
}

function isId(document: OpenApiDocument, given: Schema): boolean {
  const schema = resolve(document, given);
  return schema.format === "uuid" || (schema.anyOf ?? []).some((one) => isId(document, one));
}

function hasIds(document: OpenApiDocument, given: Schema, depth = 0): boolean {
  if (depth > 8) return false;
  const schema = resolve(document, given);
  if (schema.format === "uuid") return true;
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ];
  return inner.some((one) => hasIds(document, one, depth + 1));
}

function idNames(
  document: OpenApiDocument,
  given: Schema,
  name: string,
  depth = 0,
): readonly string[] {
  if (depth > 8) return [];
  const schema = resolve(document, given);
  if (schema.format === "uuid") return [name];
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([field, one]) =>
      idNames(document, one, field, depth + 1),
    ),
    ...(schema.items === undefined ? [] : idNames(document, schema.items, name, depth + 1)),
    ...alternatives.flatMap((one) => idNames(document, one, name, depth + 1)),
  ];
}

/**
 * A value that fits the schema: what is required, and whatever holds an id, which is `id`. Undefined: no text is
 * known that fits the pattern.
 */
export function sampleOf(document: OpenApiDocument, given: Schema, id: string, depth = 0): unknown {
  const schema = resolve(document, given);
  if (schema.format === "uuid") return id;
  if (schema.allOf !== undefined) {
    return Object.assign(
      {},
      ...schema.allOf.map((one) => sampleOf(document, one, id, depth + 1) ?? {}),
    );
  }
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined && schema.properties === undefined) {
    const chosen = options.find((one) => hasIds(document, one)) ?? options[0];
    return chosen && sampleOf(document, chosen, id, depth + 1);
  }
  const types = [schema.type ?? []].flat();
  if (schema.properties !== undefined || types.includes("object")) {
    return sampleObject(document, schema, id, depth);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (types.includes("array")) {
    const isEmpty = !hasIds(document, schema) && (schema.minItems ?? 0) === 0;
    if (isEmpty || schema.items === undefined) return [];
    return [sampleOf(document, schema.items, id, depth + 1)];
  }
  const told = schema.example ?? schema.examples?.[0] ?? schema.default;
  return told ?? simple(schema, types);
}

function sampleObject(
  document: OpenApiDocument,
  schema: Schema,
  id: string,
  depth: number,
): unknown {
  if (depth > 8) return {};
  const told = schema.example ?? schema.examples?.[0];
  const entries = Object.entries(schema.properties ?? {})
    .filter(([name, one]) => schema.required?.includes(name) || hasIds(document, one))
    .map(([name, one]) => [name, sampleOf(document, one, id, depth + 1)]);
  // A change must name something.
  const [first] =
    depth === 0 && entries.length === 0 ? Object.entries(schema.properties ?? {}) : [];
  if (first !== undefined) entries.push([first[0], sampleOf(document, first[1], id, depth + 1)]);
  const made = Object.fromEntries(entries);
  return typeof told === "object" ? { ...told, ...made } : made;
}

const TEXTS: Readonly<Record<string, string>> = {
  "date-time": "2099-01-01T09:00:00Z",
  date: "2099-01-01",
  email: "somebody@example.org",
  uri: "https://example.org/aviso",
  time: "09:30",
};
const WORDS = [
  "texto",
  "texto-de-ejemplo",
  "es",
  "12345",
  "09:30",
  "+50688887777",
  "2099-01-01T09:00",
  "2099-01-01",
  "a".repeat(43),
  "0 9 * * 1-5",
];

function simple(schema: Schema, types: readonly string[]): unknown {
  if (types.includes("boolean")) return true;
  if (types.includes("integer") || types.includes("number")) return schema.minimum ?? 1;
  if (types.includes("null") && !types.includes("string")) return null;
  const known = TEXTS[schema.format ?? ""];
  if (known !== undefined) return known;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u");
  const words = WORDS.map((word) => word.padEnd(schema.minLength ?? 0, "x"));
  return words.find((word) => pattern?.test(word) ?? true);
}

/** What a route asks for that its schema cannot tell. */
const GIVEN: Readonly<Record<string, unknown>> = {
  "POST /api/v1/campaigns/{campaignId}/schedule": { startsAt: "2099-01-01T09:00:00Z" },
  "POST /api/v1/publications/{publicationId}/schedule": { startsAt: "2099-01-01T09:00:00Z" },
};

/** The request with these ids in their places; those of query and body are `other`. */
export function toCall(
  document: OpenApiDocument,
  operation: Operation,
  ids: { readonly inPath: (name: string) => string; readonly other: string },
) {
  const { method, template, body, mediaType } = operation;
  const query = new URLSearchParams([
    ...Object.entries(operation.query).map(([name, schema]): [string, string] => [
      name,
      String(sampleOf(document, schema, ids.other) ?? "texto.txt"),
    ]),
    ...operation.inQuery.map((name): [string, string] => [name, ids.other]),
  ]);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    operation.numbers.includes(name) ? "1" : encodeURIComponent(ids.inPath(name)),
  );
  const sample = body === undefined ? undefined : sampleOf(document, body, ids.other);
  return {
    method,
    path: query.size === 0 ? path : `${path}?${query}`,
    body: mediaType === undefined ? (GIVEN[`${method} ${template}`] ?? sample) : "texto",
    headers: {
      "if-match": "*",
      ...(mediaType === undefined ? {} : { "content-type": mediaType }),
    },
  };
}
