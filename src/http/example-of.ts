import { getOpenApiMetadata } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

/**
 * A value that the schema would take at this path: the `example` that it was given for the API's description, else
 * the simplest that fits its type. Undefined: none is known.
 */
export function exampleAt(schema: z.ZodType, path: readonly PropertyKey[]): unknown {
  let current: z.ZodType | undefined = schema;
  let given = givenExample(schema);
  for (const key of path) {
    current = current && childOf(current, key);
    given = (current && givenExample(current)) ?? memberOf(given, key);
  }
  if (given !== undefined || current === undefined) return given;
  const made = simplest(current);
  return current.safeParse(made).success ? made : undefined;
}

/** The names that an object schema knows, in its order; empty: it is none, or knows no names. */
export function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: z.ZodType | undefined = schema;
  for (const key of path) current = current && childOf(current, key);
  const inner = current && unwrapped(current);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function givenExample(schema: z.ZodType): unknown {
  for (const layer of layersOf(schema)) {
    const { example } = getOpenApiMetadata(layer) ?? {};
    if (example !== undefined) return example;
  }
  return undefined;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key];
}

/** The schema and what it wraps, outermost first. */
function layersOf(schema: z.ZodType): readonly z.ZodType[] {
  const inner = innerOf(schema);
  return inner === undefined ? [schema] : [schema, ...layersOf(inner)];
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodCatch
  ) {
    return schema.def.innerType as z.ZodType;
  }
  return undefined;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return layersOf(schema).at(-1) ?? schema;
}

function childOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    return Object.hasOwn(inner.shape, key) ? inner.shape[String(key)] : undefined;
  }
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  if (inner instanceof z.ZodUnion) {
    return (inner.options as readonly z.ZodType[]).flatMap((one) => childOf(one, key) ?? [])[0];
  }
  return undefined;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: "0192f0c4-7b1e-7c3a-9d55-2b6f3c1a8e47",
  email: "ana@example.org",
  url: "https://example.org/aviso",
  date: "2026-11-21",
  datetime: "2026-11-21T09:30:00Z",
  time: "09:30",
};

function simplest(schema: z.ZodType): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodEnum) return inner.options[0];
  if (inner instanceof z.ZodLiteral) return [...inner.values][0];
  if (inner instanceof z.ZodBoolean) return true;
  if (inner instanceof z.ZodNumber) return Math.max(1, inner.minValue ?? 1);
  if (inner instanceof z.ZodStringFormat) return BY_FORMAT[inner.format ?? ""];
  if (inner instanceof z.ZodString) return BY_FORMAT[inner.format ?? ""] ?? sampleText(inner);
  if (inner instanceof z.ZodArray) return withKnown([simplest(inner.element as z.ZodType)]);
  if (inner instanceof z.ZodUnion) return simplest(inner.options[0] as z.ZodType);
  if (inner instanceof z.ZodObject) return simplestObject(inner);
  return undefined;
}

/** Undefined when the text has a pattern that words do not fit. */
function sampleText(schema: z.ZodString): string | undefined {
  return ["texto", "texto de ejemplo", "12345", "ejemplo@ejemplo.org"].find(
    (text) => schema.safeParse(text).success,
  );
}

function simplestObject({ shape }: z.ZodObject): unknown {
  const needed = Object.entries(shape).filter(([, field]) => !field.safeParse(undefined).success);
  const entries = needed.map(([name, field]) => [name, exampleAt(field, [])]);
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

function withKnown(values: readonly unknown[]): readonly unknown[] | undefined {
  return values.includes(undefined) ? undefined : values;
}
