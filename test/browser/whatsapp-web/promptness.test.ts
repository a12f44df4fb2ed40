import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasChromium } from "../chromium.ts";
import { openSessionBench, type SessionBench } from "./session-bench.ts";

const ANA = "50688887777@c.us";
const BETO = "50688886666@c.us";
/** The pass that finds what no change of the page told comes a minute after the start. */
const BEFORE_THE_PASS_MS = 30_000;

describe.skipIf(!hasChromium)("a session that is told of a message by the page", () => {
  let bench: SessionBench;
  beforeEach(async () => {
    bench = await openSessionBench();
    bench.standIn.addChat(ANA, { name: "Ana Mora" });
    bench.standIn.addChat(BETO, { name: "Beto" });
    bench.start();
    await bench.untilState("ready");
    bench.standIn.receive({ chat: ANA, text: "hola" });
    await bench.untilAccepted(1);
  });
  afterEach(() => bench.close());

  it("reads what came while the page loaded itself anew as soon as the list is drawn", async () => {
    const startedAt = performance.now();
    bench.standIn.reload();
    bench.standIn.receive({ chat: BETO, text: "dos" });
    await bench.untilAccepted(2);
    expect(performance.now() - startedAt).toBeLessThan(BEFORE_THE_PASS_MS);
    expect(bench.texts()).toEqual(["hola", "dos"]);
  });

  it("reads the same words of the same person again, with another chat open meanwhile", async () => {
    const startedAt = performance.now();
    bench.standIn.receive({ chat: BETO, text: "dos" });
    await bench.untilAccepted(2);
    bench.standIn.receive({ chat: ANA, text: "hola" });
    await bench.untilAccepted(3);
    expect(performance.now() - startedAt).toBeLessThan(BEFORE_THE_PASS_MS);
    expect(bench.texts()).toEqual(["hola", "dos", "hola"]);
  });
});
