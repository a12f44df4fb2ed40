import type { Command } from "commander";
import {
  assignPlanCommand,
  listPlansCommand,
  parseQuestions,
  removePlanCommand,
  setPlanCommand,
} from "./plan.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

interface SetOptions {
  readonly perDay?: string;
  readonly perPerson?: string;
}

/** `plan …`: how many questions are answered in a day. */
export function addPlans(program: Command, run: Run, out: Output): void {
  const plan = program.command("plan").description("how many questions are answered in a day");
  plan
    .command("list")
    .description("the plans, and how many tenants have each")
    .action(() => run("plan list", (ports, context) => listPlansCommand(ports, context, out)));
  plan
    .command("set")
    .description("make or change a plan; a limit that is not named is none")
    .argument("<name>")
    .option("--per-day <questions>", "of all people of a tenant together")
    .option("--per-person <questions>", "of one person")
    .action((name: string, { perDay, perPerson }: SetOptions) => {
      const input = {
        name,
        questionsPerDay: perDay === undefined ? null : parseQuestions(perDay),
        questionsPerContactDay: perPerson === undefined ? null : parseQuestions(perPerson),
      };
      return run("plan set", (ports, context) => setPlanCommand(ports, input, context, out));
    });
  plan
    .command("remove")
    .description("remove a plan that no tenant has")
    .argument("<name>")
    .action((name: string) =>
      run("plan remove", (ports, context) => removePlanCommand(ports, { name }, context, out)),
    );
  plan
    .command("assign")
    .description("give a tenant a plan; without a name, none")
    .argument("[name]")
    .option("--tenant <slug>", "its short name (default: the installation's own)")
    .action((name: string | undefined, { tenant }: { readonly tenant?: string }) =>
      run("plan assign", (ports, context) =>
        assignPlanCommand(ports, { name, tenant }, context, out),
      ),
    );
}
