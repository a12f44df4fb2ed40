import { writeFile } from "node:fs/promises";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { SessionReport, SessionRequest } from "../core/session.ts";
import { watchLink } from "./link.ts";
import type { CommandContext, CommandPorts, Output, SessionView } from "./ports.ts";
import { table } from "./terminal.ts";

export async function showSessionCommand(
  ports: Pick<CommandPorts, "readSession">,
  { bot, json, clock }: { readonly bot: string; readonly json: boolean; readonly clock: Clock },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const view = await ports.readSession({ bot }, context);
  out.result(json ? describeAsJson(view) : describeSession(view, clock.now()));
  return 0;
}

/** Anything that is asked of a session and answered in a sentence. */
export async function askSessionCommand(
  ports: Pick<CommandPorts, "askSession">,
  input: { readonly bot: string; readonly request: SessionRequest },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { outcome, isDone } = await ports.askSession(input, context);
  out.result(outcome);
  return isDone ? 0 : 1;
}

export async function screenshotCommand(
  ports: Pick<CommandPorts, "askSession">,
  input: { readonly bot: string; readonly isRedacted: boolean; readonly file: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { bot, isRedacted, file } = input;
  const request: SessionRequest = { kind: "screenshot", isRedacted };
  const { outcome, image } = await ports.askSession({ bot, request }, context);
  if (image === undefined) {
    out.progress(outcome);
    return 1;
  }
  await writeOwnFile(file, Buffer.from(image, "base64"));
  out.result(`Written: ${file}`);
  if (!isRedacted)
    out.progress("It shows people's messages and names; --redacted blacks them out.");
  return 0;
}

export interface LinkInput {
  readonly bot: string;
  /** Link by a pairing code for this number instead of a QR code. */
  readonly phone?: string | undefined;
  readonly clock: Clock;
}

/** Wakes a session that waits for a person, then shows its codes here and tells of the page that does. */
export async function linkCommand(
  ports: Pick<CommandPorts, "readSession" | "askSession" | "linkSession">,
  { bot, phone, clock }: LinkInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { report, canBeHeld } = await ports.readSession({ bot }, context);
  if (report !== undefined && canBeHeld && ASLEEP.includes(report.state)) {
    const { outcome } = await ports.askSession({ bot, request: { kind: "resume" } }, context);
    out.progress(outcome);
  }
  if (canBeHeld) await tellOfPage(ports, bot, context, out);
  return watchLink(ports, bot, context, out, { clock, phone });
}

/** A session in one of these shows no code until a person asks for one. */
const ASLEEP: readonly SessionReport["state"][] = ["parked", "stopped", "logged-out"];

async function tellOfPage(
  ports: Pick<CommandPorts, "linkSession">,
  bot: string,
  context: CommandContext,
  out: Output,
): Promise<void> {
  const { url, path } = await ports.linkSession({ bot }, context);
  out.progress(`The code as a page, for 15 minutes: ${url ?? path}`);
}

async function writeOwnFile(file: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(file, bytes, { mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new PregoneroError(
      "file-not-written",
      `${file} cannot be written (${code}). Name another file with -o.`,
      { cause },
    );
  }
}

function describeAsJson({ bot, report, isAttended }: SessionView): string {
  return JSON.stringify({ bot, isAttended, session: report ?? null }, null, 2);
}

export function describeSession({ bot, report, isAttended }: SessionView, now: Date): string {
  const name = `${bot.name} (${bot.channel}, ${bot.botId})`;
  if (report === undefined) {
    const todo = "Start Pregonero with the role whatsapp: pregonero start";
    return table([
      ["bot", name],
      ["state", "not started: no process has taken it up yet"],
      ["to do", todo],
    ]);
  }
  const stale = isAttended ? "" : "; NO PROCESS TELLS OF IT ANY MORE";
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["bot", name],
    ["state", `${report.state} since ${when(report.since, now)}`],
    ["seen", report.evidence],
    ["last looked", `${when(report.checkedAt, now)}${stale}`],
    ["to do", isAttended ? report.action : "Check that `pregonero start` runs; see its log."],
    ["engine", `${report.engine}${report.pack === undefined ? "" : `, pack ${report.pack}`}`],
    ["last message in", when(report.lastInboundAt, now)],
    ["last send acknowledged", when(report.lastAcknowledgedSendAt, now)],
    ["oldest pending send", when(report.oldestPendingSendAt, now, "none")],
    ["browser", describeBrowser(report)],
  ];
  return table(rows.flatMap(([label, text]) => (text === undefined ? [] : [[label, text]])));
}

function describeBrowser({ browserPid, memoryMegabytes, restarts }: SessionReport): string {
  const starts = `${restarts} restarts`;
  if (browserPid === undefined) return `none; ${starts}`;
  const memory = memoryMegabytes === undefined ? "" : `, ${Math.round(memoryMegabytes)} MB`;
  return `process ${browserPid}${memory}; ${starts}`;
}

/** `2026-11-21 19:20:05 UTC, 3 min ago`. */
function when(at: string | undefined, now: Date, never = "never"): string {
  if (at === undefined) return never;
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 1_000));
  return `${at.slice(0, 19).replace("T", " ")} UTC, ${describeAge(seconds)} ago`;
}

function describeAge(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}
