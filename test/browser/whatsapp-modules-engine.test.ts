import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPageReader } from "../../bots/whatsapp-web/detection/create-page-reader.ts";
import { loadPacks } from "../../bots/whatsapp-web/detection/load-packs.ts";
import type { MessageRow } from "../../bots/whatsapp-web/detection/page-reader.ts";
import { createModulesEngine } from "../../bots/whatsapp-web/modules/modules-engine.ts";
import { openBrowser, type SessionBrowser } from "../../bots/whatsapp-web/session/browser.ts";
import { createChatBook } from "../../bots/whatsapp-web/session/chat-book.ts";
import { createDomEngine } from "../../bots/whatsapp-web/session/dom-engine.ts";
import type { Engine, EngineHost, EngineInbox } from "../../bots/whatsapp-web/session/engine.ts";
import { createHumanPauses } from "../../bots/whatsapp-web/session/pacing.ts";
import type { BotAccount } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type BotId, type TenantId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { chromiumPath, hasChromium } from "./chromium.ts";

const ANA = "50688887777@c.us";

/** One tab, in this order: each test begins where the one before it ended. */
describe.skipIf(!hasChromium)("the engine of the modules", () => {
  const engine = createModulesEngine();
  const abort = new AbortController();
  let home: string;
  let standIn: WhatsAppWebStandIn;
  let browser: SessionBrowser;
  let host: EngineHost;

  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), "pregonero-modules-"));
    const session = randomUUID();
    standIn = await startWhatsAppWebStandIn({ session });
    standIn.addChat(ANA, { name: "Ana Mora" });
    const botId = asId<BotId>(randomUUID());
    browser = await openBrowser({
      chromiumPath,
      profilesDirectory: home,
      botId,
      needsDebuggingPort: true,
    });
    const { page, context, browserUrl } = browser;
    const packs = await loadPacks({ directory: undefined, logger: silentLogger });
    const reader = createPageReader(page, { packs, logger: silentLogger, clock: systemClock });
    await page.goto(`${standIn.url}?session=${session}`);
    await page.locator("#pane-side").waitFor();
    const bot = { tenantId: asId<TenantId>(randomUUID()), botId, name: "Pregonero", settings: {} };
    host = {
      bot: bot as unknown as BotAccount,
      page,
      context,
      reader,
      clock: systemClock,
      logger: silentLogger,
      pauses: createHumanPauses({ random: () => 0.5, scale: 0 }),
      ...(browserUrl !== undefined && { browserUrl }),
    };
  });
  afterAll(async () => {
    abort.abort();
    await browser?.close();
    await standIn?.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it("hands over the ids, directions and words that the rows of the page have", async () => {
    standIn.addHistory(ANA, [
      { text: "buenas", atMs: Date.now() - 180_000 },
      { text: "¿en qué ayudo?", isOwn: true, atMs: Date.now() - 120_000 },
    ]);
    standIn.receive({ chat: ANA, media: { kind: "image" }, text: "esto" });
    const drawn = await readWith(createDomEngine(), host, abort.signal);
    const told = await readWith(engine, host, abort.signal);
    expect(told.map(essence)).toEqual(drawn.map(essence));
    expect(told).toHaveLength(3);
  });

  it("tells which module is gone, and works again once it is back", async () => {
    const inbox = collect([]);
    await engine.start(host, inbox, abort.signal);
    expect(await engine.canary(abort.signal)).toEqual({ isReadable: true, failures: [] });
    await host.page.evaluate(`{
      window.whole = window.require;
      window.require = (name) => {
        if (name === "WAWebSendMsgChatAction") throw new Error("unknown module");
        return window.whole(name);
      };
    }`);
    const broken = await engine.canary(abort.signal);
    expect(broken.isReadable).toBe(false);
    expect(broken.failures.join()).toContain("WAWebSendMsgChatAction");
    await host.page.evaluate("{ window.require = window.whole; }");
    expect((await engine.canary(abort.signal)).isReadable).toBe(true);
  });

  it("comes back into a page that was loaded anew", async () => {
    await host.page.reload();
    await host.page.locator("#pane-side").waitFor();
    const rows: MessageRow[] = [];
    await engine.start(host, collect(rows), abort.signal);
    expect((await engine.canary(abort.signal)).isReadable).toBe(true);
    const id = standIn.receive({ chat: ANA, text: "¿sigue ahí?" });
    await expect.poll(() => rows.map(({ canonicalId }) => canonicalId)).toContain(id);
  });

  it("leaves the browser open when it stops, and when another window takes over", async () => {
    standIn.conflict();
    await expect
      .poll(() => host.page.evaluate("window.require('WAWebSocketModel').Socket.state"))
      .toBe("CONFLICT");
    // The page's answers come after what it told before: by then the library knows of the conflict.
    for (let round = 0; round < 5; round += 1) await engine.canary(abort.signal);
    await engine.stop();
    expect(host.page.isClosed()).toBe(false);
    expect(await host.page.evaluate("document.readyState")).toBe("complete");
    expect(host.context.pages()).toEqual([host.page]);
  });
});

async function readWith(
  engine: Engine,
  host: EngineHost,
  signal: AbortSignal,
): Promise<readonly MessageRow[]> {
  const rows: MessageRow[] = [];
  await engine.start(host, collect(rows), signal);
  await engine.reconcile(signal);
  await engine.stop();
  return [...new Map(rows.map((row) => [row.canonicalId, row])).values()];
}

function collect(rows: MessageRow[]): EngineInbox {
  const book = createChatBook([]);
  return {
    locate: async (chat, seenIds) => book.locate(chat, seenIds),
    take: async (_target, batch) => void rows.push(...batch.rows),
    receipts: async () => undefined,
    needsReading: () => true,
  };
}

function essence({ canonicalId, direction, kind, text, tick }: MessageRow) {
  return { canonicalId, direction, kind, text, tick };
}
