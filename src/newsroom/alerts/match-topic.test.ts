import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId } from "../../core/ids.ts";
import type { ActText, AlertTopic, EditionText, Stemmer } from "../../core/subscriptions.ts";
import { foldWords } from "../../retrieval/words.ts";
import { chooseKeys } from "./choose-keys.ts";
import { indexEdition, keysOfIndex } from "./edition-index.ts";
import { createTopicMatcher, toMatchedAct } from "./match-topic.ts";
import { readTopic, type Term, wordsOf } from "./topic-terms.ts";

const STOP_WORDS = new Set(["de", "la", "el"]);
const tenantId = asId<never>("00000000-0000-4000-8000-000000000001");

/** Cuts plurals, and knows three stop words: the shape of a stemmer, small enough to think about. */
const stem = (word: string) => (STOP_WORDS.has(word) ? undefined : word.replace(/e?s$/, ""));
const stemmer: Stemmer = {
  stemsOf: async (_, words) => new Map([...words].map((word) => [word, stem(word)])),
  frequenciesOf: async () => new Map(),
};

function act(text: string, more: Partial<ActText> = {}): ActText {
  const passage = { passageId: asId<never>("1"), page: 12, printedPage: "30", text };
  return { title: "", issuingBody: "", section: "", page: 12, passages: [passage], ...more };
}

function edition(acts: readonly ActText[]): EditionText {
  return {
    edition: {
      editionId: asId("00000000-0000-4000-8000-000000000002"),
      source: "la-gaceta",
      sourceName: "La Gaceta",
      number: "220",
      publishedOn: "2014-11-14",
      documentName: "COMP.pdf",
    },
    language: "es",
    acts,
  };
}

async function matched(acts: readonly ActText[], topic: Partial<AlertTopic>) {
  const index = await indexEdition(edition(acts), stemmer);
  const match = createTopicMatcher(index, stem);
  const hits = match(readTopic({ anyOf: [], without: [], ...topic }));
  return hits.map((hit) => ({ act: hit.act, told: toMatchedAct(index, hit) }));
}
const actsOf = async (acts: readonly ActText[], topic: Partial<AlertTopic>) =>
  (await matched(acts, topic)).map((hit) => hit.act);

describe("a topic", () => {
  const acts = [
    act("Se fija el salario mínimo de los trabajadores.", {
      title: "Decreto 1",
      issuingBody: "Ministerio de Trabajo",
      section: "Poder Ejecutivo",
    }),
    act("El salario del mes y el mínimo de horas. Orden judicial."),
    act("Citan a MORA SOLANO ANA LUCÍA, de San José, y a Moba Sociedad Anónima."),
  ];

  it("of a phrase matches its words one after the other, whatever their number and accents", async () => {
    expect(await actsOf(acts, { anyOf: [["salarios minimos"]] })).toEqual([0]);
    expect(await actsOf(acts, { anyOf: [["salario", "mínimo"]] })).toEqual([0, 1]);
  });

  it("leaves out what is excluded, and takes any of its alternatives", async () => {
    expect(await actsOf(acts, { anyOf: [["mínimo"]], without: ["judicial"] })).toEqual([0]);
    expect(await actsOf(acts, { anyOf: [["nada"], ["horas"], ["trabajador"]] })).toEqual([0, 1]);
  });

  it("finds a person in either order, and a company without its legal form", async () => {
    expect(await actsOf(acts, { name: "Ana Lucía Mora Solano" })).toEqual([2]);
    expect(await actsOf(acts, { name: "Moba S.A." })).toEqual([2]);
    expect(await actsOf(acts, { name: "Ana Rojas" })).toEqual([]);
  });

  it("is narrowed by body, section and place, which alone will do as well", async () => {
    expect(await actsOf(acts, { body: "ministerio de trabajo" })).toEqual([0]);
    expect(await actsOf(acts, { anyOf: [["salario"]], section: "poder ejecutivo" })).toEqual([0]);
    expect(await actsOf(acts, { anyOf: [["salario"]], place: "San José" })).toEqual([]);
    expect(await actsOf(acts, { place: "San José" })).toEqual([2]);
  });

  it("of stop words alone matches nothing, and within a phrase they stand for any word", async () => {
    expect(await actsOf(acts, { anyOf: [["de la"]] })).toEqual([]);
    expect(await actsOf(acts, { anyOf: [["mínimo de los trabajadores"]] })).toEqual([0]);
    expect(
      await actsOf([act("mínimo la trabajador")], { anyOf: [["mínimo de trabajadores"]] }),
    ).toEqual([0]);
  });

  it("tells why, and the page where the words stand, in whichever passage", async () => {
    const passages = [
      { passageId: asId<never>("7"), page: 4, printedPage: undefined, text: "Se fija el salario" },
      { passageId: asId<never>("8"), page: 5, printedPage: "9", text: "mínimo. Sobre becas." },
    ];
    const [phrase] = await matched([act("", { passages })], { anyOf: [["salario mínimo"]] });
    expect(phrase?.told).toMatchObject({
      page: 4,
      passageId: "7",
      reasons: [{ kind: "words", typed: "salario mínimo" }],
    });
    const [later] = await matched([act("", { passages })], { anyOf: [["becas"]] });
    expect(later?.told).toMatchObject({ page: 5, printedPage: "9", passageId: "8" });
  });
});

const WORDS = ["salario", "salarios", "minimo", "de", "beca", "becas", "juez", "mora"];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(" "));
const term = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
  .map((words) => words.join(" "));
const topic: fc.Arbitrary<AlertTopic> = fc.record({
  anyOf: fc.array(fc.array(term, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  without: fc.array(term, { maxLength: 1 }),
});

/** Word by word over the text, without an index. */
function naive(acts: readonly ActText[], given: AlertTopic): readonly number[] {
  const { anyOf, without } = readTopic(given);
  const says = (said: readonly string[], { words }: Term) => {
    const stems = words.map(stem);
    const first = stems.findIndex((each) => each !== undefined);
    const wanted = stems.slice(first, stems.findLastIndex((each) => each !== undefined) + 1);
    return said.some((_, start) =>
      wanted.every((each, offset) => {
        const word = said[start + offset];
        return word !== undefined && (each === undefined || stem(word) === each);
      }),
    );
  };
  return acts.flatMap(({ passages }, number) => {
    const said = foldWords(passages.map((passage) => passage.text).join(" ")).map(
      ({ word }) => word,
    );
    const means = ({ words }: Term) => words.some((word) => stem(word) !== undefined);
    const fits = anyOf.some((terms) => {
      const meant = terms.filter(means);
      return meant.length > 0 && meant.every((each) => says(said, each));
    });
    return fits && !without.filter(means).some((each) => says(said, each)) ? [number] : [];
  });
}

describe("matching", () => {
  it("finds what comparing word by word finds, and never without one of the topic's keys", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        topic,
        async (texts, given) => {
          const acts = texts.map((each) => act(each));
          const index = await indexEdition(edition(acts), stemmer);
          const terms = readTopic(given);
          const stems = await stemmer.stemsOf("es", wordsOf(terms));
          const found = createTopicMatcher(index, (word) => stems.get(word))(terms);
          expect(found.map((hit) => hit.act)).toEqual(naive(acts, given));
          const keys = await chooseKeys(tenantId, given, stemmer);
          if (keys === undefined || found.length === 0) return;
          const own = keysOfIndex(index);
          expect(keys.some((key) => own.has(key))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
