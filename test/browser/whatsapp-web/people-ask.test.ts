import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium } from "../chromium.ts";
import { openSessionBench, type SessionBench } from "./session-bench.ts";

const ANA = "50688887777@c.us";

/** One account through a day of troubles, in this order: each test begins where the one before it ended. */
describe.skipIf(!hasChromium)("an account that people look after", () => {
  let bench: SessionBench;
  beforeAll(async () => {
    bench = await openSessionBench({ isLinked: false });
    bench.standIn.addChat(ANA, { name: "Ana Mora" });
    bench.standIn.receive({ chat: ANA, text: "de antes", atMs: Date.now() - 600_000 });
    bench.start();
    await bench.untilState("waiting-for-scan");
  });
  afterAll(() => bench.close());

  it("is linked by a pairing code, and leaves alone what was written before", async () => {
    expect(await bench.ask({ kind: "pairing-code", phone: "+506 2222-3333" })).toMatchObject({
      isDone: true,
    });
    await expect.poll(() => bench.readCode()).toMatchObject({ kind: "pairing-code" });
    bench.standIn.enterPairingCode((await bench.readCode())?.content ?? "");
    await bench.untilState("ready");
    bench.standIn.receive({ chat: ANA, text: "hola" });
    await bench.untilAccepted(1);
    expect(bench.texts()).toEqual(["hola"]);
  });

  it("shows a redacted picture of its page", async () => {
    const answer = await bench.ask({ kind: "screenshot", isRedacted: true });
    expect(answer?.isDone).toBe(true);
    expect(
      Buffer.from(answer?.png ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  it("keeps what is queued while WhatsApp restricts it", async () => {
    bench.standIn.restrict();
    await bench.untilState("restricted");
    expect(await bench.send("ahora no")).toMatchObject({
      kind: "refused",
      reason: "restricted",
      retry: { afterMs: expect.any(Number) },
    });
    bench.standIn.restrict(undefined, false);
    await bench.untilState("ready");
    expect(await bench.send("ahora sí")).toMatchObject({ kind: "sent" });
    expect(bench.standIn.sent(ANA).map(({ text }) => text)).toEqual(["ahora sí"]);
  });

  it("tells what somebody writes from the phone, and of nothing that it sent itself", async () => {
    const id = bench.standIn.sendFromPhone(ANA, "Le atiendo yo");
    await expect.poll(() => bench.phoneReplies.length).toBeGreaterThan(0);
    const [reply] = bench.phoneReplies;
    expect(reply).toMatchObject({ chatKey: bench.chatKey(), text: "Le atiendo yo" });
    expect(id).toContain(reply?.networkMessageId);
    expect(new Set(bench.phoneReplies.map(({ text }) => text))).toEqual(new Set(["Le atiendo yo"]));
  });

  it("leaves the account to another window until it is told to use it here", async () => {
    bench.standIn.conflict();
    await bench.untilState("conflict");
    expect(await bench.send("no")).toMatchObject({ kind: "refused", reason: "session-conflict" });
    bench.standIn.receive({ chat: ANA, text: "mientras tanto" });
    expect(await bench.ask({ kind: "use-here" })).toMatchObject({ isDone: true });
    await bench.untilState("ready");
    await bench.untilAccepted(2);
    expect(bench.texts()).toEqual(["hola", "mientras tanto"]);
  });

  it("stops and stays so until it is resumed", async () => {
    expect(await bench.ask({ kind: "stop" })).toMatchObject({ isDone: true });
    await bench.untilState("stopped");
    await bench.stop();
    bench.start();
    expect(await bench.ask({ kind: "screenshot", isRedacted: true })).toMatchObject({
      isDone: false,
    });
    expect((await bench.report())?.state).toBe("stopped");
    await bench.ask({ kind: "resume" });
    await bench.untilState("ready");
  });

  it("asks for a scan again when the phone logs it out, and goes on where it was", async () => {
    bench.standIn.logOut();
    await bench.untilState("waiting-for-scan");
    bench.standIn.receive({ chat: ANA, text: "¿hay alguien?" });
    await bench.scan();
    await bench.untilState("ready");
    await bench.untilAccepted(3);
    expect(bench.texts()).toEqual(["hola", "mientras tanto", "¿hay alguien?"]);
  });

  it("is logged out here when a person says so", async () => {
    expect(await bench.ask({ kind: "log-out" })).toMatchObject({ isDone: true });
    await bench.untilState("logged-out");
    expect(bench.standIn.tabCount()).toBe(0);
  });
});
