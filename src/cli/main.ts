import { createInterface } from "node:readline/promises";
import { type Config, describeProblems, loadConfig } from "../config.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createLogger } from "../telemetry/logger.ts";
import { VERSION } from "../version.ts";
import { createDoctorPorts } from "./doctor/create-ports.ts";
import { examine } from "./doctor/examine.ts";
import type { CommandPorts } from "./ports.ts";
import { type ProgramActions, runProgram } from "./program.ts";
import { terminal } from "./terminal.ts";
import { withCommands } from "./with-commands.ts";

/** Runs the command line and sets the process's exit code. A second Ctrl-C ends at once. */
export async function main(argv: readonly string[]): Promise<void> {
  const aborter = new AbortController();
  const stop = () => {
    if (aborter.signal.aborted) process.exit(130);
    aborter.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // The reader of a pipe may leave early (`… | head`): that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  process.exitCode = await runProgram(argv.slice(2), {
    actions: createActions(aborter.signal),
    version: VERSION,
    out: terminal,
    signal: aborter.signal,
  });
  process.removeListener("SIGINT", stop);
  process.removeListener("SIGTERM", stop);
}

function createActions(signal: AbortSignal): ProgramActions {
  return {
    loadConfig: loadConfigOrThrow,
    async start(config, stopSignal) {
      const { startCommand } = await import("./start.ts");
      return startCommand(config, { logger: loggerOf(config), out: terminal, signal: stopSignal });
    },
    async migrate(config) {
      const { migrateInstallation } = await import("./open-commands.ts");
      return migrateInstallation(config);
    },
    async evaluate(config, args, stopSignal) {
      const { evalCommand } = await import("./eval.ts");
      return evalCommand(config, args, terminal, stopSignal);
    },
    withCommands: (config, use, command) => runCommand(config, use, command, signal),
    readSecrets: (labels) => readSecrets(labels, signal),
    confirm: (question) => confirm(question, signal),
  };
}

async function runCommand(
  config: Config,
  use: (ports: CommandPorts) => Promise<number>,
  command: string,
  signal: AbortSignal,
): Promise<number> {
  let failure: unknown;
  const open = async () => {
    const { openCommands } = await import("./open-commands.ts");
    try {
      return await openCommands(config, quietLoggerOf(config));
    } catch (error) {
      if (command !== "doctor") throw error;
      failure = error;
      return { ports: doctorOnly(config, error), close: async () => {} };
    }
  };
  const exitCode = await withCommands({ config, open, out: terminal, signal }, use);
  return failure === undefined ? exitCode : Math.max(exitCode, 2);
}

/** What can be examined when the installation cannot be opened; the other commands are not called. */
function doctorOnly(config: Config, error: unknown): CommandPorts {
  const ports = createDoctorPorts({
    config,
    opened: { error },
  });
  const refuse = () => Promise.reject(error);
  return {
    ask: refuse,
    ingest: refuse,
    passport: refuse,
    listBots: refuse,
    addBot: refuse,
    removeBot: refuse,
    readSession: refuse,
    askSession: refuse,
    linkSession: refuse,
    listKeys: refuse,
    addKey: refuse,
    revokeKey: refuse,
    listDeadLetters: refuse,
    retryDeadLetter: refuse,
    dropDeadLetter: refuse,
    listAssistants: refuse,
    saveAssistant: refuse,
    removeAssistant: refuse,
    useAssistant: refuse,
    listModels: refuse,
    listDocuments: refuse,
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
    doctor: (_input, { signal }) => examine(ports, signal),
  };
}

function loadConfigOrThrow(overrides: { readonly ROLES?: string } = {}): Config {
  const result = loadConfig(overrides);
  if (result.kind === "config") return result.config;
  throw new PregoneroError("config-invalid", describeProblems(result.problems));
}

function loggerOf(config: Config): Logger {
  return createLogger({ level: config.logLevel, format: config.logFormat });
}

/** A command prints its own result: only what goes wrong is logged, and not into the result. */
function quietLoggerOf(config: Config): Logger {
  const level = config.logLevel === "info" ? "warn" : config.logLevel;
  return createLogger({ level, format: config.logFormat, destination: process.stderr });
}

/** Asks without echoing, so that no secret is left in the shell's history or on the screen; else reads the pipe. */
async function readSecrets(
  labels: readonly string[],
  signal: AbortSignal,
): Promise<readonly (string | undefined)[]> {
  const isTerminal = process.stdin.isTTY === true;
  // No output stream: readline has nowhere to echo to.
  const reader = createInterface({ input: process.stdin, terminal: isTerminal, signal });
  reader.once("SIGINT", interrupt);
  try {
    const lines = reader[Symbol.asyncIterator]();
    const secrets: (string | undefined)[] = [];
    for (const label of labels) {
      if (isTerminal) process.stderr.write(`${label} (not shown): `);
      const { value } = await lines.next();
      if (isTerminal) process.stderr.write("\n");
      signal.throwIfAborted();
      secrets.push(typeof value === "string" && value.trim() !== "" ? value.trim() : undefined);
    }
    return secrets;
  } finally {
    reader.close();
  }
}

/** Only a whole `yes` is one. Undefined without a terminal: a pipe accepts nothing for anybody. */
async function confirm(question: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (process.stdin.isTTY !== true) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  reader.once("SIGINT", interrupt);
  try {
    const answer = await reader.question(question, { signal });
    return /^(yes|sí|si|sim)$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

/** Ctrl-C at a prompt comes as a key, not as a signal: pass it on as one. */
function interrupt(): void {
  process.kill(process.pid, "SIGINT");
}
