import { expect, it } from "vitest";
import { showsTyping } from "../../src/core/channel.ts";
import { type Reply, textReply } from "../../src/core/message.ts";
import { firstPart, type Sending } from "./bench.ts";

/** What is sent arrives, once, in order and whole; nothing that is asked of a channel makes it throw. */
export function describeSending({ bench, send }: Omit<Sending, "arrange">): void {
  const part = (text = "Buenas tardes") => firstPart(bench().channel, textReply(text));

  it("has a pace by which what goes to many goes at all", () => {
    const { batch, burst, intervalMs } = bench().channel.pace.bulk;
    expect(intervalMs).toBeGreaterThan(0);
    expect(batch).toBeGreaterThanOrEqual(1);
    // A bucket that never holds a batch would never send.
    expect(batch).toBeLessThanOrEqual(burst);
  });

  it("reports what arrived as sent, with an id of its own", async () => {
    const outcomes = [await send(part("uno")), await send(part("dos"))];
    const ids = outcomes.map((outcome) => outcome.kind === "sent" && outcome.networkMessageId);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["sent", "sent"]);
    expect(new Set(ids).size).toBe(2);
    expect(await bench().delivered()).toEqual(["uno", "dos"]);
  });

  it("sends all that it renders", async () => {
    const reply = textReply("Se publica lo siguiente, para lo que corresponda. ".repeat(250));
    const parts = bench().channel.render(reply);
    for (const each of parts) expect(await send(each)).toMatchObject({ kind: "sent" });
    expect(await bench().delivered()).toEqual(parts.map((each) => bench().textOf(each)));
  });

  it("sends formatting, links and buttons", async () => {
    const reply: Reply = {
      kind: "text",
      paragraphs: [
        [
          { text: "Según " },
          { text: "La Gaceta", style: "bold", url: "https://www.imprentanacional.go.cr/" },
        ],
        [
          { text: "😀 " },
          { text: "art. 3", style: "code" },
          { text: " y " },
          { text: "siguientes", style: "italic" },
        ],
      ],
      buttons: [{ label: "Hablar con una persona", data: "handover" }],
    };
    expect(await send(firstPart(bench().channel, reply))).toMatchObject({ kind: "sent" });
  });

  it("sends a document", async () => {
    const reply: Reply = {
      kind: "document",
      fileName: 'mis datos; "copia".json',
      mimeType: "application/json",
      contentBase64: Buffer.from('{"ñ":1}').toString("base64"),
      caption: "Sus datos",
    };
    expect(await send(firstPart(bench().channel, reply))).toMatchObject({ kind: "sent" });
  });

  it("never throws, whatever the chat's key", async () => {
    for (const chatKey of ["", "../getMe", "0", "9".repeat(40), "'; drop table outbox"]) {
      const outcome = await send(part(), undefined, chatKey);
      expect(["refused", "unknown", "sent"]).toContain(outcome.kind);
    }
  });

  it("shows typing without ever failing", async (context) => {
    const { channel, bot, chatKey } = bench();
    if (!showsTyping(channel)) return context.skip("this channel shows no typing");
    expect(channel.typingLastsMs).toBeGreaterThan(0);
    await channel.showTyping(bot, chatKey, new AbortController().signal);
    await channel.showTyping(bot, chatKey, AbortSignal.abort());
    await channel.showTyping(bot, "no such chat", new AbortController().signal);
  });
}
