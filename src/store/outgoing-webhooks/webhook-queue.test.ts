import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTenant, openLedgers } from "../../../test/line/tenant-line.ts";
import type { TenantId } from "../../core/ids.ts";
import type { DueDelivery, WebhookQueue } from "../../core/outgoing-webhooks.ts";
import type { Database } from "../database.ts";
import { createEventLog } from "../events/event-log.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createWebhookEndpoints } from "./webhook-endpoints.ts";
import { createWebhookQueue } from "./webhook-queue.ts";

let database: Database;
let queue: WebhookQueue;
let endpoints: ReturnType<typeof createWebhookEndpoints>;
let tenantId: TenantId;
const by = { actor: "test" };

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  const line = openLedgers(database);
  ({ tenantId } = await addTenant(line));
  queue = createWebhookQueue(database, line.cipher);
  endpoints = createWebhookEndpoints(database, line.cipher);
});
afterAll(() => database.close());

async function addEndpoint(): Promise<string> {
  const endpointId = randomUUID();
  const url = `https://example.org/${endpointId}`;
  const endpoint = { endpointId, url, kinds: ["tenant-changed"] as const, secret: "whsec_AAAA" };
  await endpoints.insert(tenantId, endpoint, by);
  return endpointId;
}
async function happen(count: number): Promise<void> {
  const log = createEventLog(database);
  const event = { kind: "tenant-changed", detail: { change: "changed" } } as const;
  await log.append(tenantId, Array<typeof event>(count).fill(event));
  await log.readAfter(Number.MAX_SAFE_INTEGER, 1);
}
const claim = (limit: number, except: readonly string[] = []) =>
  queue.claim({ limit, perEndpoint: 2, leaseMs: 60_000, except });
const count = (due: readonly DueDelivery[], id: string) =>
  due.filter(({ endpointId }) => endpointId === id).length;

describe("deliveries", () => {
  it("are made once of each event, shared out between endpoints, and settled by their own attempt alone", async () => {
    await happen(3);
    const [one, other] = [await addEndpoint(), await addEndpoint()];
    await happen(5);
    expect(await queue.fanOut()).toBe(10);
    expect(await queue.fanOut()).toBe(0);
    const due = await claim(3);
    expect(due).toHaveLength(3);
    expect([count(due, one), count(due, other)].sort()).toEqual([1, 2]);
    const rest = await claim(10, [one]);
    expect([count(rest, one), count(rest, other)]).toEqual([0, 2]);

    const [first] = due as [DueDelivery];
    const failed = {
      due: first,
      attemptedAt: new Date(),
      durationMs: 1,
      status: 500,
      error: undefined,
      response: "no",
      verdict: { kind: "retry", afterMs: 0 },
    } as const;
    await queue.settle(failed, 86_400_000);
    // It fails: one at a time from now on.
    const again = await claim(10);
    expect(count(again, first.endpointId)).toBe(1);
    const [later] = again.filter(({ endpointId }) => endpointId === first.endpointId);
    const late = { ...first, ...later, attempt: 99 };
    await queue.settle({ ...failed, due: late, verdict: { kind: "failed" } }, 86_400_000);
    const [row] = await database.asTenant(tenantId, (tx) =>
      tx.query<{ state: string }>("select state from webhook_delivery where id = $1", [
        late.deliveryId,
      ]),
    );
    expect(row?.state).toBe("pending");
  });
});
