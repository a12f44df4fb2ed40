import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTopic } from "./parse-topic.ts";
import { readAdjustment, readChange, readFollow, readStep } from "./read-step.ts";

const topicOf = (text: string) => {
  const parsed = parseTopic(text);
  return parsed.kind === "topic" ? parsed.topic : parsed.kind;
};

describe("a topic in words", () => {
  it.each([
    ['"salario mínimo" -judicial', { anyOf: [["salario mínimo"]], without: ["judicial"] }],
    [
      "pensiones, «régimen de invalidez» vejez",
      { anyOf: [["pensiones"], ["régimen de invalidez", "vejez"]], without: [] },
    ],
    ['becas -"orden judicial" – nada', { anyOf: [["becas", "nada"]], without: ["orden judicial"] }],
    ["pre-aviso", { anyOf: [["pre-aviso"]], without: [] }],
    [
      'decreto institución: "Ministerio de Salud" -vacuna',
      { anyOf: [["decreto"]], without: ["vacuna"], body: "Ministerio de Salud" },
    ],
    [
      "órgão: Ministério da Saúde local: São Paulo",
      { anyOf: [], without: [], body: "Ministério da Saúde", place: "São Paulo" },
    ],
    ["empresa: Moba S.A.", { anyOf: [], without: [], name: "Moba S.A" }],
    ["-judicial", "only-exclusions"],
    ['"" , -', "empty"],
  ])("%s", (text, expected) => {
    expect(topicOf(text)).toEqual(expected);
  });

  it("is never larger than it may be, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: "binary" }), (text) => {
        const parsed = parseTopic(text);
        if (parsed.kind !== "topic") return;
        const { anyOf, without, ...fields } = parsed.topic;
        const typed = [...anyOf.flat(), ...without, ...Object.values(fields)];
        expect(anyOf.length).toBeLessThanOrEqual(5);
        expect(typed.every((each) => /[\p{L}\p{N}]/u.test(each) && each.length <= 300)).toBe(true);
      }),
    );
  });
});

describe("steps", () => {
  const askedAt = "2026-11-22T12:00:00Z";
  const draft = { kind: "alert", language: "es", timeZone: "UTC" } as const;

  it("are read from words and numbers, and leave questions alone", () => {
    const later = "2026-11-22T12:20:00Z";
    expect(readStep({ step: "kind", askedAt }, "2", later)).toEqual({
      kind: "choose",
      what: "daily",
    });
    expect(readStep({ step: "kind", askedAt }, "¿quién firma?", later)).toBeUndefined();
    expect(readStep({ step: "words", askedAt }, "pensiones", later)).toEqual({
      kind: "words",
      text: "pensiones",
    });
    expect(readStep({ step: "words", askedAt }, "¿qué es eso?", later)).toBeUndefined();
    expect(readStep({ step: "words", askedAt }, "Cancelar", later)).toEqual({ kind: "cancel" });
    expect(readStep({ step: "confirm", askedAt, draft }, "¡Sí!", later)).toEqual({ kind: "yes" });
    expect(readStep({ step: "confirm", askedAt, draft }, "hola", later)).toBeUndefined();
    expect(
      readStep({ step: "confirm", askedAt, draft }, "sí", "2026-11-22T12:31:00Z"),
    ).toBeUndefined();
  });

  it("adjust hours, days and zones", () => {
    expect(readAdjustment("silencio 22-6")).toEqual({
      kind: "quiet",
      hours: { from: 1320, until: 360 },
    });
    expect(readAdjustment("Silêncio das 21:30 às 7")).toEqual({
      kind: "quiet",
      hours: { from: 1290, until: 420 },
    });
    expect(readAdjustment("sin silencio")).toEqual({ kind: "quiet", hours: undefined });
    expect(readAdjustment("hora 7:30")).toEqual({ kind: "minute", minute: 450 });
    expect(readAdjustment("miércoles")).toEqual({ kind: "weekday", weekday: 3 });
    expect(readAdjustment("zona America/Lima")).toEqual({ kind: "zone", timeZone: "America/Lima" });
    expect(readAdjustment("silencio 40-90")).toBeUndefined();
  });

  it("may be taken at once", () => {
    expect(readFollow("")).toEqual({ kind: "ask-kind" });
    expect(readFollow("alerta")).toEqual({ kind: "ask-words" });
    expect(readFollow('alerta "x y"')).toEqual({ kind: "words", text: '"x y"' });
    expect(readFollow("pensiones")).toEqual({ kind: "words", text: "pensiones" });
    expect(readFollow("resumen semanal lunes, hora 8")).toEqual({
      kind: "weekly",
      adjustments: [
        { kind: "weekday", weekday: 1 },
        { kind: "minute", minute: 480 },
      ],
    });
    expect(readChange("quitar 2")).toEqual({ change: "remove", number: 2 });
    expect(readChange("todo")).toBeUndefined();
  });
});
