import { type Command, InvalidArgumentError, Option } from "commander";
import { READING_LEVELS, type ReadingLevel } from "../core/assistant.ts";
import {
  type AssistantChange,
  listAssistantsCommand,
  listModelsCommand,
  removeAssistantCommand,
  setAssistantCommand,
  showAssistantCommand,
  useAssistantCommand,
} from "./assistant.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** What `--check` means; null: as the installation says. */
const CHECKS = { on: true, off: false, default: null } as const;

/** As commander gives them. */
interface SetOptions extends Omit<AssistantChange, "isDefault" | "forbiddenTopics" | "keys"> {
  readonly default?: true;
  readonly check?: keyof typeof CHECKS;
  readonly forbid?: readonly string[];
  readonly key?: readonly string[];
}

/** `assistant …` and `model list`. A key is asked for, and not shown. */
export function addAssistants(
  program: Command,
  run: Run,
  out: Output,
  readKey: (provider: string) => Promise<string | undefined>,
): void {
  const assistant = program
    .command("assistant")
    .description("how bots answer, and by which models");
  assistant
    .command("list")
    .action(() =>
      run("assistant list", (ports, context) => listAssistantsCommand(ports, context, out)),
    );
  assistant
    .command("show")
    .argument("<name>")
    .action((name: string) =>
      run("assistant show", (ports, context) =>
        showAssistantCommand(ports, { name }, context, out),
      ),
    );
  addSet(assistant, run, out, readKey);
  assistant
    .command("use")
    .description("let a bot answer with an assistant; without a name, with the default one")
    .argument("<bot>", "id, name or @username")
    .argument("[name]")
    .action((bot: string, name: string | undefined) =>
      run("assistant use", (ports, context) =>
        useAssistantCommand(ports, { bot, name }, context, out),
      ),
    );
  assistant
    .command("remove")
    .argument("<name>")
    .action((name: string) =>
      run("assistant remove", (ports, context) =>
        removeAssistantCommand(ports, { name }, context, out),
      ),
    );
  program
    .command("model")
    .description("the models that are asked")
    .command("list")
    .description("state, calls and cost of the month, time to the first token")
    .action(() => run("model list", (ports, context) => listModelsCommand(ports, context, out)));
}

function addSet(
  assistant: Command,
  run: Run,
  out: Output,
  readKey: (provider: string) => Promise<string | undefined>,
): void {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  assistant
    .command("set")
    .description("make an assistant, or change what is named; the rest stays")
    .argument("<name>")
    .option(
      "--chain <links>",
      "PROVIDER:MODEL in the order in which they are tried, comma-separated",
    )
    .option("--large <links>", "for comparisons, long questions and long contexts")
    .option("--large-context-characters <n>", "what is a long context", wholeNumber)
    .option("--base-url <provider=url>", "a server of your own for that provider", collect)
    .option("--key <provider>", "ask for your own key of that provider", collect)
    .option("--quotes-only", "ask no model: answers are quotations")
    .option("--no-quotes-only", "ask the models of the chain again")
    .addOption(
      new Option(
        "--check <when>",
        "let a model check each sentence once more; default: as MODEL_CHECK says",
      ).choices(Object.keys(CHECKS)),
    )
    .option("--unlisted", "take models that are not on the price list")
    .option("--temperature <n>", "0 to 1", Number)
    .option("--max-sentences <n>", "1 to 12", wholeNumber)
    .option("--reading-level <level>", READING_LEVELS.join(", "))
    .option("--persona <text>")
    .option("--tone <text>")
    .option("--forbid <topic>", "a topic that is not spoken about; again for another", collect)
    .option("--disclaimer <text>", "said once per conversation")
    .option("--default", "answer for bots that name no assistant")
    .action(async (name: string, chosen: SetOptions) => {
      const { default: isDefault, forbid, key, check, ...rest } = chosen;
      const keys: Record<string, string> = {};
      for (const provider of key ?? []) {
        const text = await readKey(provider);
        if (text !== undefined) keys[provider] = text;
      }
      const change: AssistantChange = {
        ...rest,
        readingLevel: rest.readingLevel as ReadingLevel | undefined,
        keys,
        isDefault,
        ...(check === undefined ? {} : { checksGrounding: CHECKS[check] }),
        ...(forbid === undefined
          ? {}
          : { forbiddenTopics: forbid.filter((topic) => topic !== "") }),
      };
      await run("assistant set", (ports, context) =>
        setAssistantCommand(ports, { name, change }, context, out),
      );
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
