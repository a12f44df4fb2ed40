import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textReply } from "../../src/core/message.ts";
import { hasChromium } from "./chromium.ts";
import { newOutboxId, openSessionBench, type SessionBench } from "./whatsapp-web/session-bench.ts";

const ANA = "50688887777@c.us";
const GROUP = "120363041234567890@g.us";
const EVA = {
  jid: "50677776666@c.us",
  lid: "100000000000012@lid",
  name: "Eva Rojas",
  isSaved: true,
};

/** One account through WhatsApp's own modules, in this order: each test begins where the one before it ended. */
describe.skipIf(!hasChromium)("an account whose engine are the modules", () => {
  let bench: SessionBench;
  beforeAll(async () => {
    bench = await openSessionBench({ isLinked: false, botSettings: { engine: "modules" } });
    bench.standIn.addChat(ANA, { name: "Ana Mora" });
    bench.standIn.addChat(GROUP, { name: "Vecinas", participants: [EVA] });
    bench.standIn.receive({ chat: ANA, text: "de antes", atMs: Date.now() - 600_000 });
    bench.start();
    await bench.untilState("waiting-for-scan");
    await bench.scan();
    await bench.untilState("ready");
  });
  afterAll(() => bench.close());

  it("takes a message in by the id of its row, answers it, and tells of its ticks", async () => {
    const id = bench.standIn.receive({ chat: ANA, text: "¿Qué se publicó hoy?" });
    await bench.untilAccepted(1);
    expect(bench.accepted).toMatchObject([
      { updateKey: id, chat: { kind: "private" }, content: { text: "¿Qué se publicó hoy?" } },
    ]);
    expect((await bench.report())?.engine).toBe("modules");
    const outcome = await bench.send("Hoy se publicó un decreto.");
    const [sent] = bench.standIn.sent(ANA);
    expect(outcome).toMatchObject({ kind: "sent", networkMessageId: sent?.id });
    bench.standIn.tick(sent?.id ?? "", "read");
    await expect
      .poll(() => bench.receipts.filter(({ networkMessageId }) => networkMessageId === sent?.id))
      .toContainEqual(expect.objectContaining({ status: "read" }));
  });

  it("takes in edits, pictures with their file, and what means it in a group", async () => {
    const { standIn, accepted } = bench;
    const before = accepted.length;
    const id = standIn.receive({ chat: ANA, text: "plaso" });
    await bench.untilAccepted(before + 1);
    standIn.edit(id, "plazo");
    await bench.untilAccepted(before + 2);
    standIn.receive({ chat: ANA, media: { kind: "image" }, text: "este edicto" });
    await bench.untilAccepted(before + 3);
    standIn.receive({ chat: GROUP, from: EVA.jid, text: "hola a todas" });
    await bench.untilAccepted(before + 4);
    standIn.receive({
      chat: GROUP,
      from: EVA.jid,
      text: "@Pregonero ¿qué plazo hay?",
      mention: ["me"],
    });
    await bench.untilAccepted(before + 5);
    expect(accepted.slice(before)).toMatchObject([
      { content: { kind: "text", text: "plaso" } },
      { content: { kind: "edit", text: "plazo", editedMessageId: id } },
      { content: { kind: "media", media: "photo", caption: "este edicto" } },
      { chat: { kind: "group" }, isAddressed: false, content: { text: "hola a todas" } },
      {
        sender: { displayName: EVA.name },
        isAddressed: true,
        content: { text: "¿qué plazo hay?" },
      },
    ]);
    expect(accepted[before + 2]?.content).toHaveProperty("fileKey");
  });

  it("sends a document, and finds what had no tick before it would send it again", async () => {
    const part = {
      kind: "document",
      fileName: "gaceta.txt",
      mimeType: "text/plain",
      contentBase64: Buffer.from("texto").toString("base64"),
      caption: "la página 3",
    };
    expect(await bench.sendPart(part)).toMatchObject({ kind: "sent" });
    expect(bench.standIn.sent(ANA).at(-1)).toMatchObject({
      text: "la página 3",
      media: [{ fileName: "gaceta.txt" }],
    });
    bench.standIn.failNextSend({ effect: "stay-pending" });
    const [question = {}] = bench.channel.render(textReply("¿llegó?"));
    const options = { signal: AbortSignal.timeout(60_000), outboxId: newOutboxId() };
    const { bot, channel } = bench;
    const outcome = await channel.send(bot, bench.chatKey(), question, options);
    expect(outcome).toMatchObject({ kind: "unknown" });
    const { id = "" } = bench.standIn.messages(ANA).at(-1) ?? {};
    bench.standIn.tick(id, "delivered");
    const look = () => channel.reconcile(bot, bench.chatKey(), question, options);
    await expect.poll(look).toMatchObject({ kind: "sent", networkMessageId: id });
  });

  it("catches up with what came while no process held it, each once", async () => {
    await bench.stop();
    const before = bench.accepted.length;
    bench.standIn.receive({ chat: ANA, text: "uno" });
    bench.standIn.receive({ chat: ANA, text: "dos" });
    bench.start();
    await bench.untilAccepted(before + 2);
    bench.standIn.receive({ chat: ANA, text: "tres" });
    await bench.untilAccepted(before + 3);
    expect(bench.texts().slice(before)).toEqual(["uno", "dos", "tres"]);
  });
});
