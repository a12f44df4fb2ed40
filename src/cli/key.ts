import type { AddKeyInput, CommandContext, CommandPorts, KeyView, Output } from "./ports.ts";
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
    const rows = keys.map((key) => [
      key.id,
      key.name,
      key.scopes.join(","),
      key.createdAt.slice(0, 10),
      key.lastUsedAt?.slice(0, 10) ?? "never",
      stateOf(key),
    ]);
    out.result(table([["ID", "NAME", "SCOPES", "CREATED", "USED", "STATE"], ...rows]));
  }
  return 0;
}

function stateOf({ expiresAt, revokedAt }: KeyView): string {
  if (revokedAt !== undefined) return `revoked ${revokedAt.slice(0, 10)}`;
  return expiresAt === undefined ? "active" : `until ${expiresAt.slice(0, 10)}`;
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
