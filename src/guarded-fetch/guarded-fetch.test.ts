import { createSocket, type Socket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GuardedRequest } from "../core/guarded-fetch.ts";
import { createGuardedFetch, type GuardedFetchOptions } from "./guarded-fetch.ts";

interface Hit {
  readonly address: string | undefined;
  readonly url: string;
  readonly authorization: string | undefined;
}
const hits: Hit[] = [];
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? "/";
    const address = request.socket.localAddress;
    hits.push({ address, url, authorization: request.headers.authorization });
    const query = new URL(url, "http://x").searchParams;
    const to = query.get("to");
    if (to !== null) response.writeHead(302, { location: to }).end();
    else if (url === "/silent") return;
    else if (url === "/zipped")
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("a".repeat(100_000)));
    else if (url === "/endless") {
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on("close", () => clearInterval(timer));
    } else response.writeHead(200, { etag: '"1"' }).end("here");
  });
  // All of 127.0.0.0/8 is this machine on Linux: two addresses of it stand for two machines.
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function fetchOf(url: string, options: GuardedFetchOptions, request: Partial<GuardedRequest> = {}) {
  const signal = new AbortController().signal;
  const limits = { maxBytes: 1_000, timeoutMs: 10_000, signal };
  return createGuardedFetch(options)({ url, ...limits, ...request });
}

/** As DNS would answer, whatever is asked. */
const resolvesTo =
  (...addresses: readonly string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

/** The first address of this machine is the operator's word; the second is what an attacker is after. */
const FRIEND = "127.0.0.1";
const VICTIM = "127.0.0.2";
const onlyFriend = () => [{ address: FRIEND, port }];

const VECTORS: readonly string[] = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://127.255.255.254/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.0.0.1/",
  "http://0177.0.0.1/",
  "http://017700000001/",
  "http://0/",
  "http://0.0.0.0/",
  "http://localhost/",
  "http://LocalHost/",
  "http://10.0.0.1/",
  "http://10.255.255.255/",
  "http://172.16.0.1/",
  "http://172.31.255.255/",
  "http://192.168.0.1/",
  "http://100.64.0.1/",
  "http://100.127.255.255/",
  "http://169.254.169.254/latest/meta-data/",
  "http://192.0.0.192/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://[::]/",
  "http://[::1]/",
  "http://[0:0:0:0:0:0:0:1]/",
  "http://[::127.0.0.1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::ffff:a9fe:a9fe]/",
  "http://[::ffff:0:127.0.0.1]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[64:ff9b:1::a00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[2001:0:7f00:1::]/",
  "http://[fe80::1]/",
  "http://[fc00::1]/",
  "http://[fd00:ec2::254]/",
  "http://[ff02::1]/",
  "http://[2001:db8::1]/",
  "http://[3fff::1]/",
  "http://①②⑦.⓪.⓪.①/",
  "http://127。0。0。1/",
  "http://%31%32%37.0.0.1/",
  "http://8.8.8.8:22/",
  "https://8.8.8.8:6379/",
  "http://user@8.8.8.8/",
  "http://user:word@8.8.8.8/",
  "http://8.8.8.8@127.0.0.1/",
  "file:///etc/passwd",
  "ftp://8.8.8.8/",
  "gopher://8.8.8.8/",
  "data:text/plain,here",
  "javascript:alert(1)",
  "//8.8.8.8/",
  "8.8.8.8",
  "",
];

describe("guarded fetch", () => {
  it.each(VECTORS)("refuses %s", async (vector) => {
    await expect(fetchOf(vector, {})).rejects.toMatchObject({ code: "url-refused", status: 400 });
  });

  it("refuses an address of more than 2,048 characters", async () => {
    await expect(fetchOf(`http://8.8.8.8/${"a".repeat(2_048)}`, {})).rejects.toMatchObject({
      code: "url-refused",
    });
  });

  it("takes what follows a fragment for a fragment", async () => {
    const resolve = resolvesTo(VICTIM);
    const url = `http://tenant.example.org:${port}/#@8.8.8.8/`;
    await expect(fetchOf(url, { allowed: onlyFriend(), resolve })).rejects.toMatchObject({
      code: "url-refused",
    });
  });

  it("refuses a name when one of its addresses is private", async () => {
    const resolve = resolvesTo("93.184.216.34", "10.0.0.1");
    await expect(fetchOf("http://a.example.org/", { resolve })).rejects.toMatchObject({
      code: "url-refused",
    });
  });

  it("does not reach an allowed address on another port, nor a public one on an allowed port", async () => {
    const other = [{ address: FRIEND, port: port === 65_535 ? 1 : port + 1 }];
    await expect(fetchOf(`http://${FRIEND}:${port}/`, { allowed: other })).rejects.toMatchObject({
      code: "url-refused",
    });
    await expect(
      fetchOf(`http://8.8.8.8:${port}/`, { allowed: onlyFriend() }),
    ).rejects.toMatchObject({ code: "url-refused" });
  });

  it("fetches what the operator allows, with its status and headers", async () => {
    const found = await fetchOf(`http://${FRIEND}:${port}/x?a=1`, { allowed: onlyFriend() });
    expect(found.status).toBe(200);
    expect(found.headers.etag).toBe('"1"');
    expect(found.body.toString()).toBe("here");
    expect(found.url).toBe(`http://${FRIEND}:${port}/x?a=1`);
  });

  it("reads no proxy from the environment", async () => {
    const before = hits.length;
    process.env.http_proxy = process.env.HTTP_PROXY = "http://127.0.0.9:9";
    try {
      const found = await fetchOf(`http://${FRIEND}:${port}/direct`, { allowed: onlyFriend() });
      expect(found.status).toBe(200);
    } finally {
      delete process.env.http_proxy;
      delete process.env.HTTP_PROXY;
    }
    expect(hits.slice(before).map(({ url }) => url)).toEqual(["/direct"]);
  });

  it("ends at the size and at the time that it is given, and reads nothing compressed", async () => {
    const allowed = onlyFriend();
    const at = (path: string) => `http://${FRIEND}:${port}${path}`;
    await expect(fetchOf(at("/endless"), { allowed })).rejects.toMatchObject({
      code: "fetch-too-large",
    });
    await expect(fetchOf(at("/silent"), { allowed }, { timeoutMs: 100 })).rejects.toMatchObject({
      code: "fetch-failed",
      message: expect.stringContaining("0.1 s"),
    });
    await expect(fetchOf(at("/zipped"), { allowed })).rejects.toMatchObject({
      code: "fetch-failed",
    });
  });

  it("rejects with the caller's reason when the caller gives up, also while a name server is silent", async () => {
    const stop = new AbortController();
    const reason = new Error("the person left");
    const resolve = () => {
      queueMicrotask(() => stop.abort(reason));
      return new Promise<never>(() => {});
    };
    await expect(
      fetchOf("http://a.example.org/", { resolve }, { signal: stop.signal }),
    ).rejects.toBe(reason);
  });
});

describe("guarded fetch, redirected", () => {
  const at = (path: string, host = FRIEND) => `http://${host}:${port}${path}`;
  const chain = (hops: number): string =>
    hops === 0 ? "/end" : `/?to=${encodeURIComponent(chain(hops - 1))}`;

  it("follows none by default, three at most, and none with a body", async () => {
    const allowed = onlyFriend();
    expect((await fetchOf(at(chain(1)), { allowed })).status).toBe(302);
    const three = await fetchOf(at(chain(3)), { allowed }, { maxRedirects: 9 });
    expect(three.url).toBe(at("/end"));
    await expect(fetchOf(at(chain(4)), { allowed }, { maxRedirects: 9 })).rejects.toMatchObject({
      code: "fetch-failed",
    });
    const posted = { maxRedirects: 3, method: "POST", body: "x" } as const;
    expect((await fetchOf(at(chain(1)), { allowed }, posted)).status).toBe(302);
  });

  it.each([
    `http://${VICTIM}/`,
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "http://user:word@8.8.8.8/",
    "//127.0.0.2/",
  ])("checks where it leads: %s", async (to) => {
    const before = hits.length;
    const url = at(`/?to=${encodeURIComponent(to)}`);
    await expect(
      fetchOf(url, { allowed: onlyFriend() }, { maxRedirects: 3 }),
    ).rejects.toMatchObject({ code: "url-refused" });
    expect(hits.length).toBe(before + 1);
  });

  it("carries no header to another origin", async () => {
    const allowed = [...onlyFriend(), { address: VICTIM, port }];
    const headers = { Authorization: "Bearer secret" };
    const to = encodeURIComponent(at("/elsewhere", VICTIM));
    const before = hits.length;
    await fetchOf(at(`/?to=${to}`), { allowed }, { maxRedirects: 1, headers });
    expect(hits.slice(before).map(({ authorization }) => authorization)).toEqual([
      "Bearer secret",
      undefined,
    ]);
  });
});

describe("guarded fetch of a name that changes", () => {
  let names: Socket;
  let answers: string[] = [];
  let asked = 0;

  /** A name server of one answer each: the first to the first who asks, the last to all who ask later. */
  beforeAll(async () => {
    names = createSocket("udp4");
    names.on("message", (query, from) => {
      const address = answers[Math.min(asked++, answers.length - 1)] ?? "0.0.0.0";
      names.send(answerTo(query, address), from.port, from.address);
    });
    await new Promise<void>((resolve) => names.bind(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise<void>((resolve) => names.close(() => resolve())));

  function resolver(...addresses: string[]) {
    answers = addresses;
    asked = 0;
    const dns = new Resolver();
    dns.setServers([`127.0.0.1:${names.address().port}`]);
    return async (host: string) =>
      (await dns.resolve4(host)).map((address) => ({ address, family: 4 }));
  }

  it("goes to the address that was checked, and asks for it once", async () => {
    const resolve = resolver(FRIEND, VICTIM);
    const before = hits.length;
    const url = `http://rebinding.example.org:${port}/`;
    expect((await fetchOf(url, { allowed: onlyFriend(), resolve })).status).toBe(200);
    expect(asked).toBe(1);
    expect(hits.slice(before).map(({ address }) => address)).toEqual([FRIEND]);
  });

  it("checks it again at each hop and at each request", async () => {
    const resolve = resolver(FRIEND, VICTIM);
    const before = hits.length;
    const options = { allowed: onlyFriend(), resolve };
    const url = `http://rebinding.example.org:${port}/?to=${encodeURIComponent("/secret")}`;
    await expect(fetchOf(url, options, { maxRedirects: 3 })).rejects.toMatchObject({
      code: "url-refused",
    });
    await expect(fetchOf(url, options)).rejects.toMatchObject({ code: "url-refused" });
    expect(hits.slice(before).map(({ address }) => address)).toEqual([FRIEND]);
  });

  it("is refused when it stood for the public internet before and stands for this machine now", async () => {
    const resolve = resolver("93.184.216.34", FRIEND);
    // What a check apart from the connection would have seen.
    expect(await resolve("rebinding.example.org")).toEqual([
      { address: "93.184.216.34", family: 4 },
    ]);
    const before = hits.length;
    await expect(fetchOf("http://rebinding.example.org/", { resolve })).rejects.toMatchObject({
      code: "url-refused",
    });
    expect(hits.length).toBe(before);
  });
});

/** One A record, valid for no second (RFC 1035, 4.1). */
function answerTo(query: Buffer, address: string): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
  return Buffer.concat([
    header,
    query.subarray(12, end),
    record,
    Buffer.from(address.split(".").map(Number)),
  ]);
}
