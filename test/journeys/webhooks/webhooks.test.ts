import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import { listDisabledWebhooks } from "../../../src/store/outgoing-webhooks/disabled-webhooks.ts";
import type { Browser } from "../people/browser.ts";
import { type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A tenant's program: answers as each path says, and keeps what it was sent. */
const received: Received[] = [];
const answers = new Map<string, number | "never">();
let receiver: Server;
let base: string;
let people: RunningPeople;
let owner: Browser;
let mine: TenantId;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      received.push({ path, headers: request.headers, body });
      const answer = answers.get(path) ?? 204;
      if (answer !== "never") response.writeHead(answer).end(answer === 204 ? "" : "why not");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  people = await startPeople({ ALLOWED_PRIVATE_ADDRESSES: `127.0.0.1:${port}` });
  owner = (await setUp(people)).browser;
  mine = people.installation.tenantId;
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await people?.close();
});

async function add(path: string, kinds: readonly string[] = ["assistant-changed"]) {
  const added = await owner.call("POST", "/api/v1/webhooks", { url: base + path, kinds });
  if (added.status !== 201) throw new Error(added.text);
  return added.json as { readonly id: string; readonly secret: string };
}
const happen = (what: string, tenantId = mine) =>
  people.installation.notices.log.append(tenantId, [
    { kind: "assistant-changed", detail: { assistantId: asId(what), change: "saved" } },
  ]);
const sentTo = (path: string) => received.filter((each) => each.path === path);
const idOf = ({ headers }: Received | undefined = received[0] as Received) =>
  String(headers["webhook-id"]);
/** Lets the pause before the next attempt be over. */
const makeDue = () =>
  people.installation.database.asOwner(async (tx) => {
    await tx.query("update webhook_delivery set next_attempt_at = now() where state = 'pending'");
  });
const get = async (path: string) => (await owner.call("GET", path)).json;
const find = (id: string) => people.installation.notices.webhooks.find(mine, id);

function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(expected);
}

describe("outgoing webhooks", () => {
  it("post what happens in the tenant, signed, and nothing of another", async () => {
    const { secret, id } = await add("/signed");
    const theirs = await people.addTenant();
    await happen("canary of theirs", theirs);
    await happen("ours");
    await expect.poll(() => sentTo("/signed").length).toBe(1);
    const [post] = sentTo("/signed") as [Received];
    expect(JSON.parse(post.body)).toMatchObject({
      type: "assistant-changed",
      data: { tenantId: mine, assistantId: "ours" },
    });
    expect(isSigned(post, secret)).toBe(true);
    expect((await owner.call("GET", `/api/v1/webhooks/${id}`)).text).not.toContain("whsec_");

    const rotated = await owner.call("POST", `/api/v1/webhooks/${id}/secret`);
    await happen("after the rotation");
    await expect.poll(() => sentTo("/signed").length).toBe(2);
    const [, later] = sentTo("/signed") as [Received, Received];
    expect([isSigned(later, secret), isSigned(later, rotated.json.secret)]).toEqual([true, true]);
  });

  it("come again under the same id until they are taken, and the log says why", async () => {
    answers.set("/fails", 500);
    const { id } = await add("/fails");
    await happen("again");
    await expect.poll(() => sentTo("/fails").length).toBe(1);
    await expect.poll(async () => (await find(id))?.failingSince).toBeTruthy();
    answers.set("/fails", 200);
    await makeDue();
    await expect.poll(async () => (await find(id))?.lastSuccessAt).toBeTruthy();
    const { deliveries } = await get(`/api/v1/webhooks/${id}/deliveries`);
    expect(deliveries[0].state).toBe("delivered");
    const [first, second] = sentTo("/fails");
    expect(idOf(first)).toBe(idOf(second));
    const { log } = await get(`/api/v1/webhooks/${id}/deliveries/${idOf(first)}`);
    expect(log).toMatchObject([
      { attempt: 2, status: 200 },
      { attempt: 1, status: 500, response: "why not" },
    ]);
    expect(await get(`/api/v1/webhooks/${id}`)).toMatchObject({ failingSince: null });
  });

  it("stop where 410 is answered, and post what was missed when it is asked for", async () => {
    answers.set("/gone", 410);
    const { id } = await add("/gone");
    const since = new Date(Date.now() - 60_000).toISOString();
    await happen("last");
    await expect.poll(() => find(id)).toMatchObject({ state: "disabled", disabledReason: "gone" });
    await happen("missed");
    answers.set("/gone", 204);
    const { headers } = await owner.call("GET", `/api/v1/webhooks/${id}`);
    const ifMatch = { headers: { "if-match": headers.get("etag") ?? "" } };
    const path = `/api/v1/webhooks/${id}`;
    expect((await owner.call("PATCH", path, { state: "active" })).status).toBe(428);
    expect((await owner.call("PATCH", path, { state: "active" }, ifMatch)).status).toBe(200);
    expect((await owner.call("PATCH", path, { state: "active" }, ifMatch)).status).toBe(412);
    const range = { from: since, to: new Date(Date.now() + 60_000).toISOString() };
    const replayed = await owner.call("POST", `${path}/replays`, range);
    // What had no number yet when it was active again comes by itself, and is no part of the range.
    expect(replayed).toMatchObject({ status: 202 });
    await expect.poll(() => sentTo("/gone").length).toBe(3);
    const told = sentTo("/gone").map(({ body }) => JSON.parse(body).data.assistantId);
    expect(told.sort()).toEqual(["last", "last", "missed"]);
  });

  it("are sent again by hand, and for a test, once for each Idempotency-Key", async () => {
    const { id } = await add("/by-hand", ["bot-changed"]);
    const key = { headers: { "idempotency-key": "one" } };
    const path = `/api/v1/webhooks/${id}`;
    const [first, again] = [
      await owner.call("POST", `${path}/tests`, undefined, key),
      await owner.call("POST", `${path}/tests`, undefined, key),
    ];
    expect(again.json).toEqual(first.json);
    const { deliveryId } = first.json;
    await expect.poll(() => sentTo("/by-hand").length).toBe(1);
    await expect.poll(async () => (await find(id))?.lastSuccessAt).toBeTruthy();
    const replay = await owner.call("POST", `${path}/deliveries/${deliveryId}/replay`);
    expect(replay.status).toBe(202);
    await expect.poll(() => sentTo("/by-hand").map(idOf)).toEqual([deliveryId, deliveryId]);
  });

  it("reach one that answers while another never does", async () => {
    answers.set("/never", "never");
    await add("/never", ["export-ready"]);
    const prompt = await add("/prompt", ["export-ready"]);
    const many = Array.from({ length: 40 }, (_, index) => ({
      kind: "export-ready" as const,
      detail: { exportId: `${index}` },
    }));
    await people.installation.notices.log.append(mine, many);
    await expect.poll(() => sentTo("/prompt").length).toBe(40);
    expect(sentTo("/never").length).toBeLessThanOrEqual(4);
    expect(prompt.id).toBeTruthy();
  });

  it("lead into no private network, and are nobody else's to see", async () => {
    const draft = (url: string) => ({ url, kinds: ["assistant-changed"] });
    const refused = await owner.call("POST", "/api/v1/webhooks", draft("http://127.0.0.1:1/x"));
    expect(refused).toMatchObject({ status: 400, json: { code: "url-refused" } });
    const unknown = await owner.call("POST", "/api/v1/webhooks", {
      ...draft("https://example.org"),
      secret: "mine",
    });
    expect(unknown.status).toBe(400);
    const { id } = await add("/private");
    const theirs = await people.addTenant();
    const eva = await people.join("eva@example.org", "owner", theirs);
    const seen = await eva.browser.call("GET", `/api/v1/webhooks/${id}`);
    const missing = await eva.browser.call(
      "GET",
      "/api/v1/webhooks/00000000-0000-4000-8000-000000000000",
    );
    expect([seen.status, missing.status]).toEqual([404, 404]);
    expect((await eva.browser.call("GET", "/api/v1/webhooks")).json.webhooks).toEqual([]);
  });

  it("are disabled after days of nothing but failures, and somebody is told", async () => {
    answers.set("/dead", 503);
    const { id } = await add("/dead");
    await happen("one");
    await expect.poll(async () => (await find(id))?.failingSince).toBeTruthy();
    await people.installation.database.asOwner((tx) =>
      tx.query(
        "update webhook_endpoint set failing_since = now() - interval '6 days' where id = $1",
        [id],
      ),
    );
    await makeDue();
    await expect
      .poll(() => find(id))
      .toMatchObject({ state: "disabled", disabledReason: "failing" });
    const seen = await listDisabledWebhooks(people.installation.database);
    expect(seen.map(({ endpointId }) => endpointId)).toContain(id);
    const events = await people.installation.notices.log.readAfter(0, 1_000);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: "webhook-changed",
        detail: { endpointId: id, state: "disabled", reason: "failing" },
      }),
    );
  });
});
