import type { Command } from "commander";
import { parseHead, verifyAuditCommand } from "./audit.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** `audit …`: the record of who changed what. */
export function addAudit(program: Command, run: Run, out: Output): void {
  const audit = program.command("audit").description("the record of who changed what");
  audit
    .command("verify")
    .description("find rows that were changed, deleted or put in (exit 0 none, 1 some)")
    .option("--head <head>", "where an earlier verification ended: finds also what was cut off")
    .action(({ head }: { head?: string }) => {
      const known = head === undefined ? undefined : parseHead(head);
      return run("audit verify", (ports, context) =>
        verifyAuditCommand(ports, { head: known }, context, out),
      );
    });
}
