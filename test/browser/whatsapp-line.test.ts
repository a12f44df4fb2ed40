import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { Passport } from "../../src/core/passport-reader.ts";
import { type RunningProduct, startProduct } from "../journeys/running-product.ts";
import { startWhatsAppWebStandIn } from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { chromiumPath, hasChromium } from "./chromium.ts";

const WAIT = { timeout: 90_000, interval: 100 };

/** The whole line with a browser at its end: an account is added, linked by its code, asked, and answers. */
describe.skipIf(!hasChromium)("an account of WhatsApp Web in the running product", () => {
  let standIn: Awaited<ReturnType<typeof startWhatsAppWebStandIn>>;
  let product: RunningProduct;
  let bot: BotAccount;

  beforeAll(async () => {
    standIn = await startWhatsAppWebStandIn({ readMs: 200 });
    const env = { WHATSAPP_WEB_URL: standIn.url, CHROMIUM_PATH: chromiumPath };
    product = await startProduct({ env });
    bot = await product.installation.botAdmin.add(
      product.installation.tenantId,
      { channel: "whatsapp-web", name: "Municipalidad", secrets: {} },
      AbortSignal.timeout(30_000),
    );
  });
  afterAll(async () => {
    await product?.close();
    await standIn?.close();
  });

  it("is linked by the code that is shown, answers with the citation, and hears that it was read", async () => {
    const { sessions, passports, tenantId } = product.installation;
    await vi.waitFor(async () => {
      expect(await sessions.readCode(tenantId, bot.botId)).toMatchObject({ kind: "qr" });
    }, WAIT);
    standIn.scan();
    await vi.waitFor(async () => {
      expect(await sessions.readReport(tenantId, bot.botId)).toMatchObject({ state: "ready" });
    }, WAIT);
    const chat = standIn.addChat("34600111222@c.us", { name: "Ana" });
    const text = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
    standIn.receive({ chat, text });
    const [answer] = await standIn.untilSent(1);
    expect(answer?.text).toContain("[1]");
    const passport = await vi.waitFor(async (): Promise<Passport> => {
      const [row] = await product.installation.database.asTenant(tenantId, (tx) =>
        tx.query<{ id: string }>("select id from inbox"),
      );
      const [found] = await passports.find(tenantId, row?.id ?? "");
      if (!found?.events.some(({ kind }) => kind === "read")) throw new Error("not read yet");
      return found;
    }, WAIT);
    expect(passport.parts).toMatchObject([{ state: "sent", attempts: 1 }]);
  });
});
