import { describe, expect, it } from "vitest";
import type { LanguageModel, ModelRequest } from "../core/language-model.ts";
import { buttonsOf, citizen, passage, XARDIC } from "./__fixtures__/citizen.ts";

const BOE = { slug: "boe", name: "Boletín Oficial del Estado", country: "ES" };
const BORM = { slug: "borm", name: "Boletín de Murcia", country: "ES" };
const SPANISH = passage("El precio del gas es de 7 euros.", {
  id: 2,
  source: "boe",
  sourceName: BOE.name,
});

/** Retrieval over La Gaceta (XARDIC) and BOE (gas), filtered as asked; `answerable` says by which sources. */
function person(isAnswerable: (sources: readonly string[] | undefined) => boolean = () => true) {
  return citizen({
    otherSources: [BOE, BORM],
    retrieve: async (_, { sources }) => ({
      passages: [SPANISH, passage(XARDIC)].filter(
        ({ source }) => sources === undefined || sources.includes(source),
      ),
      isAnswerable: isAnswerable(sources),
      confidence: 0.9,
      evidence: {},
    }),
  });
}

describe("/preferencias", () => {
  it.each(["/preferencias", "/preferências", "/preferences", "/ajustes", "/settings"])(
    "%s shows what is chosen, with a button for each other choice",
    async (command) => {
      const { replies } = await person().say(command);
      const data = buttonsOf(replies[0]).map(({ data }) => data);
      expect(data).toEqual([
        "pref:level:simple",
        "pref:country:ES",
        "pref:source:la-gaceta",
        "pref:source:boe",
        "pref:source:borm",
        "cmd:language",
      ]);
    },
  );

  it("keeps what is tapped, and each tap changes only what it is about", async () => {
    const who = person();
    expect((await who.tap("pref:level:simple")).text).toContain("Lectura: sencilla");
    expect((await who.tap("pref:source:boe")).text).toContain(`Leo primero: ${BOE.name}`);
    expect(who.memory().preferences).toEqual({
      readingLevel: "simple",
      interest: { source: "boe" },
    });
    expect((await who.tap("pref:country:ES")).text).toContain("Leo primero: España");
    const { text, replies } = await who.tap("pref:all");
    expect(text).toContain("Leo primero: Todas las gacetas");
    expect(buttonsOf(replies[0]).map(({ data }) => data)).not.toContain("pref:all");
    expect(who.memory().preferences).toEqual({ readingLevel: "simple" });
  });

  it.each([
    ["sencilla", { readingLevel: "simple" }],
    ["normal", { readingLevel: "normal" }],
    ["BOE", { interest: { source: "boe" } }],
    ["la gaceta", { interest: { source: "la-gaceta" } }],
    ["España", { interest: { country: "ES" } }],
    ["todas", {}],
  ])("takes %s in words, for channels without buttons", async (typed, expected) => {
    const who = person();
    await who.say(`/preferencias ${typed}`);
    expect(who.memory().preferences).toEqual(expected);
  });

  it.each(["pref:source:unknown", "pref:country:ZZ"])("%s changes nothing", async (data) => {
    const who = person();
    await who.tap(data);
    expect(who.memory().preferences).toBeUndefined();
  });

  it("offers no gazette where there is only one", async () => {
    const { replies } = await citizen().say("/preferencias");
    expect(buttonsOf(replies[0]).map(({ data }) => data)).toEqual([
      "pref:level:simple",
      "cmd:language",
    ]);
  });
});

describe("a gazette that is read first", () => {
  const QUESTION = "¿Qué se solicita o cuánto cuesta?";

  it("answers, and what others have is told", async () => {
    const who = person();
    await who.tap("pref:source:la-gaceta");
    const { text } = await who.say(QUESTION);
    expect(text).toContain("XARDIC");
    expect(text).not.toContain("7 euros");
    expect(text).toContain(
      `Leí primero La Gaceta, como eligió en /preferencias. También hay algo en ${BOE.name}`,
    );
  });

  it("that has no answer leaves it to the others, and that is told", async () => {
    const who = person((sources) => sources === undefined);
    await who.tap("pref:source:la-gaceta");
    const { text } = await who.say(QUESTION);
    expect(text).toContain("7 euros");
    expect(text).toContain("No lo encontré en La Gaceta");
  });

  it("is left aside when the question names another", async () => {
    const who = citizen({ otherSources: [BOE], plan: { sources: ["boe"] }, passages: [SPANISH] });
    await who.tap("pref:source:la-gaceta");
    const { text } = await who.say(QUESTION);
    expect(who.queries.map(({ sources }) => sources)).toEqual([["boe"]]);
    expect(text).not.toContain("/preferencias");
  });

  it("costs no second search when all gazettes are chosen", async () => {
    const who = person();
    await who.say(QUESTION);
    expect(who.queries).toHaveLength(1);
  });
});

describe("easy reading", () => {
  const LONG = passage(
    `${XARDIC} ${"Se concede un plazo de dos meses para oponerse. ".repeat(20)}`,
  );

  it("quotes less", async () => {
    const plain = await citizen({ passages: [LONG] }).say("¿quién pide XARDIC?");
    const who = citizen({ passages: [LONG] });
    await who.tap("pref:level:simple");
    const easy = await who.say("¿quién pide XARDIC?");
    expect(easy.text.length).toBeLessThan(plain.text.length / 1.5);
    expect(easy.text).toContain("[1]");
  });

  it("is asked of the model too, and only for who chose it", async () => {
    const requests: ModelRequest[] = [];
    const model: LanguageModel = {
      name: "fake:small",
      async generate(request) {
        requests.push(request);
        return {
          text: "Moba Sociedad Anónima solicita la marca XARDIC [1].",
          model: "fake:small",
          usage: { input: 1, cachedInput: 0, output: 1 },
          finish: "stop",
        };
      },
    };
    const who = citizen({ model });
    await who.say("¿quién pide XARDIC?");
    await who.tap("pref:level:simple");
    await who.say("¿quién solicita la marca XARDIC?");
    const told = requests.map(({ messages }) =>
      messages[0]?.text.includes("trouble with long texts"),
    );
    expect(told).toEqual([false, true]);
  });
});
