import type { AddKeyInput, CommandContext, CommandPorts, Output } from "./ports.ts";
import { table } from "./terminal.ts";

export async function addKeyCommand(
  ports: Pick<CommandPorts, "addKey">,
  input: AddKeyInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { id, key } = await ports.addKey(input, context);
  out.progress(
    `Key "${input.name}" (${id}, scopes ${input.scopes.join(", ")}). It is shown this once:`,
  );
  out.result(key);
  return 0;
}

export async function listKeysCommand(
  ports: Pick<CommandPorts, "listKeys">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const keys = await ports.listKeys({}, context);
  if (keys.length === 0) out.progress("There is no key yet. Add one with: pregonero key add NAME");
  else {
    const rows = keys.map(({ id, name, scopes, createdAt, revokedAt }) => [
      id,
      name,
      scopes.join(","),
      createdAt.slice(0, 10),
      revokedAt === undefined ? "active" : `revoked ${revokedAt.slice(0, 10)}`,
    ]);
    out.result(table([["ID", "NAME", "SCOPES", "CREATED", "STATE"], ...rows]));
  }
  return 0;
}

export async function revokeKeyCommand(
  ports: Pick<CommandPorts, "revokeKey">,
  input: { readonly id: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { revoked } = await ports.revokeKey(input, context);
  if (revoked) out.result(`Key ${input.id} is revoked.`);
  else out.progress(`There is no active key ${input.id}. List them with: pregonero key list`);
  return revoked ? 0 : 1;
}
