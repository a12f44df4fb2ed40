import { Command, CommanderError, Option } from "commander";
import { type Config, EX_CONFIG } from "../config.ts";
import { PregoneroError } from "../core/errors.ts";
import { BUDGET_PERIODS, type BudgetPeriod } from "../core/spending.ts";
import { askCommand } from "./ask.ts";
import { addAssistants } from "./assistant-program.ts";
import { addAudit } from "./audit-program.ts";
import { type Asks, addBots } from "./bot-program.ts";
import { parseUsd, setBudgetCommand, showSpendingCommand, topUpCommand } from "./budget.ts";
import {
  dropDeadLetterCommand,
  listDeadLettersCommand,
  retryDeadLetterCommand,
} from "./dead-letter.ts";
import { doctorCommand } from "./doctor.ts";
import { addDocuments } from "./document-program.ts";
import { ingestCommand } from "./ingest.ts";
import { addKeyCommand, listKeysCommand, revokeKeyCommand } from "./key.ts";
import { addKeyring } from "./keys-program.ts";
import { passportCommand } from "./passport.ts";
import { addPlans } from "./plan-program.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import { addPrompts } from "./prompt-program.ts";
import { addPublishing } from "./publish-program.ts";
import { addSources } from "./source-program.ts";
import { createContext } from "./terminal.ts";
import { addUsers } from "./user-program.ts";

/** sysexits.h */
const EX_USAGE = 64;
const EX_TEMPFAIL = 75;

/** What the program does that is not a call of `CommandPorts`. */
export interface ProgramActions extends Asks {
  /** Checked configuration; throws `config-invalid`, whose message names every variable and its fix. */
  readonly loadConfig: (overrides?: { readonly ROLES?: string }) => Config;
  /** Runs until stopped. Returns the exit code. */
  readonly start: (config: Config, signal: AbortSignal) => Promise<number>;
  readonly migrate: (config: Config) => Promise<readonly string[]>;
  readonly evaluate: (
    config: Config,
    args: readonly string[],
    signal: AbortSignal,
  ) => Promise<number>;
  /** Calls `use` with the commands of this installation, wherever they run; `doctor` works also when nothing else does. */
  readonly withCommands: (
    config: Config,
    use: (ports: CommandPorts) => Promise<number>,
    command: string,
  ) => Promise<number>;
}

type Run = (ports: CommandPorts, context: CommandContext) => Promise<number>;

/** Parses `args` (without node and script), does it, and returns the exit code. Prints its own errors. */
export async function runProgram(
  args: readonly string[],
  options: {
    readonly actions: ProgramActions;
    readonly version: string;
    readonly out: Output;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const { actions, out, signal } = options;
  let exitCode = 0;
  const run = async (command: string, work: Run) => {
    const config = actions.loadConfig();
    const context = createContext(signal, out);
    exitCode = await actions.withCommands(config, (ports) => work(ports, context), command);
  };
  const program = new Command("pregonero")
    .description("Answers citizens' questions from the official gazette, with the page cited.")
    .version(options.version)
    .exitOverride()
    .showHelpAfterError("(pregonero --help shows every command)")
    .configureOutput({
      writeOut: (text) => out.result(text.trimEnd()),
      writeErr: (text) => out.progress(text.trimEnd()),
    });
  program
    .command("start")
    .description("run the service: HTTP, web chat, bots, workers")
    .option("--roles <list>", "api, worker, scheduler, whatsapp; comma-separated (default: all)")
    .action(async ({ roles }: { roles?: string }) => {
      const config = actions.loadConfig(roles === undefined ? {} : { ROLES: roles });
      exitCode = await actions.start(config, signal);
    });
  addQuestions(program, run, out);
  addBots(program, run, out, actions);
  addKeys(program, run, out);
  addUsers(program, run, out);
  addAudit(program, run, out);
  addDocuments(program, run, out);
  addSources(program, run, out);
  addPublishing(program, run, out);
  addPlans(program, run, out);
  addPrompts(program, run, out);
  addKeyring(program, run, out);
  addBudgets(program, run, out);
  addDeadLetters(program, run, out);
  addAssistants(program, run, out, async (provider) => {
    const [key] = await actions.readSecrets([`Key of ${provider}`]);
    return key;
  });
  program
    .command("migrate")
    .description("bring the database's schema up to this version")
    .action(async () => {
      const applied = await actions.migrate(actions.loadConfig());
      out.result(applied.length === 0 ? "Nothing to do." : `Applied: ${applied.join(", ")}`);
    });
  program
    .command("eval")
    .description("measure retrieval and abstention on the gold questions")
    .argument("[arguments...]")
    .allowUnknownOption()
    .action(async (rest: string[]) => {
      exitCode = await actions.evaluate(actions.loadConfig(), rest, signal);
    });
  program
    .command("doctor")
    .description("check everything, and say what to do (exit 0 fine, 1 warnings, 2 failures)")
    .option("--json", "for machines")
    .action(({ json = false }: { json?: boolean }) =>
      run("doctor", (ports, context) => doctorCommand(ports, { json }, context, out)),
    );
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return describeFailure(error, out);
  }
}

type RunCommand = (command: string, work: Run) => Promise<void>;

function addQuestions(program: Command, run: RunCommand, out: Output): void {
  program
    .command("ask")
    .description("ask the gazettes")
    .argument("<question>")
    .option("--date <yyyy-mm-dd>", "only the edition of this day")
    .option("--source <slug>", "only this gazette, e.g. boe")
    .option("--json", "as POST /api/v1/ask answers")
    .action((question: string, chosen: { date?: string; source?: string; json?: boolean }) =>
      run("ask", (ports, context) =>
        askCommand(ports, { question, json: false, ...chosen }, context, out),
      ),
    );
  program
    .command("ingest")
    .description("read a gazette's PDF into the archive")
    .argument("<file-or-url>")
    .option("--source <slug>", "which gazette it is, e.g. la-gaceta")
    .option("--date <yyyy-mm-dd>", "when it was published (default: read from the document)")
    .option("--document <name>", "tells the documents of one day apart (default: the file's name)")
    .action((location: string, chosen: { date?: string; source?: string; document?: string }) => {
      const { document: documentName, ...rest } = chosen;
      return run("ingest", (ports, context) =>
        ingestCommand(ports, { location, documentName, ...rest }, context, out),
      );
    });
  program
    .command("passport")
    .description("show the whole timeline of a message")
    .argument("<id>", "message id, outbox id, network's message id or update key")
    .option("--json", "for machines")
    .action((id: string, { json = false }: { json?: boolean }) =>
      run("passport", (ports, context) => passportCommand(ports, { id, json }, context, out)),
    );
}

function addKeys(program: Command, run: RunCommand, out: Output): void {
  const key = program.command("key").description("keys for programs that call the API");
  key
    .command("add")
    .argument("<name>", "who uses it")
    .addOption(new Option("--scopes <list>", "comma-separated").default("ask"))
    .option("--days <number>", "it expires after so many days", Number)
    .action((name: string, { scopes, days }: { scopes: string; days?: number }) => {
      const list = scopes.split(",").map((scope) => scope.trim());
      const input = { name, scopes: list, ...(days === undefined ? {} : { days }) };
      return run("key add", (ports, context) => addKeyCommand(ports, input, context, out));
    });
  key
    .command("list")
    .action(() => run("key list", (ports, context) => listKeysCommand(ports, context, out)));
  key
    .command("revoke")
    .argument("<id>")
    .action((id: string) =>
      run("key revoke", (ports, context) => revokeKeyCommand(ports, { id }, context, out)),
    );
}

function addBudgets(program: Command, run: RunCommand, out: Output): void {
  const budget = program
    .command("budget")
    .description("what language models may cost, in US dollars");
  const period = () => program.createArgument("<period>").choices([...BUDGET_PERIODS]);
  budget
    .command("list")
    .description("limits, what is spent of them, and the month's calls by model")
    .action(() => run("budget list", (ports, context) => showSpendingCommand(ports, context, out)));
  budget
    .command("set")
    .addArgument(period())
    .argument("<usd>", "as 25 or 0.05")
    .action((name: BudgetPeriod, usd: string) =>
      run("budget set", (ports, context) =>
        setBudgetCommand(ports, { period: name, limit: parseUsd(usd) }, context, out),
      ),
    );
  budget
    .command("remove")
    .addArgument(period())
    .action((name: BudgetPeriod) =>
      run("budget remove", (ports, context) =>
        setBudgetCommand(ports, { period: name, limit: undefined }, context, out),
      ),
    );
  budget
    .command("top-up")
    .description("add prepaid credit; from then on models are called only while it lasts")
    .argument("<usd>")
    .action((usd: string) =>
      run("budget top-up", (ports, context) =>
        topUpCommand(ports, { amount: parseUsd(usd) }, context, out),
      ),
    );
}

function addDeadLetters(program: Command, run: RunCommand, out: Output): void {
  const letter = program
    .command("dead-letter")
    .description("messages given up after repeated failures");
  letter
    .command("list")
    .description("the newest first, each with the reason and its bot")
    .action(() =>
      run("dead-letter list", (ports, context) => listDeadLettersCommand(ports, context, out)),
    );
  letter
    .command("retry")
    .description("answer it after all, before what waits behind it in its conversation")
    .argument("<id>")
    .action((id: string) =>
      run("dead-letter retry", (ports, context) =>
        retryDeadLetterCommand(ports, { id }, context, out),
      ),
    );
  letter
    .command("drop")
    .description("leave it unanswered for good")
    .argument("<id>")
    .action((id: string) =>
      run("dead-letter drop", (ports, context) =>
        dropDeadLetterCommand(ports, { id }, context, out),
      ),
    );
}

/** Says what failed and returns the exit code that fits: 64 usage, 75 try again, 78 configuration, else 1. */
function describeFailure(error: unknown, out: Output): number {
  // Commander has printed its own: help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EX_USAGE;
  if (error instanceof PregoneroError) {
    out.progress(error.message);
    if (error.code === "usage") return EX_USAGE;
    if (error.code === "config-invalid") return EX_CONFIG;
    return error.retry === "never" ? 1 : EX_TEMPFAIL;
  }
  if (error instanceof Error && error.name === "AbortError") return 130;
  out.progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
