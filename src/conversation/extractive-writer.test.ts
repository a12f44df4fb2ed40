import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passage, XARDIC } from "./__fixtures__/citizen.ts";
import { writeExtract } from "./extractive-writer.ts";

const SCOTIA =
  "The Bank Of Nova Scotia solicita la inscripción de: SCOTIA COOL como marca de servicios en clase: 36. Tarjetas de débito para menores de edad.";
const NOTICE =
  "Se cita a terceros interesados en defender su derecho para hacerlo valer ante este Registro dentro de los dos meses siguientes. ";

/** The sentence that holds the most of the question's words, as retrieval's `selectQuote` does it, but simpler. */
function bestSentence(question: string, text: string, maxLength: number): string {
  const words = question
    .toLowerCase()
    .split(/\P{L}+/u)
    .filter((word) => word.length > 3);
  const sentences = text.split(/(?<=\.) /);
  const count = (sentence: string) =>
    words.filter((word) => sentence.toLowerCase().includes(word)).length;
  return (sentences.sort((a, b) => count(b) - count(a))[0] ?? "").slice(0, maxLength).trim();
}

const options = {
  language: "es",
  publicUrl: undefined,
  selectStretches: (question: string, { text }: { readonly text: string }, maxLength: number) =>
    text.length <= maxLength ? [text] : [bestSentence(question, text, maxLength)],
} as const;

describe("the extractive writer", () => {
  it("quotes a whole edict that fits: who asks, for what, and when", () => {
    const { citations } = writeExtract("¿quién pide XARDIC?", [passage(XARDIC)], options);
    expect(citations[0]?.quote).toBe(XARDIC);
  });

  it("shows by an ellipsis where a sentence was cut off", () => {
    const long = passage(`${XARDIC} ${SCOTIA}`);
    const cutTo = (stretch: string) =>
      writeExtract("¿qué?", [long], { ...options, selectStretches: () => [stretch] }).text;
    expect(cutTo("la inscripción de: SCOTIA COOL,")).toContain(
      "«…la inscripción de: SCOTIA COOL…»",
    );
    expect(cutTo("Tarjetas de débito para menores de edad.")).toContain(
      "«Tarjetas de débito para menores de edad.»",
    );
  });

  it("quotes a second passage for a name that the first lacks, though it scores far less", () => {
    const passages = [
      passage(XARDIC, { score: 10 }),
      passage(SCOTIA, { id: 2, page: 3, score: 4 }),
    ];
    const { text, citations } = writeExtract(
      "¿cuál fue primero, XARDIC o SCOTIA COOL?",
      passages,
      options,
    );
    expect(citations.map(({ page }) => page)).toEqual([1, 3]);
    expect(text).toContain("También, en La Gaceta n.º 220, 14 de noviembre de 2014, página 14:");
  });

  it("quotes no second passage for a mere word, nor one that adds nothing", () => {
    const passages = [
      passage(XARDIC, { score: 10 }),
      passage(`${SCOTIA} Se vende en farmacias.`, { id: 2, score: 4 }),
      passage(XARDIC, { id: 3, score: 9 }),
    ];
    expect(
      writeExtract("¿quién vende XARDIC en farmacias?", passages, options).citations,
    ).toHaveLength(1);
  });

  it("names the body of the heading when that is asked and the text does not say it", () => {
    const act = passage("Resolución por la que se convoca proceso selectivo de Ingenieros.");
    const heading = "Oposiciones · MINISTERIO DE INDUSTRIA · Cuerpo de Ingenieros";
    const found = { ...act, passage: { ...act.passage, heading } };
    const { text } = writeExtract("¿qué ministerio convoca a ingenieros?", [found], options);
    expect(text).toContain("página 12 – MINISTERIO DE INDUSTRIA:");
  });

  it("quotes what scores nearly as well, when there is room", () => {
    const passages = [
      passage(XARDIC, { score: 10 }),
      passage(SCOTIA, { id: 2, page: 3, score: 9 }),
      passage(NOTICE, { id: 3, page: 4, score: 5 }),
    ];
    const { citations } = writeExtract("¿quién pide esa marca?", passages, options);
    expect(citations.map(({ page }) => page)).toEqual([1, 3]);
  });

  it("is verbatim and short, whatever the passages hold", () => {
    const text = fc.lorem({ maxCount: 40, mode: "sentences" });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 6 }),
        fc.lorem({ maxCount: 8 }),
        (texts, question) => {
          const passages = texts.map((each, index) =>
            passage(each, { id: index + 1, page: index + 1, score: 10 - index }),
          );
          const written = writeExtract(question, passages, options);
          for (const { quote, page } of written.citations) expect(texts[page - 1]).toContain(quote);
          expect(written.text.length).toBeLessThan(1_150);
          expect(written.citations.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
