import { afterEach, describe, expect, it } from "vitest";
import { hasChromium } from "../chromium.ts";
import { openSessionBench, type SessionBench } from "./session-bench.ts";

const ANA = "50688887777@c.us";
const GROUP = "120363000000000001@g.us";

describe.skipIf(!hasChromium)("a session of WhatsApp Web", () => {
  let bench: SessionBench;
  afterEach(() => bench.close());

  it("is linked by a scan, takes a message in, answers it, and tells what became of the answer", async () => {
    bench = await openSessionBench({ isLinked: false });
    bench.start();
    await bench.untilState("waiting-for-scan");
    await bench.scan();
    await bench.untilState("ready");
    expect(await bench.readCode()).toBeUndefined();
    bench.standIn.addChat(ANA, { name: "Ana Mora" });
    const id = bench.standIn.receive({ chat: ANA, text: "¿Qué se publicó hoy?" });
    await bench.untilAccepted(1);
    expect(bench.accepted[0]).toMatchObject({
      updateKey: id,
      chat: { kind: "private" },
      content: { kind: "text", text: "¿Qué se publicó hoy?" },
    });
    const outcome = await bench.send("Buenas tardes.\nHoy se publicó 👩‍👩‍👧‍👦 un *decreto*.");
    expect(outcome).toMatchObject({ kind: "sent" });
    const [sent] = bench.standIn.sent(ANA);
    expect(sent).toMatchObject({
      text: "Buenas tardes.\nHoy se publicó 👩‍👩‍👧‍👦 un ∗\u2060decreto∗\u2060.",
    });
    expect(outcome).toMatchObject({ networkMessageId: sent?.id });
    bench.standIn.tick(sent?.id ?? "", "read");
    await expect
      .poll(() => bench.receipts.filter(({ networkMessageId }) => networkMessageId === sent?.id))
      .toContainEqual(expect.objectContaining({ status: "read" }));
  });

  it("keeps a voice note for the answer, and hears a group only when it is meant", async () => {
    bench = await openSessionBench();
    bench.standIn.addChat(ANA, { name: "Ana Mora" });
    bench.standIn.addChat(GROUP, {
      name: "Barrio Escalante",
      participants: [
        { jid: ANA, lid: "1001@lid", name: "Ana Mora", isSaved: true },
        { jid: "50688886666@c.us", lid: "1002@lid", name: "Beto", isSaved: true },
      ],
    });
    bench.start();
    await bench.untilState("ready");
    bench.standIn.receive({ chat: ANA, media: { kind: "voice" } });
    await bench.untilAccepted(1);
    const [voice] = bench.accepted;
    expect(voice?.content).toMatchObject({ kind: "media", media: "voice" });
    const fileKey = voice?.content.kind === "media" ? voice.content.fileKey : undefined;
    const bytes = await bench.channel.downloadFile(bench.bot, fileKey ?? "", {
      maxBytes: 1_000_000,
      signal: AbortSignal.timeout(5_000),
    });
    expect(bytes.length).toBeGreaterThan(0);
    bench.standIn.receive({ chat: GROUP, from: "Beto", text: "buenas" });
    bench.standIn.receive({ chat: GROUP, from: "Beto", text: "¿qué hay?", mention: ["me"] });
    await bench.untilAccepted(3);
    expect(bench.accepted.slice(1)).toMatchObject([
      { chat: { kind: "group" }, isAddressed: false, content: { text: "buenas" } },
      {
        chat: { kind: "group" },
        sender: { displayName: "Beto" },
        isAddressed: true,
        content: { text: "¿qué hay?" },
      },
    ]);
  });
});
