import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { detectLanguage } from "./detect-language.ts";

const GOLD = new URL("../../../shared/data/gold/gazette-dev.jsonl", import.meta.url);

/** As citizens type them: short, without accents. */
const QUESTIONS = {
  es: [
    "precio del gas",
    "quien firma",
    "salario minimo",
    "que salio hoy",
    "becas 2024",
    "a q hora abren",
    "donde reclamo",
    "me puede ayudar con mi pension",
  ],
  pt: [
    "preço do gás",
    "quem assinou a portaria",
    "multa por nao declarar",
    "feriado municipal 2019",
    "tem vaga para bombeiro?",
    "aumentou o onibus?",
  ],
  en: [
    "price of gas",
    "salary of teachers",
    "new road in Escazu?",
    "where do I complain",
    "trademarks filed by Cemex",
    "is there a shrimp ban this year",
  ],
} as const;

describe("language detection", () => {
  for (const language of ["es", "pt", "en"] as const) {
    it.each(QUESTIONS[language])(`reads ${language} in: %s`, (question) => {
      expect(detectLanguage(question, undefined)).toBe(language);
    });
  }

  it.each(["XARDIC", "ok", "2019", "👍", "", "Moba S.A."])(
    "keeps what was spoken before for %j",
    (text) => {
      for (const prior of ["es", "pt", "en"] as const)
        expect(detectLanguage(text, prior)).toBe(prior);
    },
  );

  it("changes with a clear change of language", () => {
    expect(detectLanguage("quanto custou a ambulância dos bombeiros?", "es")).toBe("pt");
    expect(detectLanguage("who signed the resolution of April?", "pt")).toBe("en");
    expect(detectLanguage("¿quién firma la resolución de abril?", "en")).toBe("es");
  });

  it.skipIf(!existsSync(GOLD))(
    "reads at least 98 % of the gold questions (skipped without the shared data)",
    () => {
      const questions = readFileSync(GOLD, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { lang: string; question: string });
      const right = questions.filter(
        ({ lang, question }) => detectLanguage(question, undefined) === lang,
      );
      expect(right.length / questions.length).toBeGreaterThanOrEqual(0.98);
    },
  );

  it("costs microseconds even for the longest message", () => {
    const long = "palavra qualquer ".repeat(600);
    const startedAt = performance.now();
    for (let run = 0; run < 200; run += 1) detectLanguage(long, undefined);
    expect((performance.now() - startedAt) / 200).toBeLessThan(2);
  });
});
