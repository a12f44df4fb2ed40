import type { Figure } from "../figure.ts";
import type { PostReport } from "../post-webhooks.ts";
import { type ProductRun, startProduct } from "../product.ts";
import { postWebhooks } from "../webhook-load.ts";

const SECONDS = 20;
const CHATS = 2_000;
const ACQUAINTED = 20_000_000;
const STRANGERS = 30_000_000;

interface Round {
  readonly perSecond: number;
  readonly updateCount: number;
  readonly firstChatId: number;
  readonly chatCount: number;
  /** Of the 99th percentile, in milliseconds. */
  readonly atMost?: number;
  /** As the table names those who write. Undefined: a round whose figures say nothing. */
  readonly who?: string;
}

const known = { firstChatId: ACQUAINTED, chatCount: CHATS };
const ROUNDS: readonly Round[] = [
  // Makes the chats' acquaintance, and warms up.
  { perSecond: 100, updateCount: CHATS, ...known },
  { perSecond: 300, updateCount: 300 * SECONDS, ...known, who: "known chats", atMost: 50 },
  {
    perSecond: 300,
    updateCount: 300 * SECONDS,
    firstChatId: STRANGERS,
    // Everybody writes once: each update brings a contact, an alias and a conversation.
    chatCount: 300 * SECONDS,
    who: "first contacts",
    atMost: 50,
  },
  { perSecond: 500, updateCount: 500 * SECONDS, ...known, who: "known chats" },
];

/**
 * How fast a webhook is acknowledged while the same machine also answers what came before: by one process
 * for the network and one that answers, as docker-compose.yml runs them.
 */
export async function measureAcknowledgement(): Promise<readonly Figure[]> {
  const run = await startProduct({
    processes: ["api", "worker,scheduler"],
    acquainted: ROUNDS.map(({ firstChatId, chatCount }) => ({
      first: firstChatId,
      count: chatCount,
    })),
  });
  try {
    const figures: Figure[] = [];
    for (const [index, round] of ROUNDS.entries()) {
      const { who, atMost, ...plan } = round;
      const report = await postWebhooks({
        origins: run.processes.slice(0, 1).map(({ url }) => url),
        ...run.webhook,
        ...plan,
        deliveries: 1,
        firstUpdateId: 10_000_000 * (index + 1),
      });
      if (who !== undefined) figures.push(...figuresOf(report, who, round));
      await untilDrained(run);
    }
    return figures;
  } finally {
    await run.stop();
  }
}

function figuresOf(report: PostReport, who: string, { perSecond, atMost }: Round): Figure[] {
  const refused = Object.entries(report.statuses)
    .filter(([status]) => status !== "200")
    .map(([status, count]) => `${count} × ${status}`);
  const figure = `webhook acknowledged at ${perSecond}/s, ${who}`;
  return [
    { figure: `${figure}, median`, value: report.ackMs.p50, unit: "ms" },
    {
      figure: `${figure}, 99th percentile`,
      value: report.ackMs.p99,
      unit: "ms",
      ...(atMost === undefined ? {} : { target: { atMost } }),
      note: `${SECONDS} s, open loop; greatest ${report.ackMs.max.toFixed(0)} ms; ${refused.length === 0 ? "all 200" : refused.join(", ")}`,
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
