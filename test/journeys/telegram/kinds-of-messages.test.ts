import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import type { StandInUser } from "../../stand-ins/telegram/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

let product: RunningProduct;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.close());

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
const citizen = (id: number) => product.standIn.user(id, { languageCode: "es" });

/** Sends fields as the Bot API writes them, and resolves with what was answered. */
async function sendMedia(user: StandInUser, fields: Readonly<Record<string, unknown>>) {
  return product.repliesTo(user.id, user.sendMedia(fields).updateId);
}

const photo = (fileId: string) => [
  { file_id: fileId, file_unique_id: fileId, width: 90, height: 90, file_size: 1_000 },
];

describe.concurrent("an edit", () => {
  it("of an answered message gets no second answer, and the passport says why", async () => {
    const ana = citizen(301);
    const asked = ana.send(QUESTION);
    expect(await product.repliesTo(301, asked.updateId)).toHaveLength(1);
    const edited = ana.edit(asked.messageId, `${QUESTION} ¡Gracias!`);
    const passport = await product.settled(edited.updateId);
    expect(passport.parts).toEqual([]);
    expect(JSON.stringify(passport.events)).toContain("edit-of-answered-message");
    expect(product.standIn.sent(301)).toHaveLength(1);
  });

  it("of a message that found nothing is answered as what it now says", async () => {
    const berta = citizen(302);
    const asked = berta.send("¿Quién ganó el mundial de ajedrez en Nepal?");
    const [nothing] = await product.repliesTo(302, asked.updateId);
    expect(nothing?.text).toContain(es.abstention.notFound);
    const edited = berta.edit(asked.messageId, QUESTION);
    const [answer] = await product.repliesTo(302, edited.updateId);
    expect(answer?.text).toContain("[1] Boletín Oficial del Estado");
  });

  it("that comes while the message still waits leads to one answer, not two", async () => {
    const carlos = citizen(303);
    const asked = carlos.send(QUESTION);
    const edited = carlos.edit(asked.messageId, `${QUESTION} Es para mi tía.`);
    await product.settled(asked.updateId);
    await product.settled(edited.updateId);
    expect(product.standIn.sent(303)).toHaveLength(1);
  });
});

describe.concurrent("what is not text", () => {
  it("as an album is answered once, however many pictures", async () => {
    const dora = citizen(304);
    const deeds = ["a", "b", "c"].map((fileId) =>
      dora.sendMedia({ photo: photo(fileId), media_group_id: "album-1" }),
    );
    for (const { updateId } of deeds) await product.settled(updateId);
    expect(product.standIn.sent(304).map(({ text }) => text)).toEqual([es.cannotReadMedia]);
  });

  it("is answered by its caption when it has one", async () => {
    const eva = citizen(305);
    const [answer] = await sendMedia(eva, { photo: photo("d"), caption: QUESTION });
    expect(answer?.text).toContain("[1] Boletín Oficial del Estado");
  });

  it.each([
    [306, "sticker", { file_id: "s", file_unique_id: "s", type: "regular", width: 1, height: 1 }],
    [307, "voice", { file_id: "v", file_unique_id: "v", duration: 3 }],
    [308, "document", { file_id: "p", file_unique_id: "p", file_name: "cédula.pdf" }],
    [309, "location", { latitude: 9.93, longitude: -84.08 }],
  ])("in private (%i, %s) is told politely that only text is read", async (id, kind, content) => {
    const answers = await sendMedia(citizen(id), { [kind]: content });
    expect(answers.map(({ text }) => text)).toEqual([es.cannotReadMedia]);
  });

  it("and concerns nobody, such as a pinned message, gets no answer and no row", async () => {
    const user = citizen(310);
    const deed = user.sendMedia({ pinned_message: { message_id: 1, date: 1, chat: { id: 310 } } });
    await product.ask(user, "/ayuda");
    const found = await product.installation.passports.find(
      product.installation.tenantId,
      String(deed.updateId),
    );
    expect(found).toEqual([]);
    expect(product.standIn.sent(310)).toHaveLength(1);
  });
});

describe.concurrent("long and many messages", () => {
  it("of 10,000 characters is answered from its beginning, and says so", async () => {
    const long = `${QUESTION} ${"Le cuento además que en mi barrio llueve mucho. ".repeat(210)}`;
    expect(long.length).toBeGreaterThan(10_000);
    const [answer] = await product.ask(citizen(311), long);
    expect(answer?.text).toContain(es.questionWasCut(4_000));
  });

  it("as a burst of 30 in one chat are answered in order, with one polite notice", async () => {
    const fran = citizen(312);
    const deeds = Array.from({ length: 30 }, (_, index) => fran.send(`/nada${index}`));
    for (const { updateId } of deeds) await product.settled(updateId, { timeoutMs: 45_000 });
    const texts = product.standIn.sent(312).map(({ text }) => text);
    const answered = Array.from({ length: 20 }, (_, index) => es.unknownCommand(`/nada${index}`));
    expect(texts).toEqual([...answered, es.tooManyMessages]);
  });

  it("from many chats at once are answered in order within each", async () => {
    const people = Array.from({ length: 25 }, (_, index) => citizen(400 + index));
    for (const round of [1, 2, 3]) for (const user of people) user.send(`/r${round}c${user.id}`);
    for (const { id } of people) {
      const texts = await vi.waitFor(
        () => {
          const sent = product.standIn.sent(id).map(({ text }) => text);
          if (sent.length < 3) throw new Error(`Chat ${id} has ${sent.length} answers.`);
          return sent;
        },
        { timeout: 30_000, interval: 50 },
      );
      expect(texts).toEqual([1, 2, 3].map((round) => es.unknownCommand(`/r${round}c${id}`)));
    }
  });
});
