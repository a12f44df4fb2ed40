import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBrowser } from "../../../bots/whatsapp-web/session/browser.ts";
import { browserProcesses } from "../../../bots/whatsapp-web/session/process-tree.ts";
import { chromiumPath, hasChromium } from "../chromium.ts";
import { openSessionBench, type SessionBench } from "./session-bench.ts";

const ANA = "50688887777@c.us";
const BETO = "50688886666@c.us";

describe.skipIf(!hasChromium)("a session in trouble", () => {
  let bench: SessionBench;
  beforeEach(async () => {
    bench = await openSessionBench();
    bench.standIn.addChat(ANA, { name: "Ana Mora" });
    bench.standIn.addChat(BETO, { name: "Beto" });
    bench.start();
    await bench.untilState("ready");
    bench.standIn.receive({ chat: ANA, text: "uno" });
    await bench.untilAccepted(1);
  });
  afterEach(() => bench.close());

  const profile = () => `${bench.profilesDirectory}/${bench.bot.botId}`;

  it("keeps the account over a restart of the process, and takes in what was written meanwhile, once", async () => {
    await bench.stop();
    expect(await browserProcesses(profile())).toEqual([]);
    bench.standIn.receive({ chat: ANA, text: "dos" });
    bench.standIn.receive({ chat: BETO, text: "tres" });
    bench.standIn.receive({ chat: ANA, text: "cuatro" });
    bench.start();
    await bench.untilAccepted(4);
    await bench.untilState("ready");
    expect([...bench.texts()].sort()).toEqual(["cuatro", "dos", "tres", "uno"]);
    const ofAna = bench.accepted.filter(({ chat }) => chat.key === bench.chatKey());
    expect(ofAna.map(({ content }) => "text" in content && content.text)).toEqual([
      "uno",
      "dos",
      "cuatro",
    ]);
  });

  it("is ready again after its browser was killed, with nothing lost, doubled or left behind", async () => {
    const before = await browserProcesses(profile());
    expect(before.length).toBeGreaterThan(1);
    for (const pid of before) process.kill(pid, "SIGKILL");
    bench.standIn.receive({ chat: BETO, text: "dos" });
    await bench.untilAccepted(2);
    await bench.untilState("ready");
    expect(await bench.send("respuesta")).toMatchObject({ kind: "sent" });
    expect(bench.texts()).toEqual(["uno", "dos"]);
    expect(bench.standIn.sent(ANA)).toHaveLength(1);
    const now = await browserProcesses(profile());
    expect(now.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it("ends a browser that was left on the profile before it opens its own", async () => {
    await bench.stop();
    const left = await openBrowser({
      chromiumPath,
      profilesDirectory: bench.profilesDirectory,
      botId: bench.bot.botId,
      needsDebuggingPort: false,
    });
    const orphans = await left.processes();
    expect(orphans.length).toBeGreaterThan(1);
    bench.start();
    bench.standIn.receive({ chat: ANA, text: "dos" });
    await bench.untilAccepted(2);
    const now = await browserProcesses(profile());
    expect(now.filter((pid) => orphans.includes(pid))).toEqual([]);
  });

  it("starts anew when the page hangs", async () => {
    bench.standIn.crash("hang");
    await expect
      .poll(() => bench.told.join(" "), { timeout: 90_000 })
      .toContain("The page did not answer");
    bench.standIn.receive({ chat: BETO, text: "dos" });
    await bench.untilAccepted(2);
    expect(bench.texts()).toEqual(["uno", "dos"]);
  });
});
