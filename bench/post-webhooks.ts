import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { questionOf } from "./questions.ts";
import { ascending, percentile, shuffled } from "./statistics.ts";

export interface PostPlan {
  /** Roots of the processes that share the webhook; deliveries go to each in turn. */
  readonly origins: readonly string[];
  readonly path: string;
  readonly secret: string;
  /** Deliveries per second, at times fixed in advance (open loop): a slow answer delays no other delivery. */
  readonly perSecond: number;
  readonly updateCount: number;
  /** Deliveries of each update, in a shuffled order of all. */
  readonly deliveries: number;
  readonly firstUpdateId: number;
  /** The updates come from these chats in turn. */
  readonly firstChatId: number;
  readonly chatCount: number;
}

export interface PostReport {
  /** From the time fixed in advance to the end of the answer: counts waiting in our own queue too. */
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly seconds: number;
  /** How often each HTTP status came; 0 for no answer. */
  readonly statuses: Readonly<Record<string, number>>;
}

const CONNECTIONS_PER_ORIGIN = 100;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = await post(JSON.parse(process.argv[2] ?? "") as PostPlan);
  console.log(`report ${JSON.stringify(report)}`);
}

async function post(plan: PostPlan): Promise<PostReport> {
  const pools = plan.origins.map(
    (origin) => new Pool(origin, { connections: CONNECTIONS_PER_ORIGIN }),
  );
  const order = shuffled(
    Array.from(
      { length: plan.updateCount * plan.deliveries },
      (_, index) => index % plan.updateCount,
    ),
    42,
  );
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  const pending = new Set<Promise<void>>();
  const began = performance.now();

  async function deliver(update: number, at: number, pool: Pool): Promise<void> {
    let status = 0;
    try {
      const answer = await pool.request({
        method: "POST",
        path: plan.path,
        headers: {
          "content-type": "application/json",
          "x-telegram-bot-api-secret-token": plan.secret,
        },
        body: JSON.stringify(toUpdate(plan, update)),
      });
      await answer.body.dump();
      status = answer.statusCode;
    } catch {
      // Counted as status 0.
    }
    statuses[status] = (statuses[status] ?? 0) + 1;
    latencies.push(performance.now() - began - at);
  }

  for (const [index, update] of order.entries()) {
    const at = (index * 1_000) / plan.perSecond;
    const early = at - (performance.now() - began);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const pool = pools[index % pools.length];
    if (pool === undefined) continue;
    const delivery = deliver(update, at, pool).finally(() => pending.delete(delivery));
    pending.add(delivery);
  }
  await Promise.all(pending);
  await Promise.all(pools.map((pool) => pool.close()));
  const sorted = ascending(latencies);
  return {
    ackMs: {
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      max: percentile(sorted, 1),
    },
    seconds: (performance.now() - began) / 1_000,
    statuses,
  };
}

/** As Telegram writes it (Bot API, Update and Message). */
function toUpdate(plan: PostPlan, index: number): object {
  const id = plan.firstChatId + (index % plan.chatCount);
  const person = { id, first_name: `Vecina ${id}`, language_code: "es" };
  return {
    update_id: plan.firstUpdateId + index,
    message: {
      message_id: 1 + Math.floor(index / plan.chatCount),
      from: { ...person, is_bot: false },
      chat: { ...person, type: "private" },
      date: Math.floor(Date.now() / 1_000),
      text: questionOf(index),
    },
  };
}
