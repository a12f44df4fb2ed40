import { setTimeout as pause } from "node:timers/promises";
import type { SessionReport } from "../../src/core/session.ts";
import type { EphemeralPostgres } from "../services/harness/postgres.ts";
import type { ServerProcess } from "../services/harness/server-process.ts";
import { openWhatsAppCell, type WhatsAppCell, type WhatsAppEngine } from "./whatsapp-cell.ts";

export interface FaultVerdict {
  /** Messages without an answer that arrived or is marked unknown. */
  readonly lost: number;
  /** Messages answered more than once. */
  readonly doubled: number;
  readonly unknown: number;
  /** Processes of browsers that are left when the session has ended. */
  readonly orphans: number;
  /** Of all strikes, in their order. */
  readonly secondsToReady: readonly number[];
  readonly limitSeconds: number;
  /** What else should have been, and was not. */
  readonly remark?: string;
  /** Of what was not answered once, waits or is in doubt: what the network and the ledgers have of it. */
  readonly examples: readonly string[];
}

export interface WhatsAppFault {
  readonly name: string;
  /** From the fault (or the person's help) to `ready`. */
  readonly limitSeconds: number;
  /** Also struck again and again, as the acceptance figures ask. */
  readonly isRepeated?: true;
  /** Does the harm; resolves with the time from which the seconds count. */
  strike(scene: Scene): Promise<Struck>;
}

interface Scene {
  readonly cell: WhatsAppCell;
  readonly before: SessionReport;
  readonly line: () => ServerProcess;
  /** Another process of the line, in the place of one that died. */
  readonly restart: () => void;
}

interface Struck {
  readonly atMs: number;
  /** Tells the recovered session from the one before. */
  readonly isBack: (report: SessionReport) => boolean;
  readonly remark?: (after: SessionReport) => string | undefined;
}

const READY_MS = 120_000;
const SETTLE_MS = 120_000;
const CHATS = 5;
const MAX_EXAMPLES = 8;
/** Two answers in three seconds, with bursts merged: a session that is struck again and again keeps up with that. */
const EVERY_MS = 800;

/** People write all the time; the fault strikes in the midst, `times` times; everything is answered in the end. */
export async function runWhatsAppFault(
  postgres: EphemeralPostgres,
  fault: WhatsAppFault,
  options: {
    readonly engine: WhatsAppEngine;
    readonly chromiumPath: string;
    /** As many at least: people write until the last strike is over. */
    readonly messages: number;
    readonly times: number;
  },
): Promise<FaultVerdict> {
  const { engine, chromiumPath, messages, times } = options;
  const cell = await openWhatsAppCell(postgres, { engine, chromiumPath, answers: true });
  try {
    const line = startLine(cell);
    await cell.untilReport(({ state }) => state === "ready", READY_MS);
    let isStruck = false;
    const talking = talk(cell, (said) => said < messages || !isStruck);
    const secondsToReady: number[] = [];
    const remarks: (string | undefined)[] = [];
    try {
      for (let strike = 0; strike < times; strike++) {
        await cell.standIn.untilSent(cell.standIn.sent().length + 3);
        const struck = await strikeOnce(cell, fault, line);
        secondsToReady.push(struck.seconds);
        remarks.push(struck.remark);
      }
    } finally {
      isStruck = true;
    }
    const tokens = await talking;
    await untilAnswered(cell, tokens);
    const { open, unknown } = await cell.backlog();
    const examples = await findExamples(cell, tokens);
    const noted = open > 0 ? `${open} still wait` : remarks.find((remark) => remark !== undefined);
    const orphans = await cell.stop();
    return {
      ...count(cell, tokens, unknown + open),
      unknown,
      orphans,
      secondsToReady,
      limitSeconds: fault.limitSeconds,
      examples,
      ...(noted !== undefined && { remark: noted }),
    };
  } finally {
    await cell.close();
  }
}

/** The process that runs the line, and another in its place when it died. */
function startLine(cell: WhatsAppCell): Pick<Scene, "line" | "restart"> {
  let line = cell.start();
  return {
    line: () => line,
    restart: () => {
      line = cell.start();
    },
  };
}

async function strikeOnce(
  cell: WhatsAppCell,
  fault: WhatsAppFault,
  line: Pick<Scene, "line" | "restart">,
): Promise<{ readonly seconds: number; readonly remark: string | undefined }> {
  const before = await cell.untilReport(({ state }) => state === "ready", READY_MS);
  const { atMs, isBack, remark } = await fault.strike({ cell, before, ...line });
  const after = await cell.untilReport(isBack, READY_MS);
  return { seconds: (Date.now() - atMs) / 1_000, remark: remark?.(after) };
}

async function talk(
  { standIn }: WhatsAppCell,
  goesOn: (said: number) => boolean,
): Promise<readonly string[]> {
  const tokens: string[] = [];
  while (goesOn(tokens.length)) {
    const token = `f${tokens.length}x`;
    standIn.receive({
      chat: `5068800000${tokens.length % CHATS}@c.us`,
      text: `${token} ¿qué hay?`,
    });
    tokens.push(token);
    await pause(EVERY_MS);
  }
  return tokens;
}

/** Until each is answered, or nothing was for a while; what is left then is counted as lost. */
async function untilAnswered(cell: WhatsAppCell, tokens: readonly string[]): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let deadline = 0;
  for (;;) {
    const { open, unknown } = await cell.backlog();
    const missing = tokens.filter((token) => timesSaid(cell, token) === 0).length;
    if (open === 0 && missing <= unknown) break;
    if (missing < fewest) deadline = performance.now() + SETTLE_MS;
    fewest = Math.min(fewest, missing);
    if (performance.now() > deadline) break;
    await pause(250);
  }
  // What is doubled comes after the last one that was waited for.
  await pause(3_000);
}

function timesSaid({ standIn }: WhatsAppCell, token: string): number {
  const said = standIn.sent().map(({ text }) => text);
  return said.reduce((sum, text) => sum + text.split(token).length - 1, 0);
}

async function findExamples(
  cell: WhatsAppCell,
  tokens: readonly string[],
): Promise<readonly string[]> {
  const examples = [...(await cell.waiting()), ...cell.doubts()];
  const strange = tokens.filter((token) => timesSaid(cell, token) !== 1);
  for (const token of strange.slice(0, MAX_EXAMPLES)) {
    const said = cell.standIn.sent().filter(({ text }) => text.includes(token));
    examples.push(`${token} was said ${timesSaid(cell, token)} times`);
    examples.push(...said.map((row) => `  said ${JSON.stringify(row)}`));
    const history = await cell.historyOf(token);
    examples.push(
      ...(history.length === 0 ? ["  never taken in"] : history.map((each) => `  ${each}`)),
    );
  }
  return examples;
}

/** `accounted`: parts that the ledger still has, or says that it does not know of. */
function count(cell: WhatsAppCell, tokens: readonly string[], accounted: number) {
  const times = tokens.map((token) => timesSaid(cell, token));
  const missing = times.filter((each) => each === 0).length;
  return {
    lost: Math.max(0, missing - accounted),
    doubled: times.reduce((sum, each) => sum + Math.max(0, each - 1), 0),
  };
}

const isReadyAgain = ({ before }: Scene) => {
  return (report: SessionReport) =>
    report.state === "ready" &&
    report.browserPid !== undefined &&
    report.browserPid !== before.browserPid;
};

/** Ready, and seen so after this moment. */
function isReadySince(atMs: number) {
  return ({ state, checkedAt }: SessionReport) => state === "ready" && Date.parse(checkedAt) > atMs;
}

const sameBrowser =
  ({ before }: Scene) =>
  (after: SessionReport) =>
    after.browserPid === before.browserPid ? undefined : "the browser was restarted";

export const WHATSAPP_FAULTS: readonly WhatsAppFault[] = [
  {
    name: "kill -9 of Chromium",
    limitSeconds: 30,
    isRepeated: true,
    async strike(scene) {
      const atMs = Date.now();
      process.kill(scene.before.browserPid ?? 0, "SIGKILL");
      return { atMs, isBack: isReadyAgain(scene) };
    },
  },
  {
    name: "kill -9 of the process",
    limitSeconds: 30,
    isRepeated: true,
    async strike(scene) {
      const atMs = Date.now();
      await scene.line().end("SIGKILL");
      scene.restart();
      return { atMs, isBack: isReadyAgain(scene) };
    },
  },
  {
    name: "network gone for 5 s",
    limitSeconds: 30,
    isRepeated: true,
    async strike({ cell }) {
      cell.standIn.goOffline();
      await pause(5_000);
      cell.standIn.goOnline();
      const atMs = Date.now();
      return { atMs, isBack: isReadySince(atMs) };
    },
  },
  {
    name: "the page hangs",
    // 30 s of silence are a hang: WhatsApp Web itself is still for many seconds with a large account.
    limitSeconds: 90,
    async strike(scene) {
      const atMs = Date.now();
      scene.cell.standIn.crash("hang");
      return { atMs, isBack: isReadyAgain(scene) };
    },
  },
  {
    name: "the page goes blank",
    limitSeconds: 90,
    async strike({ cell }) {
      const atMs = Date.now();
      cell.standIn.crash("blank");
      await cell.untilReport(({ state }) => state !== "ready", READY_MS);
      return { atMs, isBack: isReadySince(atMs) };
    },
  },
  {
    name: "another window, then use-here",
    limitSeconds: 30,
    async strike(scene) {
      const { cell } = scene;
      cell.standIn.conflict();
      await cell.untilReport(({ state }) => state === "conflict", READY_MS);
      const atMs = Date.now();
      await cell.ask({ kind: "use-here" });
      return { atMs, isBack: isReadySince(atMs), remark: sameBrowser(scene) };
    },
  },
  {
    name: "era D becomes C",
    limitSeconds: 30,
    async strike(scene) {
      const atMs = Date.now();
      scene.cell.standIn.change({ era: "C", ids: "prefixed" });
      const isBack = (report: SessionReport) =>
        isReadySince(atMs)(report) && (report.pack ?? "").toUpperCase().startsWith("C");
      return { atMs, isBack, remark: sameBrowser(scene) };
    },
  },
  {
    name: "what's new lies over the page",
    limitSeconds: 30,
    async strike(scene) {
      const atMs = Date.now();
      scene.cell.standIn.showPopup("whats-new");
      await pause(1_000);
      return { atMs, isBack: isReadySince(atMs + 1_000), remark: sameBrowser(scene) };
    },
  },
  {
    name: "restricted, then free again",
    limitSeconds: 30,
    async strike(scene) {
      const { cell } = scene;
      cell.standIn.restrict();
      await cell.untilReport(({ state }) => state === "restricted", READY_MS);
      cell.standIn.change({ isRestricted: false });
      const atMs = Date.now();
      return { atMs, isBack: isReadySince(atMs), remark: sameBrowser(scene) };
    },
  },
  {
    name: "logged out on the phone, then linked",
    limitSeconds: 30,
    async strike({ cell }) {
      cell.standIn.logOut();
      await cell.untilReport(
        ({ state }) => state === "waiting-for-scan" || state === "logged-out",
        READY_MS,
      );
      const report = await cell.report();
      if (report?.state === "logged-out") await cell.ask({ kind: "resume" });
      await cell.untilReport(({ state }) => state === "waiting-for-scan", READY_MS);
      let code = await cell.readCode();
      while (code === undefined) {
        await pause(100);
        code = await cell.readCode();
      }
      cell.standIn.scan(code.content);
      const atMs = Date.now();
      return { atMs, isBack: isReadySince(atMs) };
    },
  },
  {
    name: "a slow start of 20 s",
    limitSeconds: 60,
    async strike(scene) {
      scene.cell.standIn.slowStart(20_000);
      const atMs = Date.now();
      process.kill(scene.before.browserPid ?? 0, "SIGKILL");
      return { atMs, isBack: isReadyAgain(scene) };
    },
  },
];
