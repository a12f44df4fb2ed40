import type { CommandContext, CommandPorts, Output, PassportView } from "./ports.ts";
import { table } from "./terminal.ts";

const DETAIL_CHARACTERS = 300;

/** Prints the timeline of every message that the id belongs to. Exit code 1 when there is none. */
export async function passportCommand(
  ports: Pick<CommandPorts, "passport">,
  input: { readonly id: string; readonly json: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const passports = await ports.passport({ id: input.id }, context);
  if (input.json) out.result(JSON.stringify(passports, null, 2));
  else if (passports.length > 0) out.result(passports.map(describePassport).join("\n\n"));
  else {
    out.progress(
      `No message is known by "${input.id}". It may be a message id, an outbox id, the network's id of a sent message, or the network's key of an update.`,
    );
  }
  return passports.length > 0 ? 0 : 1;
}

export function describePassport(passport: PassportView): string {
  const start = Date.parse(passport.events[0]?.at ?? "");
  const state = passport.state === undefined ? "" : `  ${passport.state}`;
  const lines = [`message ${passport.messageId}${state}`];
  if (passport.deadReason !== undefined) lines.push(`given up: ${passport.deadReason}`);
  if (passport.botId !== undefined) {
    lines.push(`bot ${passport.botId}, conversation ${passport.conversationId ?? "?"}`);
  }
  if (passport.events[0] !== undefined) lines.push(`began ${passport.events[0].at}`, "");
  const rows = passport.events.map((event) => [
    sinceStart(Date.parse(event.at) - start),
    event.kind,
    describeDetail(event.detail),
  ]);
  lines.push(table(rows));
  if (passport.parts.length > 0) lines.push("", "parts of the reply", table(partRows(passport)));
  return lines.join("\n");
}

function partRows({ parts }: PassportView): string[][] {
  return parts.map((part) => [
    `  ${part.outboxId}`,
    part.state,
    `attempts ${part.attempts}`,
    part.networkMessageId === undefined ? "" : `network id ${part.networkMessageId}`,
    part.reason ?? "",
  ]);
}

function sinceStart(ms: number): string {
  if (ms < 1_000) return `+${ms} ms`.padStart(10);
  if (ms < 120_000) return `+${(ms / 1_000).toFixed(1)} s`.padStart(10);
  return `+${(ms / 60_000).toFixed(1)} min`.padStart(10);
}

function describeDetail(detail: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(detail)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    )
    .join(" ");
  return text.length > DETAIL_CHARACTERS ? `${text.slice(0, DETAIL_CHARACTERS)}…` : text;
}
