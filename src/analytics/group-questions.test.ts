import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AskedQuestion } from "../core/analytics.ts";
import { asId } from "../core/ids.ts";
import { groupQuestions } from "./group-questions.ts";

const { signal } = new AbortController();
let made = 0;
const asked = (asker: string, text: string): AskedQuestion => {
  made += 1;
  return { messageId: asId(`m${made}`), asker, text };
};
const byMany = (texts: readonly string[], people = "p") =>
  texts.map((text, index) => asked(`${people}${index}`, text));

const BECA = [
  "¿Cuándo vence la beca municipal?",
  "cuando vence la beca municipal",
  "Buenas, ¿cuándo vencen las becas municipales?",
  "quisiera saber cuándo vence la beca municipal, gracias",
  "¿La beca municipal cuándo vence?",
];
const AGUA = [
  "¿Cuánto sube la tarifa del agua?",
  "cuanto sube la tarifa de agua",
  "La tarifa del agua, ¿cuánto sube?",
  "¿Sube la tarifa del agua?",
  "tarifa del agua",
];

describe("questions with one meaning", () => {
  it("are grouped however they are asked, and apart from those with another", async () => {
    const groups = await groupQuestions([...byMany(BECA), ...byMany(AGUA)], signal);
    expect(groups.map(({ messageIds }) => messageIds.length)).toEqual([5, 5]);
    expect(groups.map(({ label }) => label).sort()).toEqual([
      "cuando vence la beca municipal",
      "tarifa del agua",
    ]);
  });

  it("are shown only when five different people asked, however often one repeats it", async () => {
    const four = byMany(BECA.slice(0, 4));
    expect(await groupQuestions(four, signal)).toEqual([]);
    const again = Array.from({ length: 20 }, () => asked("p0", BECA[0] ?? ""));
    expect(await groupQuestions([...four, ...again], signal)).toEqual([]);
    const [group] = await groupQuestions([...four, ...again, asked("p9", BECA[0] ?? "")], signal);
    expect(group?.messageIds).toHaveLength(25);
  });

  it("come out the same in whatever order they were asked", async () => {
    const questions = [...byMany(BECA), ...byMany(AGUA), ...byMany(["otra cosa", "beca de agua"])];
    const expected = await groupQuestions(questions, signal);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(questions, { minLength: questions.length }),
        async (shuffled) => {
          expect(await groupQuestions(shuffled, signal)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("show nothing that only one or two of the people wrote: no name, number or address", async () => {
    const questions = [
      asked("a", "¿Ganó Hermenegildo Quirós la beca municipal?"),
      asked("b", "beca municipal de mi hija Anacleta, cédula 1-0234-0567"),
      asked("c", "beca municipal, escríbame a ana@example.org"),
      asked("d", "beca municipal, mi teléfono es +506 8888 7777"),
      asked("e", "beca municipal expediente 24-001234-0007"),
    ];
    const [group] = await groupQuestions(
      questions.map((question) => ({ ...question, text: question.text })),
      signal,
    );
    const label = group?.label ?? "";
    for (const secret of [
      "Hermenegildo",
      "Quirós",
      "Anacleta",
      "0234",
      "example",
      "8888",
      "001234",
    ]) {
      expect(label).not.toContain(secret);
    }
  });

  it("never show a number of four digits or more that is no year, though everybody wrote it", async () => {
    const [group] = await groupQuestions(
      byMany(BECA.map(() => "¿Cuándo vence la beca 2026 del 8888 7777?")),
      signal,
    );
    expect(group?.label).toBe("¿Cuándo vence la beca 2026 del …?");
  });

  it("end when told", async () => {
    await expect(
      groupQuestions(byMany(BECA), AbortSignal.abort(new Error("stop"))),
    ).rejects.toThrow("stop");
  });
});

describe("questions that say nothing", () => {
  it("are in no group", async () => {
    const questions = byMany(["hola", "¿qué?", "???", "…", "gracias", "¿y usted?"]);
    expect(await groupQuestions(questions, signal)).toEqual([]);
  });
});
