import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { LinkCode, SessionReport } from "../core/session.ts";
import { drawQrLines } from "../qr-code.ts";
import type { CommandContext, CommandPorts, Output, SessionView } from "./ports.ts";

/** A code lasts 20 to 60 s: a second late is not too late. */
const LOOK_EVERY_MS = 1_000;
/** A running process notices a bot within 3 s, and a browser starts within a few more. */
const TELL_UNATTENDED_MS = 20_000;
const GIVE_UP_UNATTENDED_MS = 90_000;
/** How long a report made before this command may still say what a request just changed. */
const OLD_REPORT_MS = 15_000;

/** States that scanning a code does not end: a person must do something else first. */
const DEAD_ENDS: readonly SessionReport["state"][] = [
  "parked",
  "stopped",
  "restricted",
  "needs-adapter",
  "conflict",
];

type Ports = Pick<CommandPorts, "readSession" | "askSession">;

export interface WatchOptions {
  readonly clock: Clock;
  /** Link by a pairing code for this number, once the page can give one; its QR codes are not shown. */
  readonly phone?: string | undefined;
  readonly everyMs?: number;
}

/**
 * Shows each code that links the account as it comes, until the account is linked (0), waits for something else than
 * a scan (1), or the person has enough (130): the bot stays in every case.
 */
export async function watchLink(
  ports: Ports,
  bot: string,
  context: CommandContext,
  out: Output,
  options: WatchOptions,
): Promise<number> {
  try {
    return await watch(ports, bot, context, out, options);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    out.progress(`The bot stays. Show its code again with: pregonero bot link ${bot}`);
    return 130;
  }
}

async function watch(
  ports: Ports,
  bot: string,
  context: CommandContext,
  out: Output,
  { clock, phone, everyMs = LOOK_EVERY_MS }: WatchOptions,
): Promise<number> {
  const waiting = createWaiting(out);
  const startedAt = clock.now().getTime();
  let before: SessionReport | undefined;
  let isFirst = true;
  let shownState = "";
  let shownCode = "";
  let hasAsked = phone === undefined;
  for (;;) {
    const view = await ports.readSession({ bot, withCode: true }, context);
    const { report, code } = view;
    if (isFirst) before = report;
    isFirst = false;
    const elapsedMs = clock.now().getTime() - startedAt;
    waiting.look(view, elapsedMs);
    const isOld = report?.since === before?.since && elapsedMs < OLD_REPORT_MS;
    if (report !== undefined && view.isAttended) {
      const ended = endOf(report, view, isOld, out);
      if (ended !== undefined) return ended;
      if (report.state !== shownState) out.progress(`${report.state}: ${report.evidence}`);
      shownState = report.state;
    }
    if (phone !== undefined && !hasAsked && code !== undefined) {
      hasAsked = true;
      const request = { kind: "pairing-code", phone } as const;
      const { outcome, isDone } = await ports.askSession({ bot, request }, context);
      out.progress(outcome);
      if (!isDone) return 1;
      continue;
    }
    const isWanted = phone === undefined || code?.kind === "pairing-code";
    if (code !== undefined && isWanted && code.content !== shownCode) showCode(code, clock, out);
    shownCode = code?.content ?? "";
    await pause(everyMs, undefined, { signal: context.signal });
  }
}

/** The exit code, once there is nothing more to wait for. */
function endOf(
  { state, evidence, action }: SessionReport,
  { bot }: SessionView,
  isOld: boolean,
  out: Output,
): number | undefined {
  if (state === "ready" || state === "degraded") {
    out.result(`"${bot.name}" is linked and ${state}. Write to it from another phone to try it.`);
    return 0;
  }
  if (!DEAD_ENDS.includes(state) || isOld) return undefined;
  out.result(`"${bot.name}" is ${state}: ${evidence}`);
  if (action !== undefined) out.result(`What to do: ${action}`);
  return 1;
}

function showCode(code: LinkCode, clock: Clock, out: Output): void {
  const seconds = Math.max(
    0,
    Math.round((Date.parse(code.expiresAt) - clock.now().getTime()) / 1_000),
  );
  const which = `Code ${code.attempt} of ${code.attempts}, valid for ${seconds} s.`;
  if (code.kind === "qr") {
    out.draw(drawQrLines(code.content));
    out.progress(
      `${which} On the phone: WhatsApp → Linked devices → Link a device, and point it at the code above.`,
    );
  } else {
    out.result(`Pairing code: ${spacePairingCode(code.content)}`);
    out.progress(
      `${which} On the phone: WhatsApp → Linked devices → Link a device → Link with phone number instead.`,
    );
  }
}

/** As WhatsApp shows it: `ABCD-EFGH`. */
export function spacePairingCode(content: string): string {
  return /^[^-]{8}$/.test(content) ? `${content.slice(0, 4)}-${content.slice(4)}` : content;
}

/** Says once that no process has the account, and gives up when none comes. */
function createWaiting(out: Output) {
  let hasTold = false;
  return {
    look({ isAttended, canBeHeld, bot }: SessionView, elapsedMs: number): void {
      if (isAttended && canBeHeld) return;
      if (!canBeHeld || elapsedMs > GIVE_UP_UNATTENDED_MS) throw unattended(bot.botId);
      if (elapsedMs < TELL_UNATTENDED_MS || hasTold) return;
      hasTold = true;
      out.progress(
        "No process has taken this account up yet. Does `pregonero start` run with the role whatsapp? Waiting …",
      );
    },
  };
}

function unattended(botId: string): PregoneroError {
  return new PregoneroError(
    "session-unattended",
    `No process holds this account's browser. Start Pregonero with the role whatsapp (pregonero start), then: pregonero bot link ${botId}`,
    { retry: "backoff" },
  );
}
