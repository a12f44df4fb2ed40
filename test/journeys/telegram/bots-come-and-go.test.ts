import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { en } from "../../../src/conversation/catalogue/en.ts";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";
import { rowsWith } from "./dump-in-the-clear.ts";

let product: RunningProduct;
/** While true, nothing can be stored. */
let isStoreAway = false;
beforeAll(async () => {
  product = await startProduct({
    delivery: "polling",
    faultPoint(name) {
      if (!isStoreAway || name !== "db:inbox-store") return;
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    },
  });
});
afterAll(() => product?.close());

const citizen = (id: number) => product.standIn.user(id, { languageCode: "es" });

async function addTenant(): Promise<TenantId> {
  const id = randomUUID();
  await product.installation.database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Otra')", [id, `otra-${id}`]),
  );
  return asId(id);
}

async function botStates(): Promise<Readonly<Record<string, string>>> {
  const { database, tenantId } = product.installation;
  const rows = await database.asTenant(tenantId, (tx) =>
    tx.query<{ networkId: string; state: string }>(
      `select settings->>'networkId' as "networkId", state from bot where channel = 'telegram'`,
    ),
  );
  return Object.fromEntries(rows.map(({ networkId, state }) => [networkId, state]));
}

describe("without a public address", () => {
  it("the bot polls, and answers", async () => {
    const [help] = await product.ask(citizen(601), "/ayuda");
    expect(help?.text).toBe(es.help);
    expect(product.standIn.calls("setWebhook")).toEqual([]);
  });

  it("what cannot be stored is not acknowledged: it is asked for again, and answered once", async () => {
    isStoreAway = true;
    const { updateId } = citizen(611).send("/ayuda");
    await expect.poll(() => product.logLines.join("")).toContain("updates-not-accepted");
    isStoreAway = false;
    const answers = await product.repliesTo(611, updateId);
    expect(answers.map(({ text }) => text)).toEqual([es.help]);
  });

  it("a bot that is added while everything runs is answered for, and no more once removed", async () => {
    const { standIn, installation } = product;
    const added = await product.addBot();
    const user = citizen(602);
    const [help] = await product.ask(user, "/ayuda", { bot: added });
    expect(help).toMatchObject({ text: es.help, botId: added.id });
    const account = product.accountOf(added);
    const signal = AbortSignal.timeout(30_000);
    await installation.botAdmin.remove(account.tenantId, account.botId, signal);
    const { updateId } = user.send("/fuentes", { bot: added });
    await product.ask(user, "/ayuda");
    expect(await installation.passports.find(installation.tenantId, String(updateId))).toEqual([]);
    expect(standIn.sent(602).map(({ botId }) => botId)).toEqual([added.id, product.bot.id]);
  });

  it("a revoked token stops its bot alone, and says that a person must act", async () => {
    const revoked = await product.addBot();
    await product.ask(citizen(603), "/ayuda", { bot: revoked });
    product.standIn.revoke(revoked);
    await expect
      .poll(async () => (await botStates())[String(revoked.id)], { timeout: 40_000 })
      .toBe("needs-auth");
    expect(product.logLines.join("")).toContain("bot-needs-auth");
    const [help] = await product.ask(citizen(604), "/ayuda");
    expect(help?.text).toBe(es.help);
    expect((await botStates())[String(product.bot.id)]).toBe("active");
  });

  it("a bot that is added again with its new token goes on with its conversations", async () => {
    const { standIn, installation } = product;
    const before = await product.addBot();
    const user = citizen(610);
    await product.ask(user, "/idioma en", { bot: before });
    const { botId, tenantId } = product.accountOf(before);
    standIn.revoke(before);
    const token = `${before.id}:new-${"y".repeat(30)}`;
    const after = standIn.addBot(token, { username: before.username });
    await installation.botAdmin.add(
      tenantId,
      { channel: "telegram", name: "", secrets: { token } },
      AbortSignal.timeout(30_000),
    );
    // Telegram numbers on; the stand-in, to which the new token is a new bot, would begin anew.
    const updateId = before.id * 1_000 + 500;
    const person = { id: 610, is_bot: false, first_name: "Ana", language_code: "es" };
    const chat = { id: 610, type: "private", first_name: "Ana" };
    const message = { message_id: 50, date: 1_713_182_400, from: person, chat, text: "/ayuda" };
    standIn.pushUpdate(610, { update_id: updateId, message }, after);
    const [help] = await product.repliesTo(610, updateId);
    expect(help?.text).toBe(en.help);
    expect(product.accountOf(after).botId).toBe(botId);
    const again = installation.botAdmin.add(
      tenantId,
      { channel: "telegram", name: "", secrets: { token } },
      AbortSignal.timeout(30_000),
    );
    await expect(again).rejects.toMatchObject({ code: "bot-exists" });
  });
});

describe("bots of two tenants", () => {
  it("share nothing of a person who writes to both", async () => {
    const tenantId = await addTenant();
    const other = await product.addBot(tenantId);
    const ana = product.standIn.user(605, { firstName: "Anacleta", languageCode: "es" });
    const first = ana.send("/buscar canario-del-primero");
    const second = ana.send("/buscar canario-del-segundo", { bot: other });
    await product.settled(first.updateId);
    await product.settled(second.updateId, { tenantId });

    const { passports } = product.installation;
    expect(await passports.find(tenantId, String(first.updateId))).toEqual([]);
    expect(await passports.find(product.installation.tenantId, String(second.updateId))).toEqual(
      [],
    );
    const { installation } = product;
    expect(await rowsWith(/canario-del-primero/, installation)).not.toEqual([]);
    expect(await rowsWith(/canario-del-segundo/, installation)).toEqual([]);
    expect(await rowsWith(/canario-del-segundo/, installation, tenantId)).not.toEqual([]);
    expect(await rowsWith(/canario-del-primero/, installation, tenantId)).toEqual([]);

    const { updateId } = ana.send("/exportar", { bot: other });
    await product.settled(updateId, { tenantId });
    const exported = await product.standIn.waitForMessage(605, ({ document }) => !!document);
    const text = exported.document?.bytes.toString() ?? "";
    expect(text).toContain("canario-del-segundo");
    expect(text).not.toContain("canario-del-primero");
  });
});

describe("the way in", () => {
  it("may change from polling to webhook and back, and nothing is lost on the way", async () => {
    const { standIn } = product;
    const user = citizen(606);
    await product.restart({ delivery: "webhook" });
    expect(standIn.calls("setWebhook").length).toBeGreaterThan(0);
    const [byWebhook] = await product.ask(user, "/ayuda");
    expect(byWebhook?.text).toBe(es.help);
    await product.restart({ delivery: "polling" });
    const [byPolling] = await product.ask(user, "/fuentes");
    expect(byPolling?.text).toContain(es.sources.heading);
    expect(standIn.sent(606)).toHaveLength(2);
  });

  it("keeps what came while the bot was being served by nobody", async () => {
    const user = citizen(607);
    const waiting = product.restart({ delivery: "webhook" });
    const { updateId } = user.send("/ayuda");
    await waiting;
    expect(await product.repliesTo(607, updateId)).toHaveLength(1);
  });

  it("by webhook, a removed bot's address answers 404, and Telegram is told to deliver nowhere", async () => {
    const { standIn, installation, url } = product;
    const removed = await product.addBot();
    const { tenantId, botId, botKey } = product.accountOf(removed);
    const knock = () => fetch(`${url}/webhooks/telegram/${botKey}`, { method: "POST" });
    expect((await knock()).status).toBe(401);
    await installation.botAdmin.remove(tenantId, botId, AbortSignal.timeout(30_000));
    expect((await knock()).status).toBe(404);
    await standIn.waitForCall("deleteWebhook", (call) => call.botId === removed.id);
  });

  it("by webhook, what a former installation left at our own address is taken over", async () => {
    const { standIn, url } = product;
    const inherited = standIn.addBot();
    const left = { url: `${url}/webhooks/telegram/former-key`, secret_token: "former" };
    await fetch(`${standIn.apiRoot}/bot${inherited.token}/setWebhook`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(left),
    });
    const { installation } = product;
    await installation.botAdmin.add(
      installation.tenantId,
      { channel: "telegram", name: "", secrets: { token: inherited.token } },
      AbortSignal.timeout(30_000),
    );
    await standIn.waitForCall("setWebhook", ({ botId, parameters }) => {
      return botId === inherited.id && parameters.url !== left.url;
    });
    const [help] = await product.ask(citizen(609), "/ayuda", { bot: inherited });
    expect(help?.text).toBe(es.help);
  });

  it("by webhook, a revoked token is noticed in sending, for that bot alone", async () => {
    const revoked = await product.addBot();
    const user = citizen(608);
    await product.ask(user, "/ayuda", { bot: revoked });
    product.standIn.faults.add({
      token: revoked.token,
      times: Number.POSITIVE_INFINITY,
      effect: { kind: "refuse", code: 401, description: "Unauthorized" },
    });
    const unanswered = user.send("/fuentes", { bot: revoked });
    await expect
      .poll(async () => (await botStates())[String(revoked.id)], { timeout: 40_000 })
      .toBe("needs-auth");
    const [help] = await product.ask(user, "/ayuda");
    expect(help?.text).toBe(es.help);

    product.standIn.faults.clear();
    const { botAdmin, tenantId } = product.installation;
    await botAdmin.add(
      tenantId,
      { channel: "telegram", name: "", secrets: { token: revoked.token } },
      AbortSignal.timeout(30_000),
    );
    const [late] = await product.repliesTo(608, unanswered.updateId);
    expect(late?.text, "what waited for new credentials").toContain(es.sources.heading);
  });
});
