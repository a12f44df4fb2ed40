import { afterEach, beforeEach, describe, type TestContext } from "vitest";
import type { Channel, ChannelPart } from "../src/core/channel.ts";
import { asId } from "../src/core/ids.ts";
import type { ChannelBench, Situation } from "./conformance/bench.ts";
import { describeReceiving } from "./conformance/receiving.ts";
import { describeRender } from "./conformance/rendering.ts";
import { describeSending } from "./conformance/sending.ts";
import { describeTroubles } from "./conformance/troubles.ts";

export type { ChannelBench } from "./conformance/bench.ts";

const OUTBOX_ID = asId<Parameters<Channel["send"]>[3]["outboxId"]>(
  "01890000-0000-7000-8000-000000000001",
);

/**
 * What the line relies on in every channel. `open` is called before each test.
 *
 * ```ts
 * describeChannel("telegram", async () => ({ channel: createTelegramChannel(…), … }));
 * ```
 */
export function describeChannel(name: string, open: () => Promise<ChannelBench>): void {
  describe(`${name} as a channel`, () => {
    let bench: ChannelBench;
    let sends = 0;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(async () => {
      await bench.close();
    });

    const send = (
      part: ChannelPart,
      signal = new AbortController().signal,
      chatKey = bench.chatKey,
    ) => {
      sends += 1;
      const outboxId = `${OUTBOX_ID.slice(0, -6)}${String(sends).padStart(6, "0")}`;
      return bench.channel.send(bench.bot, chatKey, part, {
        signal,
        outboxId: asId(outboxId),
        // Somebody just wrote, as in most chats: some networks take a reply for a while only.
        lastInboundAt: new Date(),
      });
    };
    const arrange = async (situation: Situation, context: TestContext) => {
      const step = bench.arrange[situation];
      if (typeof step === "function") await step();
      else context.skip(step.notApplicable);
    };

    describeRender(() => bench);
    describeSending({ bench: () => bench, send });
    describeTroubles({ bench: () => bench, send, arrange });
    describeReceiving(() => bench);
  });
}
