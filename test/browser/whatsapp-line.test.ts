import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { killBrowser } from "../../bots/whatsapp-web/session/process-tree.ts";
import type { BotAccount } from "../../src/core/channel.ts";
import type { Passport } from "../../src/core/passport-reader.ts";
import { type RunningProduct, startProduct } from "../journeys/running-product.ts";
import { startWhatsAppWebStandIn } from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { chromiumPath, hasChromium } from "./chromium.ts";

/** Of what /api/v1/health says. */
interface Seen {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
  readonly evidence: string;
}

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

  it("is never called healthy while its browser is dead, and is again when it works", async () => {
    const { access, config, tenantId } = product.installation;
    const { key } = await access.apiKeys.create(tenantId, "health", ["operate"]);
    const health = async () => {
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetch(`${product.url}/api/v1/health`, { headers });
      const { components } = (await response.json()) as { readonly components: readonly Seen[] };
      const seen = components.find(({ kind, id }) => kind === "session" && id === bot.botId);
      if (seen === undefined) throw new Error("health knows no such account");
      return seen;
    };
    expect(await health()).toMatchObject({ kind: "session", state: "ok" });
    const profile = path.join(config.dataDirectory, "whatsapp-web", bot.botId);
    // It comes back by itself, and so dies again until somebody has looked.
    const dead = await vi.waitFor(async () => {
      expect(await killBrowser(profile)).toBeGreaterThan(0);
      const seen = await health();
      if (seen.state === "ok") throw new Error(`called healthy: ${JSON.stringify(seen)}`);
      return seen;
    }, WAIT);
    expect(dead).toMatchObject({ code: "session-starting", state: "degraded" });
    // It may have died while it came back.
    expect(dead.evidence).toMatch(/browser|tab|Chromium/i);
    await vi.waitFor(async () => expect(await health()).toMatchObject({ state: "ok" }), WAIT);
  });
});
