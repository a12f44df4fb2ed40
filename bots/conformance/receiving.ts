import fc from "fast-check";
import { expect, it } from "vitest";
import { polls, receivesWebhooks } from "../../src/core/channel.ts";
import type { IncomingMessage } from "../../src/core/message.ts";
import type { ChannelBench } from "./bench.ts";

/** What the network brings is taken in once; what is forged or broken is not. */
export function describeReceiving(bench: () => ChannelBench): void {
  it("takes the network's webhook and no forgery", (context) => {
    const { channel, bot, webhook } = bench();
    if (!receivesWebhooks(channel) || webhook === undefined)
      return context.skip("this channel has no webhook");
    expect(channel.verifyWebhook(bot, webhook.genuine("hola"))).toBe(true);
    for (const [kind, request] of Object.entries(webhook.forged)) {
      expect(channel.verifyWebhook(bot, request), kind).toBe(false);
    }
    const withoutSecrets = { ...bot, secrets: {} };
    expect(channel.verifyWebhook(withoutSecrets, webhook.genuine("hola"))).toBe(false);
  });

  it("reads a message from the webhook, each with a key of its own", (context) => {
    const { channel, bot, webhook } = bench();
    if (!receivesWebhooks(channel) || webhook === undefined)
      return context.skip("this channel has no webhook");
    const read = (text: string) =>
      channel.readUpdate(bot, JSON.parse(webhook.genuine(text).rawBody.toString()));
    const [first, second] = [...read("¿Qué se publicó?"), ...read("Gracias")];
    expect(first).toMatchObject({
      isAddressed: true,
      chat: { kind: "private" },
      content: { kind: "text", text: "¿Qué se publicó?" },
    });
    expect(first?.updateKey).not.toBe(second?.updateKey);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect(new Date(first?.sentAt ?? "").toISOString()).toBe(first?.sentAt);
  });

  it("refuses what is not an update as bad-update, and throws nothing else", (context) => {
    const { channel, bot, webhook } = bench();
    if (!receivesWebhooks(channel) || webhook === undefined)
      return context.skip("this channel has no webhook");
    for (const body of [undefined, null, 1, "x", [], {}]) {
      expect(() => channel.readUpdate(bot, body)).toThrow(
        expect.objectContaining({ code: "bad-update", status: 400 }),
      );
    }
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        try {
          channel.readUpdate(bot, body);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-update" });
        }
      }),
    );
  });

  it("polls again for what was not accepted, once for what was, and ends when told", async (context) => {
    const { channel, bot, say } = bench();
    if (!polls(channel) || say === undefined) return context.skip("this channel does not poll");
    const stop = new AbortController();
    const seen: string[] = [];
    let attempts = 0;
    const accept = async (messages: readonly IncomingMessage[]) => {
      attempts += 1;
      if (attempts === 1) throw new Error("the store is down");
      for (const { content } of messages) if (content.kind === "text") seen.push(content.text);
      if (seen.includes("tres")) stop.abort();
      else say("tres");
    };
    say("uno");
    say("dos");
    await channel.poll(bot, accept, stop.signal);
    expect(seen).toEqual(["uno", "dos", "tres"]);
  });
}
