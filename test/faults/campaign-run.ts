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
  readonly repliesBeforeMs: readonly number[];
  readonly repliesDuringMs: readonly number[];
  readonly seconds: number;
}

const TEXT = "Aviso: mañana no hay agua de 8 a 12.";
const PAUSE_MS = 3_000;
/** What was attempted when the pause was committed settles within this. */
const SETTLE_MS = 1_500;
const PROBE_EVERY_MS = 250;

/** Sends one campaign, pauses and resumes it half-way, kills two workers, and asks all the while. */
export async function runCampaign(
  cell: CampaignCell,
  options: { readonly probes: number; readonly timeoutMs: number },
): Promise<CampaignVerdict> {
  const repliesBeforeMs = await probe(cell, options.probes, () => false);
  const id = await start(cell);
  const startedAt = performance.now();
  let isDone = false;
  const probing = probe(cell, Number.POSITIVE_INFINITY, () => isDone);
  const total = cell.chatOf.size;
  await untilSent(cell, total * 0.25);
  await cell.killWorker();
  await untilSent(cell, total * 0.5);
  const sentWhilePaused = await pause(cell, id);
  await untilSent(cell, total * 0.7);
  await cell.killWorker();
  await untilDone(cell, id, options.timeoutMs);
  const seconds = (performance.now() - startedAt) / 1_000;
  isDone = true;
  const repliesDuringMs = await probing;
  return { ...(await judge(cell, id)), sentWhilePaused, repliesBeforeMs, repliesDuringMs, seconds };
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

async function probe(
  cell: CampaignCell,
  count: number,
  isOver: () => boolean,
): Promise<readonly number[]> {
  const replies: Promise<number>[] = [];
  while (replies.length < count && !isOver()) {
    replies.push(cell.probe());
    await pass(PROBE_EVERY_MS);
  }
  return Promise.all(replies);
}

function countSent(cell: CampaignCell): number {
  return cell.standIn.sent().filter(({ text }) => text === TEXT).length;
}

async function untilSent(cell: CampaignCell, count: number): Promise<void> {
  while (countSent(cell) < count) await pass(100);
}

async function pause(cell: CampaignCell, id: string): Promise<number> {
  await cell.call("POST", `/campaigns/${id}/pause`);
  await pass(SETTLE_MS);
  const before = countSent(cell);
  await pass(PAUSE_MS);
  const sent = countSent(cell) - before;
  await cell.call("POST", `/campaigns/${id}/resume`);
  return sent;
}

async function untilDone(cell: CampaignCell, id: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { json } = await cell.call("GET", `/campaigns/${id}`);
    if (json.state === "done") return;
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
