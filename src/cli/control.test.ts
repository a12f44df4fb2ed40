import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { PregoneroError } from "../core/errors.ts";
import { silentLogger } from "../core/logger.ts";
import { createControlClient, readControlFile } from "./control-client.ts";
import { CONTROL_FILE, controlFile } from "./control-protocol.ts";
import { openControlServer } from "./control-server.ts";
import type { CommandContext, CommandPorts, CommandProgress } from "./ports.ts";
import { withCommands } from "./with-commands.ts";

const REPORT = {
  source: "boe",
  outcome: "stored",
  publishedOn: "2024-04-15",
  pageCount: 2,
  ocrPageCount: 0,
  actCount: 1,
  seconds: 0.5,
} as const;

/** An installation whose `ingest` can be watched and held back; the other commands refuse. */
function commands(over: Partial<CommandPorts> = {}): CommandPorts {
  const refuse = () => Promise.reject(new PregoneroError("not-here", "Not in this test."));
  return {
    ask: refuse,
    passport: async () => [],
    listBots: async () => [],
    addBot: refuse,
    removeBot: refuse,
    readSession: refuse,
    askSession: refuse,
    linkSession: refuse,
    listKeys: async () => [],
    addKey: refuse,
    revokeKey: async () => ({ revoked: true }),
    listDeadLetters: async () => [],
    retryDeadLetter: refuse,
    dropDeadLetter: refuse,
    listAssistants: async () => [],
    saveAssistant: refuse,
    removeAssistant: refuse,
    useAssistant: refuse,
    listModels: async () => [],
    listDocuments: async () => [],
    addDocument: refuse,
    removeDocument: refuse,
    reindexDocument: refuse,
    listCollectedSources: refuse,
    addSource: refuse,
    pauseSource: refuse,
    removeSource: refuse,
    collectSource: refuse,
    backfillSource: refuse,
    showCalendar: refuse,
    listPublications: refuse,
    listTargets: refuse,
    publishNow: refuse,
    stepPublication: refuse,
    listPlans: refuse,
    setPlan: refuse,
    removePlan: refuse,
    assignPlan: refuse,
    listPrompts: refuse,
    addPrompt: refuse,
    estimatePrompt: refuse,
    runPrompt: refuse,
    listPromptRuns: refuse,
    showPromptRun: refuse,
    approvePromptRun: refuse,
    rejectPromptRun: refuse,
    retryPromptRun: refuse,
    showSpending: refuse,
    setBudget: refuse,
    topUp: refuse,
    verifyAudit: refuse,
    keyStatus: refuse,
    rotateKeys: refuse,
    addUser: refuse,
    listUsers: refuse,
    setUserDisabled: refuse,
    resetUserPassword: refuse,
    doctor: async () => [],
    async ingest(_input, { onProgress }) {
      onProgress({ step: "read", done: 1, total: 2 });
      onProgress({ step: "read", done: 2, total: 2 });
      return REPORT;
    },
    ...over,
  };
}

/** A promise and the function that fulfils it. */
function gate() {
  let resolve = () => {};
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(ports: CommandPorts) {
  const dataDirectory = mkdtempSync(path.join(os.tmpdir(), "pregonero-control-"));
  const server = await openControlServer({ dataDirectory, ports, logger: silentLogger });
  closers.push(() => server.close());
  const file = readControlFile(dataDirectory);
  if (file === undefined) throw new Error("no control file");
  return { dataDirectory, server, file, client: createControlClient(file) };
}

function context(
  signal = new AbortController().signal,
): CommandContext & { seen: CommandProgress[] } {
  const seen: CommandProgress[] = [];
  return { signal, seen, onProgress: (progress) => void seen.push(progress) };
}

function post(
  file: { url: string; token: string },
  command: string,
  body: string,
  token = file.token,
) {
  return fetch(`${file.url}/${command}`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${token}` },
  });
}

describe("a command through the running server", () => {
  it("gives its progress as it comes, then its result", async () => {
    const { client } = await serve(commands());
    const watched = context();
    expect(await client.ingest({ location: "/x.pdf" }, watched)).toEqual(REPORT);
    expect(watched.seen).toEqual([
      { step: "read", done: 1, total: 2 },
      { step: "read", done: 2, total: 2 },
    ]);
  });

  it("fails with the code and the sentence of the server's error", async () => {
    const { client } = await serve(commands());
    await expect(client.ask({ question: "¿?" }, context())).rejects.toMatchObject({
      code: "not-here",
      message: "Not in this test.",
    });
  });

  it("tells nothing of an unexpected error but where its reason is", async () => {
    const ports = commands({ passport: () => Promise.reject(new Error("geheim")) });
    const { client } = await serve(ports);
    await expect(client.passport({ id: "1" }, context())).rejects.toThrow(/its log has the reason/);
  });

  it("is aborted at the server when the caller gives up", async () => {
    const started = gate();
    const aborted = gate();
    const { client } = await serve(
      commands({
        ingest: (_input, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              aborted.resolve();
              reject(signal.reason);
            });
            started.resolve();
          }),
      }),
    );
    const aborter = new AbortController();
    const call = client.ingest({ location: "/x.pdf" }, context(aborter.signal));
    await started.promise;
    aborter.abort();
    await expect(call).rejects.toThrow();
    await aborted.promise;
  });
});

describe("what the control server refuses", () => {
  it("a caller without the token, before it looks at anything else", async () => {
    const { file } = await serve(commands());
    expect((await post(file, "listBots", "{}", "x".repeat(43))).status).toBe(401);
    expect((await fetch(`${file.url}/listBots`)).status).toBe(401);
  });

  it("unknown commands, and inputs that do not fit", async () => {
    const { file } = await serve(commands());
    expect((await post(file, "rm", "{}")).status).toBe(404);
    expect((await post(file, "constructor", "{}")).status).toBe(404);
    expect((await post(file, "ask", "{}")).status).toBe(400);
    expect((await post(file, "ask", "no json")).status).toBe(400);
    expect((await post(file, "ask", JSON.stringify({ question: "x", date: "heute" }))).status).toBe(
      400,
    );
    expect((await post(file, "ask", `{"question":"${"x".repeat(70_000)}"}`)).status).toBe(400);
  });

  it("everybody but its owner: the file is readable by the owner alone and goes with the server", async () => {
    const { dataDirectory, server } = await serve(commands());
    const file = path.join(dataDirectory, CONTROL_FILE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    controlFile.parse(JSON.parse(readFileSync(file, "utf8")));
    closers.pop();
    await server.close();
    expect(readControlFile(dataDirectory)).toBeUndefined();
  });
});

describe("withCommands", () => {
  const out = { result() {}, progress() {}, draw() {} };
  const signal = new AbortController().signal;
  const configOf = (dataDirectory: string) => {
    const result = readConfig({ env: { DATA_DIR: dataDirectory }, readFile: () => undefined });
    if (result.kind === "problems") throw new Error("configuration");
    return result.config;
  };

  it("uses the running server when there is one", async () => {
    const { dataDirectory } = await serve(commands());
    const open = () => Promise.reject(new Error("opened although a server runs"));
    const options = { config: configOf(dataDirectory), open, out, signal };
    const use = async (ports: CommandPorts) =>
      (await ports.ingest({ location: "/x.pdf" }, context())).pageCount;
    expect(await withCommands(options, use)).toBe(2);
  });

  it("opens the installation when the control file is of a server that died", async () => {
    const dataDirectory = mkdtempSync(path.join(os.tmpdir(), "pregonero-control-"));
    const dead = { url: "http://127.0.0.1:1", token: "x".repeat(43), pid: 999_999 };
    writeFileSync(path.join(dataDirectory, CONTROL_FILE), JSON.stringify(dead));
    let isClosed = false;
    const open = async () => ({
      ports: commands(),
      close: async () => {
        isClosed = true;
      },
    });
    const options = { config: configOf(dataDirectory), open, out, signal };
    expect(
      await withCommands(options, async (ports) => (await ports.listBots({}, context())).length),
    ).toBe(0);
    expect(isClosed).toBe(true);
  });

  it("waits for a server that holds the directory and is still starting", async () => {
    const dataDirectory = mkdtempSync(path.join(os.tmpdir(), "pregonero-control-"));
    const open = async () => {
      const server = await openControlServer({
        dataDirectory,
        ports: commands(),
        logger: silentLogger,
      });
      closers.push(() => server.close());
      throw new PregoneroError("data-directory-busy", "busy");
    };
    const options = { config: configOf(dataDirectory), open, out, signal };
    expect(await withCommands(options, async () => 7)).toBe(7);
  });
});
