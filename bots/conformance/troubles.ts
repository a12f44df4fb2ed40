import { expect, it } from "vitest";
import { type Reply, textReply } from "../../src/core/message.ts";
import { firstPart, type Sending } from "./bench.ts";

/** Every trouble with the network is told as what it proves: refused, or else unknown. */
export function describeTroubles({ bench, send, arrange }: Sending): void {
  const part = (text = "Buenas tardes") => firstPart(bench().channel, textReply(text));

  it("is refused, and waits as long as the network asks", async (context) => {
    await arrange("too-many-requests", context);
    const outcome = await send(part());
    expect(outcome).toMatchObject({ kind: "refused", retry: { afterMs: expect.any(Number) } });
    expect(await bench().delivered()).toEqual([]);
    expect(await send(part())).toMatchObject({ kind: "sent" });
  });

  it("is refused for good by a person who blocked the bot", async (context) => {
    await arrange("blocked", context);
    expect(await send(part())).toMatchObject({
      kind: "refused",
      retry: "never",
      contactLost: true,
    });
  });

  it("sends once as plain text what is refused for its formatting", async (context) => {
    await arrange("bad-format", context);
    const styled: Reply = { kind: "text", paragraphs: [[{ text: "Decreto", style: "bold" }]] };
    expect(await send(firstPart(bench().channel, styled))).toMatchObject({ kind: "sent" });
    expect(await bench().delivered()).toEqual(["Decreto"]);
  });

  it("does not know after an error of the network", async (context) => {
    await arrange("error-after-accepting", context);
    expect(await send(part())).toMatchObject({ kind: "unknown" });
    expect(await bench().delivered()).toEqual(["Buenas tardes"]);
  });

  it("does not know when the answer was lost, and does not send again by itself", async (context) => {
    await arrange("answer-lost", context);
    expect(await send(part())).toMatchObject({ kind: "unknown" });
    expect(await bench().delivered()).toEqual(["Buenas tardes"]);
  });

  it("is refused, to be tried again, when nobody listens", async (context) => {
    await arrange("unreachable", context);
    const outcome = await send(part());
    expect(outcome).toMatchObject({ kind: "refused", retry: expect.anything() });
    expect(outcome).not.toMatchObject({ retry: "never" });
  });

  it("does not know when aborted while waiting for the answer", async (context) => {
    await arrange("never-answers", context);
    const stop = new AbortController();
    const outcome = send(part(), stop.signal);
    await expect.poll(() => bench().delivered()).toEqual(["Buenas tardes"]);
    stop.abort();
    expect(await outcome).toMatchObject({ kind: "unknown" });
  });

  it("is refused when aborted before it began", async () => {
    const outcome = await send(part(), AbortSignal.abort());
    expect(outcome).toMatchObject({ kind: "refused", retry: "backoff" });
    expect(await bench().delivered()).toEqual([]);
  });

  it("asks for a person when the credentials were withdrawn", async (context) => {
    await arrange("credentials-revoked", context);
    expect(await send(part())).toMatchObject({ kind: "refused", retry: "never", needsAuth: true });
  });

  it("names the chat's key to send to when it moved", async (context) => {
    await arrange("chat-moved", context);
    const outcome = await send(part());
    expect(outcome).toMatchObject({ kind: "refused", newChatKey: expect.any(String) });
    const newChatKey = outcome.kind === "refused" ? outcome.newChatKey : undefined;
    expect(await send(part(), undefined, newChatKey)).toMatchObject({ kind: "sent" });
  });
}
