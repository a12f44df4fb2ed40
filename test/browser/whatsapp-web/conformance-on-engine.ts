import { afterAll, beforeAll, describe } from "vitest";
import { describeChannel } from "../../../bots/conformance.ts";
import { textOf, toPlain } from "../../../bots/whatsapp-web/__fixtures__/plain-text.ts";
import { MAX_TEXT_LENGTH } from "../../../bots/whatsapp-web/render.ts";
import { hasChromium } from "../chromium.ts";
import { openSessionBench, type SessionBench } from "./session-bench.ts";

/** The suite of all channels, on the stand-in, with either engine. */
export function describeEngine(engine: "dom" | "modules"): void {
  describe.skipIf(!hasChromium)(`WhatsApp Web by its ${engine}`, () => suite(engine));
}

function suite(engine: string): void {
  let bench: SessionBench;
  const ana = "50688887777@c.us";
  beforeAll(async () => {
    bench = await openSessionBench({ botSettings: { engine } });
    bench.start();
    await bench.untilState("ready");
    bench.standIn.addChat(ana, { name: "Ana Mora" });
    bench.standIn.receive({ chat: ana, text: "hola" });
    await bench.untilAccepted(1);
  });
  afterAll(() => bench.close());

  describeChannel("whatsapp-web", async () => {
    const own = () => bench.standIn.messages(ana).filter(({ isOwn }) => isOwn);
    const before = own().length;
    const stays = { notApplicable: "people block without a sign: the tick stays single" };
    const pending = () => bench.standIn.failNextSend({ effect: "stay-pending" });
    return {
      channel: bench.channel,
      bot: bench.bot,
      chatKey: bench.chatKey(),
      maxTextLength: MAX_TEXT_LENGTH,
      textOf,
      delivered: () =>
        own()
          .slice(before)
          .map(({ text }) => toPlain(text)),
      arrange: {
        "too-many-requests": { notApplicable: "a restriction lasts: see recovery.test.ts" },
        blocked: stays,
        "bad-format": { notApplicable: "signs that do not format are shown" },
        "error-after-accepting": pending,
        "answer-lost": pending,
        async unreachable() {
          bench.standIn.goOffline();
          await bench.untilState("degraded");
        },
        "never-answers": pending,
        "credentials-revoked": { notApplicable: "a logged-out session waits for a scan" },
        "chat-moved": { notApplicable: "a chat keeps its key, whatever its id" },
      },
      async close() {
        bench.standIn.goOnline();
        bench.standIn.clearFaults();
        await bench.untilState("ready");
      },
    };
  });
}
