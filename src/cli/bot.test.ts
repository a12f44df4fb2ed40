import { mkdtempSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import type { LinkCode, SessionReport } from "../core/session.ts";
import { drawQrLines } from "../qr-code.ts";
import { watchLink } from "./link.ts";
import type { AddedBot, CommandPorts, SessionView } from "./ports.ts";
import { type ProgramActions, runProgram } from "./program.ts";
import { describeSession } from "./session.ts";

const ID = "0190a1b2-0000-7000-8000-000000000000";
const WEB: AddedBot = {
  botId: ID,
  botKey: "k",
  channel: "whatsapp-web",
  name: "Municipalidad",
  username: undefined,
};
const AT = "2026-11-21T19:20:00.000Z";
const clock = { now: () => new Date("2026-11-21T19:23:00.000Z") };

function report(over: Partial<SessionReport> = {}): SessionReport {
  return {
    state: "waiting-for-scan",
    since: AT,
    checkedAt: "2026-11-21T19:22:56.000Z",
    evidence: "WhatsApp Web shows a QR code.",
    engine: "dom",
    restarts: 0,
    ...over,
  };
}

function view(over: Partial<SessionView> = {}): SessionView {
  const base = { bot: WEB, isAttended: true, canBeHeld: true };
  return { ...base, report: report(), code: undefined, ...over };
}

function code(over: Partial<LinkCode> = {}): LinkCode {
  const expiresAt = "2026-11-21T19:23:20.000Z";
  return { kind: "qr", content: "2@abc", expiresAt, attempt: 1, attempts: 5, ...over };
}

function printer() {
  const seen = { result: "", progress: "", drawn: [] as (readonly string[])[] };
  const out = {
    result(text: string) {
      seen.result += `${text}\n`;
    },
    progress(text: string) {
      seen.progress += `${text}\n`;
    },
    draw: (lines: readonly string[]) => void seen.drawn.push(lines),
  };
  return { seen, out };
}

/** Runs the program with these commands, and records what they were called with. */
async function run(
  args: readonly string[],
  over: Partial<CommandPorts> = {},
  asks: Partial<ProgramActions> = {},
) {
  const { seen, out } = printer();
  const calls: (readonly [string, unknown])[] = [];
  const ports: Partial<CommandPorts> = {
    async addBot(input) {
      calls.push(["addBot", input]);
      return { ...WEB, channel: input.channel };
    },
    async readSession(input) {
      calls.push(["readSession", input]);
      return view({ report: report({ state: "ready" }) });
    },
    async askSession(input) {
      calls.push(["askSession", input]);
      return { outcome: "Done.", isDone: true, image: undefined };
    },
    async linkSession(input) {
      calls.push(["linkSession", input]);
      return { url: "http://127.0.0.1:8080/sessions/t", path: "/sessions/t", expiresAt: AT };
    },
    ...over,
  };
  const actions: ProgramActions = {
    loadConfig() {
      const read = readConfig({ env: {}, readFile: () => undefined });
      if (read.kind === "problems") throw new Error("configuration");
      return read.config;
    },
    start: async () => 0,
    migrate: async () => [],
    evaluate: async () => 0,
    withCommands: (_config, use) => use(ports as CommandPorts),
    readSecrets: async (labels) => labels.map((label) => `typed ${label}`),
    confirm: async () => undefined,
    ...asks,
  };
  const signal = new AbortController().signal;
  const exitCode = await runProgram(args, { actions, version: "1.2.3", out, signal });
  return { exitCode, ...seen, calls };
}

describe("bot add telegram", () => {
  it("asks for a token that was not given, so that it need not stand in the shell's history", async () => {
    const calls: unknown[] = [];
    const { result } = await run(["bot", "add", "telegram"], {
      addBot: async (input) => {
        calls.push(["addBot", input]);
        return { ...WEB, channel: "telegram", username: "gaceta_bot" };
      },
    });
    expect(calls).toEqual([
      ["addBot", { channel: "telegram", name: "", secrets: { token: "typed Token" } }],
    ]);
    expect(result).toContain("@gaceta_bot");
    expect(result).not.toContain("typed");
  });
});

describe("bot add whatsapp-web", () => {
  it("says that the number may be lost, and adds nothing until a person accepts that", async () => {
    const piped = await run(["bot", "add", "whatsapp-web"]);
    expect(piped.exitCode).toBe(64);
    expect(piped.progress).toContain("against WhatsApp's terms");
    expect(piped.progress).toContain("bot add whatsapp-cloud");
    expect(piped.progress).toContain("--accept-terms-risk");
    const refused = await run(["bot", "add", "whatsapp-web"], {}, { confirm: async () => false });
    expect([refused.exitCode, refused.calls]).toEqual([64, []]);
  });

  it("adds it with its engine, tells of the page, and ends when the account is linked", async () => {
    const args = ["bot", "add", "whatsapp-web", "--accept-terms-risk", "--engine", "modules"];
    args.push("--set", "partsPerDay=500", "--set", "timeZone=America/Costa_Rica");
    const { exitCode, result, progress, calls } = await run([...args, "--name", "Municipalidad"]);
    expect(exitCode).toBe(0);
    expect(calls[0]).toEqual([
      "addBot",
      {
        channel: "whatsapp-web",
        name: "Municipalidad",
        settings: { engine: "modules", partsPerDay: "500", timeZone: "America/Costa_Rica" },
      },
    ]);
    expect(progress).toContain("for 15 minutes: http://127.0.0.1:8080/sessions/t");
    expect(result).toContain('"Municipalidad" is linked and ready');
  });

  it.each(["partsPerDay=many", "quietHours=night", "timeZone=Mars/Olympus", "stealth=on", "x"])(
    "refuses the setting %s",
    async (setting) => {
      const args = ["bot", "add", "whatsapp-web", "--accept-terms-risk", "--set", setting];
      const { exitCode, calls, progress } = await run(args);
      expect([exitCode, calls]).toEqual([64, []]);
      expect(progress).toContain("Known: partsPerMinute");
    },
  );

  it("asks for a pairing code when a phone is given, as people write its number", async () => {
    const args = ["bot", "add", "whatsapp-web", "--accept-terms-risk"];
    const starting = report({ state: "starting", evidence: "The browser starts." });
    const views = [
      view({ report: starting }),
      view({ report: starting }),
      view({ code: code() }),
      view({ code: code({ kind: "pairing-code", content: "ABCD1234" }) }),
    ];
    const linked = view({ report: report({ state: "ready" }) });
    const { calls, result, drawn } = await run([...args, "--phone", "+506 8888-0000"], {
      readSession: async () => views.shift() ?? linked,
    });
    expect(result).toContain("Pairing code: ABCD-1234");
    expect(drawn).toEqual([]);
    expect(calls).toContainEqual([
      "askSession",
      { bot: ID, request: { kind: "pairing-code", phone: "50688880000" } },
    ]);
    const wrong = await run([...args, "--phone", "8888"]);
    expect([wrong.exitCode, wrong.calls]).toEqual([64, []]);
  });

  it("does not wait with --no-wait, nor where no server runs", async () => {
    const args = ["bot", "add", "whatsapp-web", "--accept-terms-risk"];
    const quick = await run([...args, "--no-wait"]);
    expect(quick.exitCode).toBe(0);
    expect(quick.result).toContain(`pregonero bot link ${ID}`);
    const alone = await run(args, { readSession: async () => view({ canBeHeld: false }) });
    expect(alone.exitCode).toBe(0);
    expect(alone.result).toContain("Now start Pregonero");
  });
});

describe("bot add whatsapp-cloud", () => {
  const args = ["bot", "add", "whatsapp-cloud", "--phone-number-id", "106540352242922"];

  it("asks for its secrets, and prints what to paste at Meta", async () => {
    const { exitCode, result } = await run(args, {
      addBot: async (input) => ({
        ...WEB,
        channel: input.channel,
        webhook: {
          url: "https://gaceta.example.org/webhooks/whatsapp/k",
          path: "/webhooks/whatsapp/k",
          verifyToken: "v3r1fy",
        },
      }),
    });
    expect(exitCode).toBe(0);
    expect(result).toMatch(/Callback URL +https:\/\/gaceta\.example\.org\/webhooks\/whatsapp\/k/);
    expect(result).toMatch(/Verify token +v3r1fy/);
    expect(result).not.toContain("typed");
  });

  it("refuses to go on without them", async () => {
    const none = await run(args, {}, { readSecrets: async () => ["token", undefined] });
    expect([none.exitCode, none.calls]).toEqual([64, []]);
    const without = await run(["bot", "add", "whatsapp-cloud"]);
    expect(without.progress).toContain("--phone-number-id");
  });
});

describe("bot link", () => {
  it("wakes a parked session before it waits for its code", async () => {
    const views = [report({ state: "parked" }), report({ state: "ready" })];
    const { exitCode, calls } = await run(["bot", "link", ID], {
      readSession: async () => view({ report: views.length > 1 ? views.shift() : views[0] }),
    });
    expect(exitCode).toBe(0);
    expect(calls).toContainEqual(["askSession", { bot: ID, request: { kind: "resume" } }]);
  });
});

describe("while a code is shown", () => {
  /** Watches a session that looks like each of these in turn. */
  async function watch(views: SessionView[], signal = new AbortController().signal) {
    const { seen, out } = printer();
    const readSession: CommandPorts["readSession"] = async () => {
      signal.throwIfAborted();
      return views.length > 1 ? (views.shift() as SessionView) : (views[0] as SessionView);
    };
    const context = { signal, onProgress() {} };
    const options = { clock: ticking(), everyMs: 1 };
    const exitCode = await watchLink({ readSession, askSession }, ID, context, out, options);
    return { exitCode, ...seen };
  }

  const askSession: CommandPorts["askSession"] = async () => {
    throw new Error("nothing is asked");
  };

  /** Ten seconds go by between two looks. */
  function ticking() {
    let at = Date.parse("2026-11-21T19:22:50.000Z");
    return {
      now() {
        at += 10_000;
        return new Date(at);
      },
    };
  }

  it("each is drawn once, with how long it lasts, until the account is linked", async () => {
    const { exitCode, drawn, progress } = await watch([
      view({ report: undefined, isAttended: false }),
      view({ code: code() }),
      view({ code: code() }),
      view({ code: code({ content: "2@def", attempt: 2 }) }),
      view({ report: report({ state: "connecting", evidence: "The phone scanned." }) }),
      view({ report: report({ state: "ready" }) }),
    ]);
    expect(exitCode).toBe(0);
    expect(drawn).toEqual([drawQrLines("2@abc"), drawQrLines("2@def")]);
    expect(progress).toMatch(/Code 1 of 5, valid for \d+ s\. On the phone: WhatsApp → Linked/);
    expect(progress).toContain("connecting: The phone scanned.");
  });

  it("a pairing code is spelled as the phone asks for it", async () => {
    const { result, drawn } = await watch([
      view({ code: code({ kind: "pairing-code", content: "ABCD1234" }) }),
      view({ report: report({ state: "ready" }) }),
    ]);
    expect(result).toContain("Pairing code: ABCD-1234");
    expect(drawn).toEqual([]);
  });

  it("nobody scanning five ends it, with what to do", async () => {
    const action = "Run: pregonero bot link …";
    const { exitCode, result } = await watch([
      view({ code: code({ attempt: 5 }) }),
      view({
        report: report({ state: "parked", since: "2026-11-21T19:23:00.000Z", action }),
      }),
    ]);
    expect(exitCode).toBe(1);
    expect(result).toContain("parked");
    expect(result).toContain(`What to do: ${action}`);
  });

  it("no process having the account is told, and ends it after a while", async () => {
    const stale = view({ isAttended: false });
    const { seen, out } = printer();
    const context = { signal: new AbortController().signal, onProgress() {} };
    const ports = { readSession: async () => stale, askSession };
    const watching = watchLink(ports, ID, context, out, { clock: ticking(), everyMs: 1 });
    await expect(watching).rejects.toMatchObject({ code: "session-unattended", retry: "backoff" });
    expect(seen.progress.match(/No process has taken/g)).toHaveLength(1);
  });

  it("Ctrl-C ends it, and the bot stays", async () => {
    const aborter = new AbortController();
    aborter.abort();
    const { exitCode, progress } = await watch([view()], aborter.signal);
    expect(exitCode).toBe(130);
    expect(progress).toContain("The bot stays");
  });
});

describe("bot session", () => {
  it("tells the state with its evidence, and what to do", () => {
    const text = describeSession(
      view({
        report: report({
          action: "Scan the code: pregonero bot link",
          pack: "d/3",
          browserPid: 4_711,
          memoryMegabytes: 311.6,
          lastInboundAt: "2026-11-21T18:23:00.000Z",
        }),
      }),
      clock.now(),
    );
    expect(text).toMatch(/state +waiting-for-scan since 2026-11-21 19:20:00 UTC, 3 min ago/);
    expect(text).toMatch(/seen +WhatsApp Web shows a QR code\./);
    expect(text).toMatch(/to do +Scan the code/);
    expect(text).toMatch(/engine +dom, pack d\/3/);
    expect(text).toMatch(/last message in +2026-11-21 18:23:00 UTC, 60 min ago/);
    expect(text).toMatch(/last send acknowledged +never/);
    expect(text).toMatch(/browser +process 4711, 312 MB; 0 restarts/);
  });

  it("does not pass off what a dead process said as the state", () => {
    const text = describeSession(view({ isAttended: false }), clock.now());
    expect(text).toContain("NO PROCESS TELLS OF IT ANY MORE");
    expect(text).toMatch(/to do +Check that `pregonero start` runs/);
  });

  it("gives the report to machines", async () => {
    const { result } = await run(["bot", "session", ID, "--json"]);
    expect(JSON.parse(result)).toMatchObject({ isAttended: true, session: { state: "ready" } });
  });
});

describe("what is asked of a session", () => {
  it.each(["restart", "resume", "stop", "use-here"])("%s goes to its process", async (kind) => {
    const { exitCode, result, calls } = await run(["bot", kind, ID]);
    expect([exitCode, result]).toEqual([0, "Done.\n"]);
    expect(calls).toEqual([["askSession", { bot: ID, request: { kind } }]]);
  });

  it("log-out, which needs the phone again, is asked about first", async () => {
    expect((await run(["bot", "log-out", ID])).calls).toEqual([]);
    const { calls } = await run(["bot", "log-out", ID, "--yes"]);
    expect(calls).toEqual([["askSession", { bot: ID, request: { kind: "log-out" } }]]);
  });

  it("fails when its process could not do it", async () => {
    const { exitCode, result } = await run(["bot", "use-here", ID], {
      askSession: async () => ({ outcome: "No conflict.", isDone: false, image: undefined }),
    });
    expect([exitCode, result]).toEqual([1, "No conflict.\n"]);
  });

  it("a screenshot is written for its owner's eyes only", async () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "pregonero-shot-")), "page.png");
    const image = Buffer.from("a picture").toString("base64");
    const calls: unknown[] = [];
    const { exitCode } = await run(["bot", "screenshot", ID, "--redacted", "-o", file], {
      async askSession(input) {
        calls.push(["askSession", input]);
        return { outcome: "Taken.", isDone: true, image };
      },
    });
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      ["askSession", { bot: ID, request: { kind: "screenshot", isRedacted: true } }],
    ]);
    expect(readFileSync(file, "utf8")).toBe("a picture");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
