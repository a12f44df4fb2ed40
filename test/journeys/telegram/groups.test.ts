import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { en } from "../../../src/conversation/catalogue/en.ts";
import { es } from "../../../src/conversation/catalogue/es.ts";
import type { StandInGroup, StandInUser } from "../../stand-ins/telegram/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

let product: RunningProduct;
let ana: StandInUser;
beforeAll(async () => {
  product = await startProduct({ standIn: { limits: true } });
  ana = product.standIn.user(7, { languageCode: "es" });
});
afterAll(() => product?.close());

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";

/** A group that the bot was added to and has greeted. */
async function newGroup(id: number): Promise<StandInGroup> {
  const group = product.standIn.group(id, { title: "Vecinos" });
  group.addBot(product.bot, ana);
  await product.standIn.waitForMessage(id);
  return group;
}

const refusedSends = () =>
  product.standIn.calls("sendMessage").filter(({ status }) => status === 429);

describe.concurrent("in a group", () => {
  it("the bot greets when added, and is silent unless it is meant", async () => {
    const { standIn, bot } = product;
    const group = await newGroup(-1001);
    expect(standIn.sent(-1001)[0]?.text).toBe(es.welcome);
    for (const talk of [QUESTION, "@otro_bot ¿qué hay?", "/ayuda@otro_bot", "hola a todos"]) {
      const passport = await product.settled(ana.send(talk, { group }).updateId);
      expect(passport.parts, talk).toEqual([]);
    }
    const sticker = { sticker: { file_id: "s", file_unique_id: "s", width: 1, height: 1 } };
    const quiet = await product.settled(ana.sendMedia(sticker, { group }).updateId);
    expect(quiet.parts).toEqual([]);
    expect(standIn.sent(-1001)).toHaveLength(1);

    const [mentioned] = await product.ask(ana, `@${bot.username} ${QUESTION}`, { group });
    expect(mentioned?.text).toContain("[1] Boletín Oficial del Estado");
    const [commanded] = await product.ask(ana, `/fuentes@${bot.username}`, { group });
    expect(commanded?.text).toContain(es.sources.heading);
    const replying = { group, ...(commanded && { replyTo: commanded }) };
    const [replied] = await product.ask(ana, QUESTION, replying);
    expect(replied?.text).toContain("[1] Boletín Oficial del Estado");
  });

  it("answers in the topic in which it was asked", async () => {
    const group = await newGroup(-1008);
    const asked = { group, threadId: 77 };
    const [answer] = await product.ask(ana, `/ayuda@${product.bot.username}`, asked);
    expect(answer).toMatchObject({ text: es.help, threadId: 77 });
  });

  it("keeps private matters for the private chat", async () => {
    const group = await newGroup(-1002);
    const [answer] = await product.ask(ana, `/borrar@${product.bot.username}`, { group });
    expect(answer?.text).toBe(es.onlyInPrivate);
  });

  it("a lively talk among people does not count against who asks the bot", async () => {
    const group = await newGroup(-1003);
    for (let index = 0; index < 30; index++) ana.send(`hablamos ${index}`, { group });
    const [answer] = await product.ask(ana, `/ayuda@${product.bot.username}`, { group });
    expect(answer?.text).toBe(es.help);
  });

  it("sends at most 20 messages in any minute, so that Telegram never has to refuse", async () => {
    const group = await newGroup(-1004);
    const deeds = Array.from({ length: 20 }, (_, index) =>
      ana.send(`/nada${index}@${product.bot.username}`, { group }),
    );
    await product.standIn.waitForMessage(-1004, ({ text }) => text.includes("/nada5"), 30_000);
    const { database, tenantId } = product.installation;
    const [first] = await product.installation.passports.find(tenantId, String(deeds[0]?.updateId));
    const readSlots = () =>
      database.asTenant(tenantId, (tx) =>
        tx.query<{ at: Date }>(
          "select not_before as at from outbox where conversation_id = $1 order by position",
          [first?.conversationId],
        ),
      );
    await vi.waitFor(async () => expect(await readSlots()).toHaveLength(21), 30_000);
    const times = (await readSlots()).map(({ at }) => at.getTime());
    for (const [index, start] of times.entries()) {
      const inMinute = times.slice(index).filter((time) => time < start + 60_000);
      expect(inMinute.length).toBeLessThanOrEqual(20);
    }
    expect(refusedSends()).toEqual([]);
  });
});

describe.concurrent("a group that becomes a supergroup", () => {
  it("is followed with its memory, and what was on its way arrives in the new chat", async () => {
    const { standIn, bot } = product;
    const group = await newGroup(-1005);
    await product.ask(ana, `/idioma@${bot.username} en`, { group });
    const late = ana.send(`/ayuda@${bot.username}`, { group });
    const supergroup = group.migrate(-1_005_000);
    await product.settled(late.updateId);
    const everywhere = [...standIn.sent(-1005), ...standIn.sent(-1_005_000)];
    expect(everywhere.filter(({ text }) => text === en.help)).toHaveLength(1);
    const [answer] = await product.ask(ana, `/ayuda@${bot.username}`, { group: supergroup });
    expect(answer?.text).toBe(en.help);
  });

  it("is followed when its first message there overtook the news of the move", async () => {
    const { standIn, bot } = product;
    const group = await newGroup(-1006);
    for (let index = 0; index < 6; index++) ana.send(`/nada${index}@${bot.username}`, { group });
    await standIn.waitForMessage(-1006, ({ text }) => text.includes("/nada3"));
    // The talk goes on in the new chat before the queued answers of the old one have gone out.
    const supergroup = group.migrate(-1_006_000);
    await product.ask(ana, `/fuentes@${bot.username}`, { group: supergroup });
    await standIn.waitForMessage(-1_006_000, ({ text }) => text.includes("/nada5"), 20_000);
    const last = [...standIn.sent(-1006), ...standIn.sent(-1_006_000)].filter(({ text }) =>
      text.includes("/nada5"),
    );
    expect(last).toHaveLength(1);
  });

  it("is followed when Telegram tells it only in refusing a message", async () => {
    const { standIn, bot } = product;
    const group = await newGroup(-1007);
    standIn.group(-1_007_000, { type: "supergroup" }).addBot(bot, ana);
    await standIn.waitForMessage(-1_007_000);
    standIn.faults.add({
      method: "sendMessage",
      chatId: -1007,
      times: Number.POSITIVE_INFINITY,
      effect: {
        kind: "refuse",
        code: 400,
        description: "Bad Request: group chat was upgraded to a supergroup chat",
        parameters: { migrate_to_chat_id: -1_007_000 },
      },
    });
    ana.send(`/ayuda@${bot.username}`, { group });
    await standIn.waitForMessage(-1_007_000, ({ text }) => text === es.help);
  });
});
