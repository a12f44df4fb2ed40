/** As much of JSON Schema as the API's description uses. */
export interface DescribedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly required?: readonly string[];
  readonly items?: DescribedSchema;
  readonly additionalProperties?: DescribedSchema | boolean;
  readonly anyOf?: readonly DescribedSchema[];
  readonly oneOf?: readonly DescribedSchema[];
  readonly allOf?: readonly DescribedSchema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}
export type Schemas = Readonly<Record<string, DescribedSchema>>;

/** Deeper than any shape of ours that is no circle. */
const MAX_DEPTH = 8;

/** The name of the schema that is referred to; undefined: it stands there itself. */
export function nameOf({ $ref }: DescribedSchema): string | undefined {
  return $ref?.split("/").at(-1);
}

/** A value that fits: the example that was given, else what is required, as simple as may be. */
export function sampleOf(schemas: Schemas, given: DescribedSchema, depth = 0): unknown {
  const schema = schemas[nameOf(given) ?? ""] ?? given;
  if (schema.example !== undefined && !isObject(schema)) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (depth > MAX_DEPTH) return undefined;
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((one) => sampleOf(schemas, one, depth + 1) ?? {}));
  }
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined && schema.properties === undefined) {
    const chosen = options.find(({ type }) => type !== "null");
    return chosen && sampleOf(schemas, chosen, depth + 1);
  }
  if (isObject(schema)) return sampleObject(schemas, schema, depth);
  const types = [schema.type ?? []].flat();
  if (types.includes("array")) {
    return schema.items === undefined ? [] : [sampleOf(schemas, schema.items, depth + 1)];
  }
  return schema.default ?? simple(schema, types);
}

function isObject({ properties, type }: DescribedSchema): boolean {
  return properties !== undefined || [type ?? []].flat().includes("object");
}

function sampleObject(schemas: Schemas, schema: DescribedSchema, depth: number): unknown {
  const all = Object.entries(schema.properties ?? {});
  const needed = all.filter(([name]) => schema.required?.includes(name) === true);
  // A change must name something.
  const shown = needed.length > 0 || depth > 0 ? needed : all.slice(0, 1);
  const made = shown.map(([name, one]) => [name, sampleOf(schemas, one, depth + 1)]);
  const told = typeof schema.example === "object" ? schema.example : {};
  return { ...Object.fromEntries(made), ...told };
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  "date-time": "2026-12-01T09:30:00Z",
  date: "2026-12-01",
  email: "ana@example.org",
  time: "09:30",
  uri: "https://example.org/aviso",
  uuid: "0192f0c4-7b1e-7c3a-9d55-2b6f3c1a8e47",
};
const WORDS = [
  "texto",
  "texto-de-ejemplo",
  "es",
  "123456",
  "09:30",
  "+506 8888 7777",
  "2026-12-01T09:30",
  "2026-12-01",
  "image/png",
  "A".repeat(43),
];

function simple(schema: DescribedSchema, types: readonly string[]): unknown {
  if (types.includes("boolean")) return true;
  if (types.includes("integer") || types.includes("number")) {
    return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
  }
  const known = BY_FORMAT[schema.format ?? ""];
  if (known !== undefined) return known;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u");
  const words = WORDS.map((word) => word.padEnd(schema.minLength ?? 0, "x"));
  return words.find((word) => pattern?.test(word) ?? true);
}
