import { describe, expect, it } from "vitest";
import { buttonsOf, citizen } from "./__fixtures__/citizen.ts";
import { en } from "./catalogue/en.ts";
import { es } from "./catalogue/es.ts";
import { pt } from "./catalogue/pt.ts";

const HELD = { hold: { isHeld: true } };
const WAITING = { hold: { isWaiting: true } };

describe("while a person has the conversation", () => {
  it("nothing is answered, and everything is kept for them to read", async () => {
    const { say, send, queries, notes } = citizen();
    const asked = await say("¿qué es XARDIC?", HELD);
    expect(asked.replies).toEqual([]);
    expect(asked.turns).toMatchObject([{ speaker: "citizen", text: "¿qué es XARDIC?" }]);
    const voice = await send({ kind: "media", media: "voice" }, HELD);
    expect(voice.turns).toMatchObject([{ text: "[voice]" }]);
    for (const text of ["hola", "/ayuda", "/persona", "quiero hablar con una persona"]) {
      expect((await say(text, HELD)).replies).toEqual([]);
    }
    expect(queries).toEqual([]);
    expect(notes.map(({ detail }) => detail.silence)).toContain("with-person");
  });

  it("citizens' rights are carried out", async () => {
    const { say } = citizen();
    expect((await say("BAJA", HELD)).effects).toEqual([{ kind: "set-broadcasts", taken: false }]);
    expect((await say("/exportar", HELD)).replies).toHaveLength(1);
    expect((await say("/borrar", HELD)).text).toBe(es.erase.ask);
    expect((await say(es.erase.phrase, HELD)).effects).toEqual([{ kind: "erase-contact" }]);
  });

  it("too many messages are not remarked upon", async () => {
    const { replies } = await citizen().say("¿y?", { ...HELD, messagesLastMinute: 30 });
    expect(replies).toEqual([]);
  });
});

describe("a message that a person has dealt with", () => {
  it("is not answered by the bot afterwards", async () => {
    const { say } = citizen();
    expect((await say("¿qué es XARDIC?", { hold: { isAnsweredByPerson: true } })).replies).toEqual(
      [],
    );
    expect((await say("¿qué es XARDIC?")).replies).toHaveLength(1);
  });
});

describe("a wish for a person", () => {
  it.each([
    ["/persona", es],
    ["quiero hablar con una persona", es],
    ["quero falar com um atendente", pt],
    ["I want to talk to a human", en],
  ])("in %s is passed on, and can be taken back with one tap", async (text, { person }) => {
    const outcome = await citizen().say(text);
    expect(outcome.text).toBe(person.asked);
    expect(outcome.effects).toMatchObject([{ kind: "ask-for-person" }]);
    expect(buttonsOf(outcome.replies[0])).toEqual([
      { label: person.notNeededButton, data: "cmd:bot" },
    ]);
  });

  it("does not stop the bot from answering while nobody comes", async () => {
    const { say, tap } = citizen();
    expect((await say("¿qué es XARDIC?", WAITING)).text).toContain("XARDIC");
    expect((await say("/persona", WAITING)).text).toBe(es.person.alreadyAsked);
    expect((await say("/bot", WAITING)).effects).toEqual([{ kind: "need-no-person" }]);
    expect((await tap("cmd:bot")).effects).toEqual([]);
  });

  it("is declined where the tenant has nobody, and in groups", async () => {
    const off = { conduct: { handOver: { isOff: true, afterAbstentions: 1, words: [] } } };
    const declined = await citizen(off).say("/persona");
    expect([declined.text, declined.effects]).toEqual([es.person.none, []]);
    const inGroup = await citizen({ chat: "group" }).say("/persona");
    expect([inGroup.text, inGroup.effects]).toEqual([es.onlyInPrivate, []]);
  });

  it("tells when people are there, outside their hours", async () => {
    // The fixture's clock says Saturday, 21 November 2026, 06:00 in Costa Rica.
    const workingHours = {
      timeZone: "America/Costa_Rica",
      days: { mon: [["08:00", "16:00"] as const] },
      holidays: ["2026-11-23"],
    };
    const { text } = await citizen({ conduct: { workingHours } }).say("/persona");
    expect(text).toContain(es.person.asked);
    expect(text).toContain("el 30 de noviembre de 2026 a las 08:00");
  });

  it("is assumed after as many answers in a row that found nothing as the tenant says", async () => {
    const conduct = { handOver: { isOff: false, afterAbstentions: 2, words: ["ventanilla"] } };
    const { say } = citizen({ isAnswerable: false, conduct });
    expect((await say("¿quién ganó la liga de bádminton?")).effects).toEqual([]);
    const second = await say("¿cuánto mide la torre inclinada?");
    expect(second.text).toContain(es.person.askedByItself);
    expect(second.effects).toEqual([{ kind: "ask-for-person", why: "abstentions" }]);
    expect((await say("otra pregunta de bádminton", WAITING)).effects).toEqual([]);
    expect((await say("necesito la ventanilla")).text).toBe(es.person.asked);
  });
});

describe("a greeting of the tenant's own", () => {
  it("answers a greeting, and begins the welcome", async () => {
    const { say } = citizen({ conduct: { greeting: "¡Pura vida!" } });
    expect((await say("hola")).text).toBe("¡Pura vida!");
    expect((await say("/start")).text).toBe(`¡Pura vida!\n${es.welcome}`);
  });
});
