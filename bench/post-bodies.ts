import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { signBody } from "../test/stand-ins/graph/webhook-feed.ts";
import { ascending, percentile } from "./statistics.ts";

export interface BodiesPlan {
  readonly origin: string;
  readonly path: string;
  /** Signs each body, as Meta does. */
  readonly appSecret: string;
  /** A file of JSON bodies, one a line, in the order of their delivery. */
  readonly file: string;
  /** Deliveries per second, at times fixed in advance (open loop): a slow answer delays no other delivery. */
  readonly perSecond: number;
}

export interface BodiesReport {
  /** From the time fixed in advance to the end of the answer. */
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Of the answers, 0 to 1. */
  readonly shareOverOneSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

const CONNECTIONS = 100;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = await post(JSON.parse(process.argv[2] ?? "") as BodiesPlan);
  console.log(`report ${JSON.stringify(report)}`);
}

async function post(plan: BodiesPlan): Promise<BodiesReport> {
  const pool = new Pool(plan.origin, { connections: CONNECTIONS });
  const bodies = readFileSync(plan.file, "utf8").trimEnd().split("\n");
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  const pending = new Set<Promise<void>>();
  const began = performance.now();

  async function deliver(body: string, at: number): Promise<void> {
    let status = 0;
    try {
      const answer = await pool.request({
        method: "POST",
        path: plan.path,
        headers: {
          "content-type": "application/json",
          "x-hub-signature-256": signBody(plan.appSecret, body),
        },
        body,
      });
      await answer.body.dump();
      status = answer.statusCode;
    } catch {
      // Counted as status 0.
    }
    statuses[status] = (statuses[status] ?? 0) + 1;
    latencies.push(performance.now() - began - at);
  }

  for (const [index, body] of bodies.entries()) {
    const at = (index * 1_000) / plan.perSecond;
    const early = at - (performance.now() - began);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const delivery = deliver(body, at).finally(() => pending.delete(delivery));
    pending.add(delivery);
  }
  await Promise.all(pending);
  await pool.close();
  const sorted = ascending(latencies);
  return {
    ackMs: {
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      max: percentile(sorted, 1),
    },
    shareOverOneSecond: sorted.filter((ms) => ms > 1_000).length / sorted.length,
    statuses,
  };
}
