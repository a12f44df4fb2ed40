import type { ContactId } from "../../src/core/ids.ts";
import type { CampaignCell } from "./campaign-cell.ts";

export interface CampaignVerdict {
  readonly recipients: number;
  /** By state and reason, as the delivery report has them. */
  readonly report: Readonly<Record<string, number>>;
  /** Who should have got it, did not, and is not listed as `unknown`. */
  readonly missing: number;
  /** Who got it more than once. */
  readonly doubled: number;
  /** Who got it although they are listed as if they had not. */
  readonly misreported: number;
  /** Sends that Telegram took while the campaign was paused, after what was on its way had settled. */
  readonly sentWhilePaused: number;
  readonly refusedForLimits: number;
  /** Replies to citizens who asked before, or while the campaign was paused: what the machine does without it. */
  readonly repliesWithoutMs: readonly number[];
  readonly repliesDuringMs: readonly number[];
  readonly seconds: number;
}

const TEXT = "Aviso: mañana no hay agua de 8 a 12.";
/** What was attempted when the pause was committed settles within this. */
const SETTLE_MS = 1_500;
const PROBE_EVERY_MS = 250;
const KILLS = 2;

/**
 * Sends one campaign, pauses and resumes it, kills two workers, and asks all the while. A machine that others use too is
 * slower at one time than at another: the pauses are spread over the run, and replies are compared with those in them.
 */
export async function runCampaign(
  cell: CampaignCell,
  options: { readonly pauses: number; readonly pauseMs: number; readonly timeoutMs: number },
): Promise<CampaignVerdict> {
  const replies = startAsking(cell);
  await pass(options.pauseMs);
  const id = await start(cell);
  const startedAt = performance.now();
  replies.phase("during");
  const total = cell.chatOf.size;
  let sentWhilePaused = 0;
  for (let pause = 1; pause <= options.pauses; pause++) {
    await untilSent(cell, (total * (pause - 0.5)) / (options.pauses + 0.5));
    if (pause <= KILLS) await cell.killWorker();
    await untilSent(cell, (total * pause) / (options.pauses + 0.5));
    sentWhilePaused += await pauseFor(cell, id, options.pauseMs, replies);
  }
  await until(cell, id, options.timeoutMs, ({ counts }) => counts.pending === 0);
  replies.phase("neither");
  await until(cell, id, options.timeoutMs, ({ state }) => state === "done");
  const seconds = (performance.now() - startedAt) / 1_000;
  const { without, during } = await replies.end();
  const judged = await judge(cell, id);
  return {
    ...judged,
    sentWhilePaused,
    repliesWithoutMs: without,
    repliesDuringMs: during,
    seconds,
  };
}

type Phase = "without" | "during" | "neither";

/** A citizen asks every 250 ms; each reply counts for the phase that it was asked in. */
function startAsking(cell: CampaignCell) {
  let phase: Phase = "without";
  let isOver = false;
  const asked: Promise<{ readonly phase: Phase; readonly ms: number }>[] = [];
  const asking = (async () => {
    while (!isOver) {
      const current = phase;
      asked.push(cell.probe().then((ms) => ({ phase: current, ms })));
      await pass(PROBE_EVERY_MS);
    }
  })();
  return {
    phase(next: Phase): void {
      phase = next;
    },
    async end() {
      isOver = true;
      await asking;
      const all = await Promise.all(asked);
      const of = (wanted: Phase) => all.flatMap((one) => (one.phase === wanted ? [one.ms] : []));
      return { without: of("without"), during: of("during") };
    },
  };
}

async function start(cell: CampaignCell): Promise<string> {
  const draft = { name: "Corte de agua", text: TEXT, bots: [cell.bot.botId] };
  const { json, etag } = await cell.call("POST", "/campaigns", draft);
  const audience = { kind: "contacts", contacts: [...cell.chatOf.keys()] };
  const set = await cell.call("PUT", `/campaigns/${json.id}/audience`, audience, {
    "if-match": etag,
  });
  const headers = { "if-match": set.etag, "idempotency-key": crypto.randomUUID() };
  await cell.call("POST", `/campaigns/${json.id}/schedule`, {}, headers);
  return json.id;
}

function countSent(cell: CampaignCell): number {
  return cell.standIn.sent().filter(({ text }) => text === TEXT).length;
}

async function untilSent(cell: CampaignCell, count: number): Promise<void> {
  while (countSent(cell) < count) await pass(100);
}

async function pauseFor(
  cell: CampaignCell,
  id: string,
  pauseMs: number,
  replies: ReturnType<typeof startAsking>,
): Promise<number> {
  replies.phase("neither");
  await cell.call("POST", `/campaigns/${id}/pause`);
  await pass(SETTLE_MS);
  const before = countSent(cell);
  replies.phase("without");
  await pass(pauseMs);
  const sent = countSent(cell) - before;
  await cell.call("POST", `/campaigns/${id}/resume`);
  replies.phase("during");
  return sent;
}

async function until(
  cell: CampaignCell,
  id: string,
  timeoutMs: number,
  isSo: (campaign: { readonly state: string; readonly counts: { pending: number } }) => boolean,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { json } = await cell.call("GET", `/campaigns/${id}`);
    if (isSo(json)) return;
    if (performance.now() > deadline) {
      throw new Error(`The campaign is ${json.state}: ${JSON.stringify(json.counts)}`);
    }
    await pass(500);
  }
}

async function judge(cell: CampaignCell, id: string) {
  const rows = await cell.database.query<{
    readonly contact_id: ContactId;
    readonly state: string;
    readonly reason: string | null;
  }>("select contact_id, state, reason from campaign_recipient where campaign_id = $1", [id]);
  const arrived = new Map<number, number>();
  for (const { chatId, text } of cell.standIn.sent()) {
    if (text === TEXT) arrived.set(chatId, (arrived.get(chatId) ?? 0) + 1);
  }
  const report: Record<string, number> = {};
  for (const { state, reason } of rows) {
    const key = reason === null ? state : `${state}: ${reason}`;
    report[key] = (report[key] ?? 0) + 1;
  }
  const judged = rows.map(({ contact_id, state }) => {
    const chatId = cell.chatOf.get(contact_id) ?? -1;
    return { state, chatId, times: arrived.get(chatId) ?? 0 };
  });
  const eligible = judged.filter(({ chatId }) => !cell.blocked.has(chatId));
  const hasArrived = ["sent", "delivered", "read", "unknown"];
  return {
    recipients: new Set(judged.map(({ chatId }) => chatId)).size,
    report,
    missing: eligible.filter(({ state, times }) => times === 0 && state !== "unknown").length,
    doubled: [...arrived.values()].filter((times) => times > 1).length,
    misreported: judged.filter(({ state, times }) => times > 0 && !hasArrived.includes(state))
      .length,
    refusedForLimits: cell.standIn.calls("sendMessage").filter(({ status }) => status === 429)
      .length,
  };
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
