import type { AuditHead } from "../core/audit-seals.ts";
import { PregoneroError } from "../core/errors.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

/** `1234:` and 64 hexadecimal digits, as `verify` prints it. Throws `usage`. */
export function parseHead(text: string): AuditHead {
  const [, position = "", seal = ""] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (position !== "") return { position: Number(position), seal };
  throw new PregoneroError(
    "usage",
    `"${text}" is no head. It looks like 1234:8f…, as an earlier \`audit verify\` printed it.`,
  );
}

/** Prints the head as its result. Exit code 1 when a row does not fit. */
export async function verifyAuditCommand(
  ports: Pick<CommandPorts, "verifyAudit">,
  input: { readonly head?: AuditHead | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { rows, head, findings } = await ports.verifyAudit(input, context);
  for (const { what } of findings) out.progress(what);
  out.progress(
    findings.length === 0
      ? `All ${rows} rows of the audit are as they were written. Note this head elsewhere, and give it to the next verification as --head:`
      : `${findings.length} findings in ${rows} rows: somebody changed the audit in the database itself.`,
  );
  out.result(`${head.position}:${head.seal}`);
  return findings.length === 0 ? 0 : 1;
}
