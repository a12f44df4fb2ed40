import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { en } from "../../../src/conversation/catalogue/en.ts";
import { es } from "../../../src/conversation/catalogue/es.ts";
import type { SentMessage } from "../../stand-ins/telegram/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";
import { rowsWith } from "./dump-in-the-clear.ts";

let product: RunningProduct;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.close());

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";

function button(message: SentMessage | undefined, starts: string): string {
  const data = message?.buttons
    .flat()
    .find(({ callback_data: given }) => given?.startsWith(starts));
  if (data?.callback_data === undefined) throw new Error(`No button ${starts}`);
  return data.callback_data;
}

/** Resolves with the answer to the tap; Telegram shows no spinner any more. */
async function tap(chatId: number, message: SentMessage | undefined, starts: string) {
  if (message === undefined) throw new Error("Nothing to tap.");
  const before = product.standIn.sent(chatId).length;
  const user = product.standIn.user(chatId);
  const callbackId = user.tap(message, button(message, starts));
  const answered = await vi.waitFor(() => {
    const answer = product.standIn.sent(chatId)[before];
    if (answer === undefined) throw new Error(`No answer to ${starts}`);
    return answer;
  }, 30_000);
  await vi.waitFor(() => {
    if (!product.standIn.isCallbackAnswered(callbackId)) throw new Error("The spinner turns.");
  }, 30_000);
  return answered;
}

describe("commands", () => {
  it("/start welcomes, and its example buttons work and stop spinning", async () => {
    const ana = product.standIn.user(201, { languageCode: "es" });
    const [welcome] = await product.ask(ana, "/start");
    expect(welcome?.text).toBe(es.welcome);
    expect((await tap(201, welcome, "act:")).text).toMatch(/\[1\] Boletín Oficial del Estado/);
    expect((await tap(201, welcome, "cmd:sources")).text).toContain(es.sources.heading);
  });

  it("/start speaks the language of the person's Telegram", async () => {
    const john = product.standIn.user(202, { languageCode: "en-GB" });
    const [welcome] = await product.ask(john, "/start");
    expect(welcome?.text).toBe(en.welcome);
  });

  it("/ayuda tells what there is, and an unknown command leads there", async () => {
    const berta = product.standIn.user(203, { languageCode: "es" });
    const [help] = await product.ask(berta, "/ayuda");
    expect(help?.text).toBe(es.help);
    const [unknown] = await product.ask(berta, "/horoscopo");
    expect(unknown?.text).toBe(es.unknownCommand("/horoscopo"));
  });

  it("/hoy lists the newest edition by its acts, each a link", async () => {
    const carlos = product.standIn.user(204, { languageCode: "es" });
    const [today] = await product.ask(carlos, "/hoy");
    expect(today?.text).toContain("15 de abril de 2024");
    expect(today?.text).toContain("El Calafate");
    const urls = today?.entities.flatMap(({ url }) => (typeof url === "string" ? [url] : []));
    expect(urls?.length).toBeGreaterThanOrEqual(2);
    for (const url of urls ?? []) expect((await fetch(url)).status, url).toBe(200);
  });

  it("/buscar lists pages with the words, and says what to type when none came", async () => {
    const dora = product.standIn.user(205, { languageCode: "es" });
    const [found] = await product.ask(dora, "/buscar gases licuados del petróleo");
    expect(found?.text).toContain(es.search.heading("gases licuados del petróleo"));
    expect(found?.text).toContain("p. 4136");
    const [usage] = await product.ask(dora, "/buscar");
    expect(usage?.text).toBe(es.search.usage);
  });

  it("/fuentes names the gazettes with their last date", async () => {
    const eva = product.standIn.user(206, { languageCode: "es" });
    const [sources] = await product.ask(eva, "/fuentes");
    expect(sources?.text).toContain("Boletín Oficial del Estado: 2 documentos");
    expect(sources?.text).toContain("15 de abril de 2024");
  });

  it("/idioma asks, and what was chosen stays, whatever language is typed", async () => {
    const fran = product.standIn.user(207, { languageCode: "es" });
    const [asked] = await product.ask(fran, "/idioma");
    expect(asked?.text).toBe(es.language.ask);
    expect((await tap(207, asked, "lang:en")).text).toBe(en.language.changed);
    const [answer] = await product.ask(fran, QUESTION);
    expect(answer?.text).toContain(en.disclaimer);
    const [help] = await product.ask(fran, "/ayuda");
    expect(help?.text).toBe(en.help);
  });

  it("are in Telegram's menu, in the three languages", async () => {
    await product.standIn.waitForCall("setMyCommands", ({ parameters }) => {
      return parameters.language_code === "pt";
    });
    for (const language of ["", "es", "en", "pt"]) {
      const names = product.standIn
        .commandsOf(language)
        .map((entry) => (entry as { command: string }).command);
      expect(names.length, language).toBeGreaterThanOrEqual(6);
    }
  });
});

describe("the person's own data", () => {
  it("/exportar sends a JSON document with what is kept, and nothing of others", async () => {
    const gema = product.standIn.user(208, { firstName: "Gema", languageCode: "es" });
    const hugo = product.standIn.user(209, { firstName: "Hugo", languageCode: "es" });
    await product.ask(hugo, "/buscar canario-de-hugo");
    await product.ask(gema, "/buscar canario-de-gema");
    const [answer] = await product.ask(gema, "/exportar");
    expect(answer?.document?.fileName).toMatch(/\.json$/);
    const text = answer?.document?.bytes.toString() ?? "";
    expect(() => JSON.parse(text)).not.toThrow();
    expect(text).toContain("canario-de-gema");
    expect(text).toContain("Gema");
    expect(text).not.toMatch(/canario-de-hugo|Hugo/);
  });

  it("/borrar asks first, and does nothing when refused", async () => {
    const ines = product.standIn.user(210, { languageCode: "es" });
    await product.ask(ines, "/buscar canario-de-ines");
    const [asked] = await product.ask(ines, "/borrar");
    expect(asked?.text).toBe(es.erase.ask);
    expect((await tap(210, asked, "erase:no")).text).toBe(es.erase.kept);
    expect(await rowsWith(/canario-de-ines/, product.installation)).not.toEqual([]);
  });

  it("/borrar leaves nothing of the person in any table, and replays stay duplicates", async () => {
    const id = 987654321;
    const julia = product.standIn.user(id, { firstName: "Juliana", languageCode: "es" });
    const deed = julia.send("/buscar canario-de-julia");
    await product.settled(deed.updateId);
    const { installation, standIn } = product;
    const hash = installation.cipher
      .hash("chat", `${product.accountOf(product.bot).botId} ${id}`)
      .toString("hex");
    const traces = new RegExp(`Juliana|canario-de-julia|${id}|${hash}`);
    expect(await rowsWith(traces, installation)).not.toEqual([]);

    const [asked] = await product.ask(julia, "/borrar");
    expect((await tap(id, asked, "erase:yes")).text).toBe(es.erase.done);
    await vi.waitFor(async () => {
      expect(await rowsWith(traces, installation)).toEqual([]);
    }, 30_000);

    const sentBefore = standIn.sent(id).length;
    standIn.pushUpdate(id, {
      update_id: deed.updateId ?? 0,
      message: {
        message_id: deed.messageId,
        date: 1_713_182_400,
        from: { id, is_bot: false, first_name: "Juliana", language_code: "es" },
        chat: { id, type: "private", first_name: "Juliana" },
        text: "/buscar canario-de-julia",
      },
    });
    await standIn.whenDelivered();
    const passport = await product.settled(deed.updateId);
    expect(passport.events.map(({ kind }) => kind)).toContain("duplicate");
    expect(standIn.sent(id)).toHaveLength(sentBefore);
    expect(await rowsWith(traces, installation)).toEqual([]);
  });

  it("/borrar reaches every bot of the tenant, and what was still on its way", async () => {
    const id = 212_000_212;
    const other = await product.addBot();
    const lola = product.standIn.user(id, { firstName: "Dolores", languageCode: "es" });
    // Whatever the machine's speed, some of it waits when the person asks to be forgotten.
    product.standIn.faults.add({
      method: "sendMessage",
      token: other.token,
      effect: {
        kind: "refuse",
        code: 429,
        description: "Too Many Requests: retry after 10",
        parameters: { retry_after: 10 },
      },
    });
    for (let index = 0; index < 6; index++) {
      lola.send(`/canario${index}`, { bot: other });
    }
    await product.standIn.whenDelivered(other);
    await product.ask(lola, "/borrar");
    const [done] = await product.ask(lola, "BORRAR MIS DATOS");
    expect(done?.text).toBe(es.erase.done);
    await vi.waitFor(async () => {
      expect(await rowsWith(/Dolores|canario\d|212000212/, product.installation)).toEqual([]);
    }, 30_000);
    const fromOther = product.standIn.sent(id).filter(({ botId }) => botId === other.id);
    expect(fromOther.length).toBeLessThan(6);
    const [again] = await product.ask(lola, "/ayuda", { bot: other });
    expect(again?.text).toBe(es.help);
  });

  it("/borrar starts from zero: who comes back is known again, and can erase again", async () => {
    const id = 211_000_211;
    const kim = product.standIn.user(id, { firstName: "Kimberly", languageCode: "es" });
    for (const round of ["uno", "dos"]) {
      const [answer] = await product.ask(kim, QUESTION);
      expect(answer?.text, round).toContain(es.disclaimer);
      expect(await rowsWith(/Kimberly/, product.installation)).not.toEqual([]);
      await product.ask(kim, "/borrar");
      const [done] = await product.ask(kim, "borrar mis datos");
      expect(done?.text, round).toBe(es.erase.done);
      await vi.waitFor(async () => {
        expect(await rowsWith(/Kimberly|211000211/, product.installation)).toEqual([]);
      }, 30_000);
    }
  });
});
