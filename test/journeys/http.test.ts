import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PregoneroError } from "../../src/core/errors.ts";
import { ACCESS } from "../../src/http/access/access-table.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";

let site: SiteUnderTest;
beforeAll(async () => {
  site = await startSite({
    answer: (question) =>
      question === "citada"
        ? {
            citations: [
              {
                number: 1,
                passageId: "1" as never,
                editionId: "e" as never,
                source: "boe",
                edition: "BOE n.º 92",
                date: "2024-04-15",
                page: 1,
                printedPage: undefined,
                quote: "Se convoca",
                url: "/gazettes/boe/2024-04-15/pages/1?hl=1",
              },
            ],
          }
        : {},
  });
  await site.ingest("sample/BOE-A-2024-7309.pdf", "boe", "2024-04-15");
});
afterAll(() => site.close());

const get = (path: string, init?: RequestInit) =>
  fetch(site.url + path, { redirect: "manual", ...init });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  get(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const problemOf = async (response: Response) => {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return (await response.json()) as { code: string; status: number; fields?: { field: string }[] };
};

describe("what a browser is told", () => {
  it("sends the headers that keep pages to themselves", async () => {
    const headers = Object.fromEntries((await get("/")).headers);
    for (const varying of ["date", "etag", "x-request-id", "content-length"])
      delete headers[varying];
    expect(headers).toMatchInlineSnapshot(`
      {
        "cache-control": "no-cache",
        "connection": "keep-alive",
        "content-security-policy": "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
        "content-type": "text/html; charset=utf-8",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "keep-alive": "timeout=65",
        "origin-agent-cluster": "?1",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "referrer-policy": "same-origin",
        "vary": "Accept-Language",
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "off",
        "x-download-options": "noopen",
        "x-frame-options": "DENY",
        "x-permitted-cross-domain-policies": "none",
        "x-xss-protection": "0",
      }
    `);
  });

  it("asks for TLS, and for it alone, when the public address is https", async () => {
    const secure = await site.variant({
      config: { ...site.ports.config, publicUrl: "https://gaceta.example" },
    });
    const response = await fetch(`${secure.url}/chat/${site.bot.botKey}`);
    expect(response.headers.get("strict-transport-security")).toBe(
      "max-age=31536000; includeSubDomains",
    );
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-visitor-[^;]+; Max-Age=15552000; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    await secure.close();
  });

  it("writes no script, style or handler into a page", async () => {
    const pages = [
      "/",
      "/admin",
      "/api/docs",
      `/chat/${site.bot.botKey}`,
      "/gazettes/boe/2024-04-15",
      "/gazettes/boe/2024-04-15/pages/1",
    ];
    for (const path of pages) {
      const response = await get(path);
      const page = await response.text();
      expect(response.status, path).toBe(200);
      expect(page, path).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i);
      expect(page, path).not.toMatch(/(src|href)="(https?:)?\/\//i);
    }
  });
});

describe("asking over HTTP", () => {
  it("answers in the shape that was agreed", async () => {
    const response = await post("/api/v1/ask", { question: "citada", source: "boe" });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Record<string, unknown>;
    expect(Object.keys(answer)).toEqual(["answer", "abstained", "citations", "model", "passport"]);
    expect(answer.citations).toEqual([
      {
        source: "boe",
        edition: "BOE n.º 92",
        date: "2024-04-15",
        page: 1,
        printedPage: null,
        quote: "Se convoca",
        url: "/gazettes/boe/2024-04-15/pages/1?hl=1",
      },
    ]);
  });

  it("keeps the passport of what it answered", async () => {
    const response = await post("/api/v1/ask", { question: "¿Qué se publicó?" });
    const { passport } = (await response.json()) as { passport: string };
    const [found] = await site.passports.find(site.tenantId, passport);
    expect(found?.events.map(({ kind }) => kind)).toEqual(["received", "answered"]);
  });

  it.each([
    ["no question", {}, "question"],
    ["an empty question", { question: "  " }, "question"],
    ["a question of control characters", { question: "\u0000\u0007" }, "question"],
    ["4,001 characters", { question: "a".repeat(4_001) }, "question"],
    ["a number for a question", { question: 1 }, "question"],
    ["no object", [], "body"],
    ["a day that is none", { question: "a", date: "2024-02-30" }, "date"],
    ["a source that is a path", { question: "a", source: "../boe" }, "source"],
    ["a source that is not there", { question: "a", source: "gaceta-lunar" }, "source"],
    ["a field that is not ours", { question: "a", tenantId: "x" }, "tenantId"],
    ["a polluted prototype", '{"question":"a","__proto__":{"x":1}}', "__proto__"],
  ])("refuses %s and names the field", async (_, body, field) => {
    const response = await post("/api/v1/ask", body);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 400, code: "invalid-input" });
    expect(problem.fields?.map((one) => one.field)).toContain(field);
  });

  it("refuses what is not JSON, or is not sent as JSON", async () => {
    const broken = await problemOf(await post("/api/v1/ask", '{"question":'));
    expect(broken).toMatchObject({ status: 400, code: "bad-json" });
    const form = await post("/api/v1/ask", "question=a", { "content-type": "text/plain" });
    expect(await problemOf(form)).toMatchObject({ status: 415, code: "unsupported-media-type" });
  });

  it("wants a key where no tenant is open, and its scope", async () => {
    const closed = await site.variant({
      config: { ...site.ports.config, openTenantId: undefined },
    });
    const ask = (authorization?: string) =>
      fetch(`${closed.url}/api/v1/ask`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: '{"question":"a"}',
      });
    const { key } = await site.apiKeys.create(site.tenantId, "ask", ["ask"]);
    const { key: other } = await site.apiKeys.create(site.tenantId, "operate", ["operate"]);
    expect((await ask()).status).toBe(401);
    expect((await ask("Bearer prg_wrong' or 1=1 --")).status).toBe(401);
    expect((await ask(`Bearer ${other}`)).status).toBe(403);
    expect((await ask(`Bearer ${key}`)).status).toBe(200);
    await closed.close();
  });

  it("limits one caller, says for how long, and does not believe X-Forwarded-For", async () => {
    const limited = await site.variant({});
    const statuses: number[] = [];
    let wait = "";
    for (let call = 0; call < 25; call++) {
      const response = await fetch(`${limited.url}/api/v1/ask`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-for": `192.0.2.${call}` },
        body: '{"question":"a"}',
      });
      statuses.push(response.status);
      if (response.status === 429) wait = response.headers.get("retry-after") ?? "";
      await response.arrayBuffer();
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect(Number(wait)).toBeGreaterThan(0);
    await limited.close();
  });

  it("is described by a document made of the same schemas", async () => {
    const document = (await (await get("/api/v1/openapi.json")).json()) as {
      paths: Record<string, object>;
      components: { schemas: { AskRequest: { required: string[] } } };
    };
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = Object.keys(ACCESS).map((route) => route.replace(/:(\w+)/g, "{$1}"));
    expect(described.sort()).toEqual(
      declared.filter((route) => route !== "GET /api/v1/openapi.json").sort(),
    );
    expect(document.components.schemas.AskRequest.required).toEqual(["question"]);
  });
});

describe("what is wrong or hostile", () => {
  it("says 404 as a problem for what is not there", async () => {
    for (const path of ["/nada", "/api/v1/nada", "/chat/nada", "/gazettes/boe/1999-01-01"]) {
      expect(await problemOf(await get(path))).toMatchObject({ status: 404, code: "not-found" });
    }
    expect((await get("/assets/site/..%2f..%2fpackage.json")).status).toBe(404);
    expect((await get("/chat/%E0%A4%A")).status).toBe(400);
  });

  it("says 405 and which method instead", async () => {
    const response = await get("/api/v1/ask");
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  it("refuses more than 1 MB, announced or not, and lets its sender read why", async () => {
    const big = JSON.stringify({ question: "a".repeat(1_100_000) });
    expect(await problemOf(await post("/api/v1/ask", big))).toMatchObject({ status: 413 });
    const stream = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 3; part++) controller.enqueue(new Uint8Array(500_000));
        controller.close();
      },
    });
    const init = { method: "POST", body: stream, duplex: "half" };
    const headers = { "content-type": "application/json" };
    const response = await get("/api/v1/ask", { ...init, headers } as RequestInit);
    expect(await problemOf(response)).toMatchObject({ status: 413, code: "body-too-large" });
  });

  it("refuses JSON 10,000 levels deep", async () => {
    const deep = "[".repeat(10_000) + "]".repeat(10_000);
    expect(await problemOf(await post("/api/v1/ask", deep))).toMatchObject({ code: "bad-json" });
  });

  it("tells nobody why something failed inside", async () => {
    const failing = await site.variant({
      answerer: {
        answer: () => Promise.reject(new Error("select * from secret at /srv/app/x.ts")),
      },
    });
    const response = await fetch(`${failing.url}/api/v1/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"question":"a"}',
    });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/select|srv|x\.ts/);
    await failing.close();
  });

  it("cuts off who sends a header line a second", async () => {
    const socket = connect(site.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (data) => {
      heard += data.toString();
    });
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.write("POST /api/v1/ask HTTP/1.1\r\nHost: x\r\n");
    const drip = setInterval(() => socket.write("X-A: b\r\n"), 1_000);
    await ended;
    clearInterval(drip);
    expect(heard).toMatch(/^HTTP\/1\.1 408/);
  }, 30_000);
});

describe("health", () => {
  it("lives and is ready, and tells details on this machine only", async () => {
    expect((await get("/livez")).status).toBe(200);
    expect((await get("/readyz")).status).toBe(200);
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/metrics")).status).toBe(200);
    const throughProxy = { headers: { "x-forwarded-for": "198.51.100.7" } };
    expect((await get("/metrics", throughProxy)).status).toBe(401);
    expect((await get("/healthz", throughProxy)).status).toBe(401);
  });

  it("lives on, not ready, while the database is away", async () => {
    const away = await site.variant({
      checkHealth: () => Promise.reject(new PregoneroError("store-unavailable", "away")),
    });
    expect((await fetch(`${away.url}/livez`)).status).toBe(200);
    expect((await fetch(`${away.url}/readyz`)).status).toBe(503);
    await away.close();
  });

  it("names the port that is in use", async () => {
    const second = createHttpServer(site.ports);
    await expect(second.listen(site.port, "127.0.0.1")).rejects.toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining(String(site.port)),
    });
    await second.close();
  });

  it("finishes what it began when it closes, and takes nothing new", async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let began = () => {};
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const closing = await site.variant({
      answerer: {
        async answer(question, signal) {
          began();
          await gate;
          return site.ports.answerer.answer(question, signal);
        },
      },
    });
    const inFlight = fetch(`${closing.url}/api/v1/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"question":"a"}',
    });
    await begun;
    const closed = closing.close(10_000);
    await expect(fetch(`${closing.url}/livez`)).rejects.toThrow();
    finish();
    expect((await inFlight).status).toBe(200);
    await closed;
  });
});
