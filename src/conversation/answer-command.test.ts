import { describe, expect, it } from "vitest";
import { buttonsOf, citizen } from "./__fixtures__/citizen.ts";

describe("commands", () => {
  it("/start explains in four lines, and each of its buttons works when tapped", async () => {
    const { say, tap, queries } = citizen();
    const { text, replies } = await say("/start campaña");
    expect(text.split("\n")).toHaveLength(4);
    const buttons = buttonsOf(replies[0]);
    expect(buttons.length).toBeGreaterThanOrEqual(4);
    for (const { data } of buttons) {
      expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
      expect((await tap(data)).text).not.toContain("/exportar – ");
    }
    expect(queries.at(-1)?.question).toBe("¿Qué dice «Marca XARDIC»?");
  });

  it("/start offers only fixed buttons before any gazette was read", async () => {
    const { replies } = await citizen({ hasNoGazettes: true }).say("/start");
    expect(buttonsOf(replies[0])).toHaveLength(2);
  });

  it.each(["/ayuda", "/help", "/ajuda", "/AYUDA", "/ayuda@PregoneroBot"])(
    "%s lists what can be done",
    async (command) => {
      expect((await citizen().say(command)).text).toContain("/exportar – ");
    },
  );

  it("/hoy lists the newest edition's acts by section, each with its page and link", async () => {
    const { text, replies } = await citizen().say("/hoy");
    expect(text.split("\n").slice(0, 4)).toEqual([
      "La Gaceta n.º 220, 14 de noviembre de 2014",
      "PODER EJECUTIVO",
      "• Licencia de conducir (PDF, p. 1)",
      "AVISOS",
    ]);
    expect(text).toContain("… y 3 más en esa edición.");
    const spans = replies[0]?.kind === "text" ? replies[0].paragraphs.flat() : [];
    expect(spans.filter(({ text }) => text === "Marca XARDIC")).toHaveLength(1);
    expect(spans.find(({ text }) => text === "Marca XARDIC")?.url).toBe(
      "https://gaceta.example/gazettes/la-gaceta/2014-11-14/pages/2?document=LaGaceta%20220.pdf",
    );
  });

  it("/hoy and /fuentes say so when no gazette was read", async () => {
    const { say } = citizen({ hasNoGazettes: true });
    expect((await say("/hoy")).text).toContain("Todavía no he leído");
    expect((await say("/fuentes")).text).toContain("Todavía no tengo");
  });

  it("/fuentes lists the gazettes with their last date", async () => {
    expect((await citizen().say("/fuentes")).text).toBe(
      "Leo estas gacetas:\n• La Gaceta: 1 documento, el último del 14 de noviembre de 2014",
    );
  });

  it("/buscar lists the best passages with their places", async () => {
    const { say, queries } = citizen();
    const { text, turns } = await say("/buscar XARDIC farmacéuticos");
    expect(queries[0]?.question).toBe("XARDIC farmacéuticos");
    expect(text).toContain("Páginas sobre «XARDIC farmacéuticos»:");
    expect(text).toContain("[1] La Gaceta n.º 220, 14 nov 2014, p. 12");
    expect(turns[1]?.citations).toHaveLength(1);
  });

  it("/buscar without words says how to use it; without results, that there are none", async () => {
    expect((await citizen().say("/buscar")).text).toContain("/buscar licencia");
    expect((await citizen({ passages: [] }).say("/buscar nada")).text).toContain(
      "No encontré «nada»",
    );
  });

  it("/borrar erases only after a button or the written words", async () => {
    const { say, tap, memory } = citizen();
    await say("¿quién pide XARDIC?");
    expect((await say("borrar mis datos")).effects).toEqual([]);
    const asked = await say("/borrar");
    expect(asked.effects).toEqual([]);
    expect(buttonsOf(asked.replies[0]).map(({ data }) => data)).toEqual(["erase:yes", "erase:no"]);
    expect((await tap("erase:no")).effects).toEqual([]);
    await say("/borrar");
    const done = await say("Borrar mis datos");
    expect(done.effects).toEqual([{ kind: "erase-contact" }]);
    expect(done.turns).toEqual([]);
    expect(memory()).toEqual({
      language: undefined,
      languageIsChosen: false,
      disclaimerGiven: false,
      answeredMessageIds: [],
    });
    expect((await tap("erase:yes")).effects).toEqual([{ kind: "erase-contact" }]);
  });

  it("/exportar hands over everything kept, as a JSON file", async () => {
    const { replies } = await citizen().say("/exportar");
    const [reply] = replies;
    if (reply?.kind !== "document") throw new Error("expected a document");
    expect(reply.fileName).toBe("mis-datos-pregonero.json");
    expect(JSON.parse(Buffer.from(reply.contentBase64, "base64").toString())).toHaveProperty(
      "turns",
    );
  });

  it("/borrar, /exportar and /baja are refused in groups, also by a button", async () => {
    const { say, tap } = citizen({ chat: "group" });
    expect((await say("/borrar")).text).toContain("en privado");
    expect((await say("/exportar")).text).toContain("en privado");
    const { text, effects } = await say("/baja");
    expect(text).toContain("en privado");
    expect(effects).toEqual([]);
    expect((await tap("erase:yes")).effects).toEqual([]);
  });

  it.each(["/baja", "BAJA", "baja.", "Stop", "/stop", "¡Sair!", "unsubscribe"])(
    "%s ends what is sent unasked, and says how to have it again",
    async (word) => {
      const { say, notes } = citizen();
      const { text, effects } = await say(word);
      expect(effects).toEqual([{ kind: "set-broadcasts", taken: false }]);
      expect(text).toMatch(/escriba ALTA|escreva ALTA|write SUBSCRIBE/);
      expect(notes).toContainEqual({ kind: "planned", detail: { broadcasts: "refused" } });
      expect((await say("¿quién pide XARDIC?")).text).toContain("XARDIC");
    },
  );

  it("BAJA holds after too many messages too, without an answer to each", async () => {
    const { replies, effects } = await citizen().say("BAJA", { messagesLastMinute: 30 });
    expect(replies).toEqual([]);
    expect(effects).toEqual([{ kind: "set-broadcasts", taken: false }]);
  });

  it.each(["/alta", "ALTA", "Subscribe"])("%s begins it again", async (word) => {
    const { effects, text } = await citizen().say(word);
    expect(effects).toEqual([{ kind: "set-broadcasts", taken: true }]);
    expect(text).toMatch(/escriba BAJA|write STOP/);
  });

  it.each(["baja laboral", "¿qué es una baja?", "alta tensión", "stop the road works", "bajar"])(
    "are not guessed from a question: %s",
    async (question) => {
      expect((await citizen().say(question)).effects).toEqual([]);
    },
  );

  it("that are unknown get a short pointer to the help", async () => {
    expect((await citizen().say("/gasolina ya")).text).toContain("No conozco /gasolina");
  });

  it.each(["cmd:nothing", "act:x:1", "", "act:0190a1b2-0000-7000-8000-0000000000ff:1", "lang:de"])(
    "from an unknown button (%s) get the help",
    async (data) => {
      expect((await citizen().tap(data)).text).toContain("/exportar – ");
    },
  );
});
