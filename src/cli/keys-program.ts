import type { Command } from "commander";
import { keyStatusCommand, rotateKeysCommand } from "./keys.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** `keys …`: the keys that seal what is stored. */
export function addKeyring(program: Command, run: Run, out: Output): void {
  const keys = program.command("keys").description("the keys that seal what is stored");
  keys
    .command("status")
    .description("what stands under which key (exit 0 all under SECRET_KEY, 1 not)")
    .action(() => run("keys status", (ports, context) => keyStatusCommand(ports, context, out)));
  keys
    .command("rotate")
    .description("seal everything under SECRET_KEY; killed, it goes on where it was")
    .action(() => run("keys rotate", (ports, context) => rotateKeysCommand(ports, context, out)));
}
