import { type Command, Option } from "commander";
import { LANGUAGES, type Language } from "../core/language.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import {
  addPromptCommand,
  listPromptRunsCommand,
  listPromptsCommand,
  runPromptCommand,
  showPromptRunCommand,
} from "./prompt.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

interface AddOptions {
  readonly source: readonly string[];
  readonly title?: string;
  readonly language: Language;
  readonly instructions: string;
  readonly assistant?: string;
  readonly section?: readonly string[];
  readonly about?: readonly string[];
  readonly manual?: true;
  readonly statements: string;
  readonly automatic?: true;
}

interface RunOptions {
  readonly source?: string;
  readonly from?: string;
  readonly until?: string;
  readonly promptVersion?: string;
  readonly estimate?: true;
}

/** `prompt …`: what is written of every new edition, and its review. */
export function addPrompts(program: Command, run: Run, out: Output): void {
  const prompt = program.command("prompt").description("digests of editions, written and reviewed");
  prompt
    .command("list")
    .description("each with its newest version")
    .action(() => run("prompt list", (ports, context) => listPromptsCommand(ports, context, out)));
  prompt
    .command("add")
    .description("read each new edition of a source whole, and sum it up")
    .argument("<name>")
    .requiredOption("--source <slug...>", "whose editions are read")
    .option("--title <title>", "of what it writes (default: the name)")
    .addOption(
      new Option("--language <language>", "that it writes in")
        .choices([...LANGUAGES])
        .default("es"),
    )
    .option("--instructions <text>", "what matters, for whom, in which tone", "")
    .option("--assistant <name>", "whose models write (default: the default assistant's)")
    .option("--section <name...>", "read only acts of these sections")
    .option("--about <words...>", "read only acts that have one of these words or phrases")
    .option("--manual", "run it by hand only")
    .option("--statements <number>", "at most so many", "12")
    .option("--automatic", "approve what the check took nothing away from")
    .action((name: string, options: AddOptions) =>
      run("prompt add", (ports, context) =>
        addPromptCommand(ports, toAdd(name, options), context, out),
      ),
    );
  addRunning(prompt, run, out);
  addReviewing(prompt, run, out);
}

function addRunning(prompt: Command, run: Run, out: Output): void {
  prompt
    .command("run")
    .description("run it by hand: says first about what it costs")
    .argument("<name>")
    .option("--source <slug>", "only this one")
    .option("--from <date>", "default: the newest date that there is")
    .option("--until <date>", "default: the same day")
    .option("--prompt-version <number>", "default: the newest")
    .option("--estimate", "say what it costs, and run nothing")
    .action((name: string, { source, from, until, promptVersion, estimate }: RunOptions) => {
      const version = promptVersion === undefined ? undefined : Number(promptVersion);
      const input = { prompt: name, source, from, until, version, isEstimate: estimate === true };
      return run("prompt run", (ports, context) => runPromptCommand(ports, input, context, out));
    });
  prompt
    .command("runs")
    .description("the last ones, with pages read and where each stands")
    .argument("[name]")
    .action((name: string | undefined) =>
      run("prompt runs", (ports, context) =>
        listPromptRunsCommand(ports, { prompt: name }, context, out),
      ),
    );
  prompt
    .command("show")
    .description("what came of a run, with its citations")
    .argument("<run>")
    .action((id: string) =>
      run("prompt show", (ports, context) =>
        showPromptRunCommand(ports.showPromptRun({ run: id }, context), out),
      ),
    );
}

function addReviewing(prompt: Command, run: Run, out: Output): void {
  prompt
    .command("approve")
    .description("it is frozen, and may be published")
    .argument("<run>")
    .option("--confirm-unsupported", "also what a person wrote and the gazette does not say")
    .action((id: string, { confirmUnsupported }: { confirmUnsupported?: true }) =>
      run("prompt approve", (ports, context) => {
        const input = { run: id, confirmsUnsupported: confirmUnsupported === true };
        return showPromptRunCommand(ports.approvePromptRun(input, context), out);
      }),
    );
  prompt
    .command("reject")
    .description("it is never published")
    .argument("<run>")
    .requiredOption("--reason <text>")
    .action((id: string, { reason }: { reason: string }) =>
      run("prompt reject", (ports, context) =>
        showPromptRunCommand(ports.rejectPromptRun({ run: id, reason }, context), out),
      ),
    );
  prompt
    .command("retry")
    .description("have a held or failed run go on")
    .argument("<run>")
    .action((id: string) =>
      run("prompt retry", (ports, context) =>
        showPromptRunCommand(ports.retryPromptRun({ run: id }, context), out),
      ),
    );
}

function toAdd(name: string, options: AddOptions) {
  return {
    name,
    title: options.title ?? name,
    language: options.language,
    sources: options.source,
    instructions: options.instructions,
    assistant: options.assistant,
    sections: options.section ?? [],
    about: options.about ?? [],
    isManual: options.manual === true,
    maxStatements: Number(options.statements),
    isAutomatic: options.automatic === true,
  };
}
