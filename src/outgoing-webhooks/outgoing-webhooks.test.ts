import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../core/clock.ts";
import { asId } from "../core/ids.ts";
import type { DueDelivery } from "../core/outgoing-webhooks.ts";
import { createGuardedFetch } from "../guarded-fetch/guarded-fetch.ts";
import { checkWebhookUrl } from "./check-webhook-url.ts";
import { postDelivery } from "./post-delivery.ts";
import { pauseAfter, RETRY_PAUSES_MS } from "./retry-schedule.ts";
import { newWebhookSecret, signWebhook } from "./sign-webhook.ts";

describe("the signature", () => {
  it("is the one of the example of Standard Webhooks", () => {
    // standard-webhooks/spec/standard-webhooks.md, and the tests of its libraries.
    const headers = signWebhook(
      {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        at: new Date(1614265330 * 1000),
        body: '{"test": 2432232314}',
      },
      ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    );
    expect(headers).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("is there once for each secret", () => {
    const message = { id: "m", at: new Date(0), body: "{}" };
    const [one, two] = [newWebhookSecret(), newWebhookSecret()];
    const of = (...secrets: string[]) => signWebhook(message, secrets)["webhook-signature"];
    expect(of(one, two)).toBe(`${of(one)} ${of(two)}`);
  });
});

describe("the schedule", () => {
  it("ends after ten attempts in about three days", () => {
    const days = RETRY_PAUSES_MS.reduce((sum, pause) => sum + pause, 0) / 86_400_000;
    expect(days).toBeGreaterThan(3);
    expect(days).toBeLessThan(3.5);
    expect(pauseAfter(RETRY_PAUSES_MS.length, undefined, 0)).toBeDefined();
    expect(pauseAfter(RETRY_PAUSES_MS.length + 1, undefined, 0)).toBeUndefined();
  });

  it("waits as long as the receiver asks for, a day at most, and never less than it says itself", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, asked, chance) => {
          const pause = pauseAfter(attempt, asked, chance) ?? 0;
          const own = RETRY_PAUSES_MS[attempt - 1] ?? 0;
          expect(pause).toBeGreaterThanOrEqual(Math.floor(Math.min(own * 0.9, 86_400_000)));
          expect(pause).toBeGreaterThanOrEqual(Math.min(asked ?? 0, 86_400_000));
          expect(pause).toBeLessThanOrEqual(86_400_000);
        },
      ),
    );
  });
});

describe("an address", () => {
  it.each([
    "http://127.0.0.1/x",
    "http://2130706433/",
    "https://[::1]/",
    "http://169.254.169.254/latest",
    "https://user:secret@example.org/",
    "https://example.org:8443/",
    "ftp://example.org/",
  ])("is refused when it is %s", (url) => {
    expect(() => checkWebhookUrl(url, [])).toThrow(
      expect.objectContaining({ code: "url-refused", status: 400 }),
    );
  });

  it("is taken when it is public, or the operator's word", () => {
    checkWebhookUrl("https://example.org/hook?key=1", []);
    checkWebhookUrl("http://127.0.0.1:9001/", [{ address: "127.0.0.1", port: 9001 }]);
  });
});

describe("a receiver", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function receive(listener: RequestListener, timeoutMs = 5_000) {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const guarded = createGuardedFetch({ allowed: [{ address: "127.0.0.1", port }] });
    const due: DueDelivery = {
      tenantId: asId("00000000-0000-4000-8000-000000000001"),
      endpointId: "e",
      deliveryId: "d",
      kind: "webhook.test",
      detail: {},
      happenedAt: new Date(0),
      attempt: 1,
      tryNumber: 1,
      url: `http://127.0.0.1:${port}/hook`,
      secrets: [newWebhookSecret()],
    };
    const fetch: typeof guarded = (request) => guarded({ ...request, timeoutMs });
    const ports = { fetch, clock: systemClock, chance: () => 0.5 };
    return postDelivery(ports, due, new AbortController().signal);
  }

  it("that answers 2xx has it", async () => {
    const result = await receive((_, response) => response.writeHead(204).end());
    expect(result).toMatchObject({ status: 204, verdict: { kind: "delivered" } });
  });

  it("that redirects is not followed", async () => {
    let asked = 0;
    const result = await receive((_, response) => {
      asked += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(asked).toBe(1);
    expect(result).toMatchObject({ status: 307, verdict: { kind: "retry", afterMs: 5_000 } });
  });

  it("that asks for time gets it", async () => {
    const result = await receive((_, response) =>
      response.writeHead(429, { "retry-after": "120" }).end("later\u0000please"),
    );
    expect(result).toMatchObject({
      status: 429,
      response: "laterplease",
      verdict: { kind: "retry", afterMs: 120_000 },
    });
  });

  it("that is gone says so", async () => {
    const result = await receive((_, response) => response.writeHead(410).end());
    expect(result.verdict).toEqual({ kind: "gone" });
  });

  it("that answers drop by drop is left after a time", async () => {
    const result = await receive((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("."), 50);
      response.once("close", () => clearInterval(drip));
    }, 400);
    expect(result).toMatchObject({
      status: undefined,
      error: "fetch-failed",
      verdict: { kind: "retry" },
    });
  });
});
