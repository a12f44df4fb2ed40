import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AskRequest } from "./contract.ts";
import { parseInput } from "./parse-input.ts";
import { InvalidInput } from "./problem.ts";

function problemsOf(schema: z.ZodType, input: unknown) {
  try {
    parseInput(schema, input);
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
  throw new Error("It was taken.");
}

describe("wrong input", () => {
  it("is refused with field, rule and the example of the API's description", () => {
    expect(problemsOf(AskRequest, { question: "x", date: "ayer" })).toEqual([
      {
        field: "date",
        problem: "must be a date, yyyy-mm-dd",
        rule: "malformed",
        example: "2024-04-15",
      },
    ]);
    expect(() => parseInput(AskRequest, { question: 3 })).toThrow(
      /question: .*expected string.* \(for example "¿Qué ayudas/,
    );
  });

  it("names what is known beside a field that is not", () => {
    expect(problemsOf(AskRequest, { question: "x", tenant_id: "y" })).toEqual([
      {
        field: "tenant_id",
        problem: "is not known here; known are question, source, date, assistant",
        rule: "unknown",
      },
    ]);
  });

  it("names its rule, with the figure that it has, for whoever says it in another language", () => {
    const schema = z.strictObject({
      id: z.uuid(),
      name: z.string().min(2),
      note: z.string().max(3),
      tags: z.array(z.string()).max(1),
      few: z.array(z.string()).min(1),
      count: z.int().max(9),
      kind: z.enum(["a", "b"]),
      until: z.string().refine(() => false, { message: "must be in the future" }),
      flag: z.boolean(),
    });
    const given = {
      name: "x",
      note: "long",
      tags: ["a", "b"],
      few: [],
      count: 10,
      kind: "c",
      until: "",
      flag: "yes",
    };
    expect(problemsOf(schema, given).map(({ field, rule, limit }) => [field, rule, limit])).toEqual(
      [
        ["id", "missing", undefined],
        ["name", "too-short", 2],
        ["note", "too-long", 3],
        ["tags", "too-many", 1],
        ["few", "too-few", 1],
        ["count", "too-large", 9],
        ["kind", "not-one-of", undefined],
        ["until", undefined, undefined],
        ["flag", "wrong-type", undefined],
      ],
    );
  });

  it.each([
    ["an id", z.uuid()],
    ["an address", z.email()],
    ["a page", z.url()],
    ["a time", z.iso.datetime()],
    ["one of some", z.enum(["once", "daily"])],
    ["a number", z.int().min(3).max(9)],
    ["yes or no", z.boolean()],
    ["words", z.string().min(7).max(100)],
    ["several", z.array(z.strictObject({ id: z.uuid(), note: z.string().optional() })).min(1)],
    ["either", z.union([z.literal("all"), z.uuid()])],
    ["what is cleaned", z.string().trim().min(1)],
    ["with a default", z.int().default(5)],
  ])("has an example that would be taken: %s", (_what, schema) => {
    const shape = z.strictObject({ outer: z.strictObject({ field: schema }).optional() });
    const [problem] = problemsOf(shape, { outer: { field: null } });
    expect(problem?.field).toMatch(/^outer\.field/);
    expect(schema.safeParse(problem?.example).success).toBe(true);
  });

  it("of a body that is none shows one", () => {
    const schema = z.strictObject({ id: z.uuid(), limit: z.int().optional() });
    expect(problemsOf(schema, undefined)).toMatchObject([
      { field: "body", example: { id: expect.any(String) } },
    ]);
  });

  it("takes nothing from the prototype for an example", () => {
    const schema = z.strictObject({ a: z.record(z.string(), z.int()) });
    const [problem] = problemsOf(schema, JSON.parse('{"a":{"constructor":"x"}}'));
    expect(problem).toMatchObject({ field: "a.constructor", example: 1 });
  });
});
