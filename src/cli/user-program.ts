import { type Command, Option } from "commander";
import { PLATFORM_ROLES, TENANT_ROLES } from "../core/people.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import {
  addUserCommand,
  disableUserCommand,
  listUsersCommand,
  resetPasswordCommand,
} from "./user.ts";
import type { AddUserInput } from "./user-ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** `user …`: the people who sign in. */
export function addUsers(program: Command, run: Run, out: Output): void {
  const user = program.command("user").description("people who sign in");
  user
    .command("add")
    .description("make a link with which somebody joins; it works once, within a week")
    .argument("<email>")
    .addOption(
      new Option("--role <role>")
        .choices([...TENANT_ROLES, ...PLATFORM_ROLES])
        .makeOptionMandatory(),
    )
    .option("--tenant <tenant>", "id or slug (default: this installation's first)")
    .action((email: string, chosen: Omit<AddUserInput, "email">) =>
      run("user add", (ports, context) =>
        addUserCommand(ports, { email, ...chosen }, context, out),
      ),
    );
  user
    .command("list")
    .action(() => run("user list", (ports, context) => listUsersCommand(ports, context, out)));
  for (const [name, isDisabled, description] of [
    ["disable", true, "sign somebody out everywhere, and let them in no more"],
    ["enable", false, "let somebody in again"],
  ] as const) {
    user
      .command(name)
      .description(description)
      .argument("<email>")
      .action((email: string) =>
        run(`user ${name}`, (ports, context) =>
          disableUserCommand(ports, { email, isDisabled }, context, out),
        ),
      );
  }
  user
    .command("reset-password")
    .description("make a link to a new password; it works once, within half an hour")
    .argument("<email>")
    .option("--drop-totp", "also forget the second factor: phone and recovery codes are lost")
    .action((email: string, { dropTotp = false }: { dropTotp?: boolean }) =>
      run("user reset-password", (ports, context) =>
        resetPasswordCommand(ports, { email, dropsTotp: dropTotp }, context, out),
      ),
    );
}
