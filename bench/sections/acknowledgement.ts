import type { Figure } from "../figure.ts";
import type { PostReport } from "../post-webhooks.ts";
import { type ProductRun, startProduct } from "../product.ts";
import { postWebhooks } from "../webhook-load.ts";

const SECONDS = 20;
const CHATS = 2_000;
const FIRST_CHAT = 20_000_000;
const ROUNDS = [
  { perSecond: 100, updateCount: CHATS },
  { perSecond: 300, updateCount: 300 * SECONDS },
  { perSecond: 500, updateCount: 500 * SECONDS },
];

/**
 * How fast a webhook is acknowledged while the same machine also answers what came before: by one process
 * for the network and one that answers, as docker-compose.yml runs them.
 */
export async function measureAcknowledgement(): Promise<readonly Figure[]> {
  const run = await startProduct({
    processes: ["api", "worker,scheduler"],
    acquainted: [{ first: FIRST_CHAT, count: CHATS }],
  });
  try {
    const reports = [];
    // The first round makes the chats' acquaintance.
    for (const [round, { perSecond, updateCount }] of ROUNDS.entries()) {
      reports.push(
        await postWebhooks({
          origins: run.processes.slice(0, 1).map(({ url }) => url),
          ...run.webhook,
          perSecond,
          updateCount,
          deliveries: 1,
          firstUpdateId: 10_000_000 * (round + 1),
          firstChatId: FIRST_CHAT,
          chatCount: CHATS,
        }),
      );
      await untilDrained(run);
    }
    const [, at300, at500] = reports;
    return [...figuresOf(at300, 300, 50), ...figuresOf(at500, 500, undefined)];
  } finally {
    await run.stop();
  }
}

function figuresOf(
  report: PostReport | undefined,
  perSecond: number,
  p99AtMost: number | undefined,
): Figure[] {
  if (report === undefined) return [];
  const refused = Object.entries(report.statuses)
    .filter(([status]) => status !== "200")
    .map(([status, count]) => `${count} × ${status}`);
  return [
    {
      figure: `webhook acknowledged at ${perSecond}/s, median`,
      value: report.ackMs.p50,
      unit: "ms",
    },
    {
      figure: `webhook acknowledged at ${perSecond}/s, 99th percentile`,
      value: report.ackMs.p99,
      unit: "ms",
      ...(p99AtMost === undefined ? {} : { target: { atMost: p99AtMost } }),
      note: `${SECONDS} s, open loop, ${CHATS} chats that wrote before; greatest ${report.ackMs.max.toFixed(0)} ms; ${refused.length === 0 ? "all 200" : refused.join(", ")}`,
    },
  ];
}

/** Resolves when every message was answered, so that the next load meets an idle product. */
export async function untilDrained(run: ProductRun, timeoutMs = 300_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const [left] = await run.database.query<{ count: number }>(
      `select (select count(*) from inbox where state = 'pending')::int
            + (select count(*) from outbox where state in ('queued', 'attempting'))::int as count`,
    );
    if (left?.count === 0) return;
    if (performance.now() > deadline)
      throw new Error(`${left?.count} messages and parts are left.`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
