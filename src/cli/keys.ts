import type { CommandContext, CommandPorts, Output } from "./ports.ts";

/** Exit code 1 while something needs a key that is not SECRET_KEY. */
export async function keyStatusCommand(
  ports: Pick<CommandPorts, "keyStatus">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { currentKeyId, columns } = await ports.keyStatus({}, context);
  const lines = columns.flatMap(({ column, current, others }) => [
    ...(current > 0 ? [`${column}\t${currentKeyId}\t${current}\tcurrent`] : []),
    ...others.map(
      ({ keyId, count, isKnown }) =>
        `${column}\t${keyId}\t${count}\t${isKnown ? "old" : "UNKNOWN: neither SECRET_KEY nor in SECRET_KEYS_OLD"}`,
    ),
  ]);
  out.result(["column\tkey\tenvelopes\t", ...lines].join("\n"));
  const isOld = columns.some(({ others }) => others.length > 0);
  out.progress(
    isOld
      ? "Some envelopes need another key: `pregonero keys rotate` seals them under SECRET_KEY."
      : `Everything is under SECRET_KEY (${currentKeyId}): SECRET_KEYS_OLD can go.`,
  );
  return isOld ? 1 : 0;
}

/** Exit code 1 when something did not open. */
export async function rotateKeysCommand(
  ports: Pick<CommandPorts, "rotateKeys">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { resealed, unreadable } = await ports.rotateKeys({}, context);
  for (const { column, count } of unreadable) {
    out.progress(
      `${count} envelopes of ${column} do not open: their key is not in SECRET_KEYS_OLD, or they are damaged.`,
    );
  }
  out.result(`${resealed} envelopes sealed anew.`);
  return unreadable.length === 0 ? 0 : 1;
}
