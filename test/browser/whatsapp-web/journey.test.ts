import { afterEach, describe, expect, it } from "vitest";
import { hasChromium } from "../chromium.ts";
import { openSessionBench, type SessionBench } from "./session-bench.ts";

const ANA = "50688887777@c.us";

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
});
