import { setMaxListeners } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createTransport, TransportError } from "./http-transport.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Long enough that a busy machine has connected by then: what is waited for is the answer. */
const TIMEOUT_MS = 1_500;

const post = (
  root: string,
  signal?: AbortSignal,
  transport = createTransport({ callTimeoutMs: TIMEOUT_MS }),
) =>
  transport(`${root}/bot1:secret/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    ...(signal !== undefined && { signal }),
  });
const failureOf = async (call: Promise<unknown>): Promise<TransportError> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TransportError)) throw new Error("expected a TransportError");
  return error;
};

describe("the transport", () => {
  it("reads the Bot API's answer, refusals too", async () => {
    const answer = { ok: false, error_code: 400, description: "Bad Request" };
    const root = await serve((_, response) => response.writeHead(400).end(JSON.stringify(answer)));
    expect(await (await post(root)).json()).toEqual(answer);
  });

  it("proves that nothing was written to an address where nobody listens", async () => {
    expect(await failureOf(post("http://127.0.0.1:1"))).toMatchObject({
      written: false,
      reason: "econnrefused",
    });
    expect(await failureOf(post("http://no-such-host.invalid"))).toMatchObject({ written: false });
  });

  it("proves that nothing was written while a call waits for a connection", async () => {
    let requests = 0;
    const transport = createTransport({ callTimeoutMs: 5_000 });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    let allArrived = () => {};
    const arrived = new Promise<void>((resolve) => {
      allArrived = resolve;
    });
    const root = await serve(() => {
      requests += 1;
      if (requests === 64) allArrived();
    });
    const inFlight = Array.from({ length: 64 }, () =>
      failureOf(post(root, stop.signal, transport)),
    );
    await arrived;
    const queued = new AbortController();
    const waiting = failureOf(post(root, queued.signal, transport));
    queued.abort();
    expect(await waiting).toMatchObject({ written: false, reason: "aborted" });
    stop.abort();
    for (const failure of await Promise.all(inFlight))
      expect(failure).toMatchObject({ written: true });
    expect(requests).toBe(64);
  });

  it("does not claim so after a reset or a timeout", async () => {
    const silent = await serve(() => undefined);
    expect(await failureOf(post(silent))).toMatchObject({ written: true, reason: "timeout" });
    const resetting = await serve((request) => request.socket.destroy());
    expect(await failureOf(post(resetting))).toMatchObject({ written: true });
  });

  it("ends a call whose answer drips", async () => {
    const root = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    expect(await failureOf(post(root))).toMatchObject({ written: true, reason: "timeout" });
  });

  it("takes an answer of something in between for what it is", async () => {
    const page = await serve((_, response) =>
      response.writeHead(429, { "retry-after": "7" }).end("<html>"),
    );
    expect(await failureOf(post(page))).toMatchObject({ status: 429, retryAfterSeconds: 7 });
    const cut = await serve((_, response) => response.writeHead(200).end('{"ok":tr'));
    expect(await failureOf(post(cut))).toMatchObject({ status: 200, written: true });
    const other = await serve((_, response) => response.writeHead(200).end('{"status":"UP"}'));
    expect(await failureOf(post(other))).toMatchObject({ written: true });
  });

  it("refuses an endless answer", async () => {
    const root = await serve((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, " ");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    const transport = createTransport({ callTimeoutMs: 10_000 });
    expect(await failureOf(post(root, undefined, transport))).toMatchObject({
      reason: "answer-too-large",
    });
  });

  it("keeps connections alive", async () => {
    const ports = new Set<number | undefined>();
    const root = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{"ok":true,"result":true}');
    });
    const transport = createTransport();
    for (let n = 0; n < 20; n += 1) await post(root, undefined, transport);
    // The next call begins before undici has put the first connection back, so that two take turns.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
