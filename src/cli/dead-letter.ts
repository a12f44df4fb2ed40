import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import { table } from "./terminal.ts";

export async function listDeadLettersCommand(
  ports: Pick<CommandPorts, "listDeadLetters">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const letters = await ports.listDeadLetters({}, context);
  if (letters.length === 0) out.progress("No message was given up.");
  else {
    const rows = letters.map(({ messageId, bot, reason, attempts, receivedAt }) => [
      messageId,
      bot,
      reason,
      String(attempts),
      `${receivedAt.slice(0, 16).replace("T", " ")} UTC`,
    ]);
    out.result(table([["ID", "BOT", "REASON", "ATTEMPTS", "RECEIVED"], ...rows]));
  }
  return 0;
}

export async function retryDeadLetterCommand(
  ports: Pick<CommandPorts, "retryDeadLetter">,
  input: { readonly id: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.retryDeadLetter(input, context);
  out.result(`Message ${input.id} waits for its answer again. See: pregonero passport ${input.id}`);
  return 0;
}

export async function dropDeadLetterCommand(
  ports: Pick<CommandPorts, "dropDeadLetter">,
  input: { readonly id: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.dropDeadLetter(input, context);
  out.result(`Message ${input.id} is dropped: it is not answered, and doctor names it no more.`);
  return 0;
}
