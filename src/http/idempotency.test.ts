import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId, type TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { createCipher } from "../store/encryption.ts";
import { createIdempotencyStore, LEASE_MS } from "../store/idempotency/idempotency-keys.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { type Answer, createAnswerOnce } from "./idempotency.ts";
import { problemHandler } from "./problem.ts";
import { readJson } from "./read-body.ts";

const cipher = createCipher([Buffer.alloc(32, 7)]);
const tenants = [randomUUID(), randomUUID()].map((id) => asId<TenantId>(id));
let database: Database;
let server: Server;
let url: string;
let now = Date.now();
/** What the route does, and what it did. */
let work: (operationId: string) => Promise<Answer>;
let operations: string[] = [];

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  await database.asDispatcher(async (tx) => {
    for (const id of tenants) {
      await tx.query("insert into tenant (id, slug, name) values ($1, $2, 'T')", [id, id]);
    }
  });
  server = createServer(createApp()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

/** As another process would have it: nothing is kept but in the database. */
function createApp() {
  const app = express();
  const answerOnce = createAnswerOnce({
    idempotency: createIdempotencyStore(database, cipher),
    hash: cipher.hash,
    clock: { now: () => new Date(now) },
    logger: silentLogger,
  });
  app.post("/things/:id", async (request, response) => {
    const caller = {
      tenantId: tenants[Number(request.get("tenant") ?? 0)] as TenantId,
      actor: request.get("actor") ?? "ana",
    };
    const input = await readJson(request);
    await answerOnce(request, response, caller, input, (operationId) => {
      operations.push(operationId);
      return work(operationId);
    });
  });
  app.use(problemHandler(silentLogger));
  return app;
}

async function post(key: string | undefined, options: Options = {}) {
  const response = await fetch(`${url}/things/${options.id ?? "1"}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...options.headers,
    },
    body: JSON.stringify(options.body ?? { amount: 5, to: "x" }),
  });
  const text = await response.text();
  const code = text === "" ? undefined : JSON.parse(text).code;
  return { status: response.status, text, code, headers: response.headers };
}
interface Options {
  readonly id?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function begin(): string {
  operations = [];
  work = async (operationId) => ({ status: 201, body: { operationId, secret: "s3creto" } });
  return randomUUID();
}

describe("Idempotency-Key", () => {
  it("does a request once, and answers it again word for word", async () => {
    const key = begin();
    work = async () => ({ status: 201, body: { á: "é" }, headers: { Location: "/things/9" } });
    const first = await post(key);
    const again = await post(`"${key}"`, { body: { to: "x", amount: 5 } });
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("location")).toBe("/things/9");
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(operations).toHaveLength(1);
  });

  it("does each request without one", async () => {
    begin();
    await post(undefined);
    await post(undefined);
    expect(new Set(operations).size).toBe(2);
  });

  it("refuses another body, or another address, under the same key", async () => {
    const key = begin();
    await post(key);
    for (const other of [{ body: { amount: 6, to: "x" } }, { id: "2" }]) {
      expect(await post(key, other)).toMatchObject({ status: 422, code: "idempotency-mismatch" });
    }
    expect(operations).toHaveLength(1);
  });

  it("is each caller's and each tenant's own", async () => {
    const key = begin();
    await post(key);
    await post(key, { headers: { actor: "eva" } });
    await post(key, { headers: { tenant: "1" } });
    expect(new Set(operations).size).toBe(3);
  });

  it("lets one of many at once through, and tells the others to wait", async () => {
    const key = begin();
    let finish = () => {};
    let noteBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      noteBegun = resolve;
    });
    work = async () => {
      noteBegun();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { status: 202 };
    };
    const first = post(key);
    await begun;
    const others = await Promise.all([post(key), post(key), post(key)]);
    for (const other of others) {
      expect(other).toMatchObject({ status: 409, code: "idempotency-under-way" });
      expect(Number(other.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    finish();
    expect((await first).status).toBe(202);
    expect((await post(key)).status).toBe(202);
    expect(operations).toHaveLength(1);
  });

  it("is free again after a refusal, also for another request", async () => {
    const key = begin();
    work = async () => {
      throw new PregoneroError("no-such-list", "There is no such list.", { status: 404 });
    };
    expect((await post(key)).code).toBe("no-such-list");
    begin();
    expect((await post(key, { body: { amount: 7 } })).status).toBe(201);
  });

  it("after a failure runs again, as the same operation", async () => {
    const key = begin();
    work = async () => {
      throw new Error("half done");
    };
    expect((await post(key)).status).toBe(500);
    const [failed] = operations;
    begin();
    expect((await post(key)).status).toBe(201);
    expect(operations).toEqual([failed]);
  });

  it("of an attempt that died blocks for a minute, not for ever, and the dead one changes nothing", async () => {
    const key = begin();
    let awake = (_answer: Answer) => {};
    let noteBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      noteBegun = resolve;
    });
    work = () => {
      noteBegun();
      return new Promise((resolve) => {
        awake = resolve;
      });
    };
    const frozen = post(key);
    await begun;
    const [operation] = operations;
    now += LEASE_MS - 1;
    expect((await post(key)).status).toBe(409);
    now += 1;
    begin();
    const taken = await post(key);
    expect([taken.status, operations]).toEqual([201, [operation]]);
    awake({ status: 418 });
    await frozen;
    expect((await post(key)).text).toBe(taken.text);
  });

  it("keeps an answer for 24 hours, sealed, and then takes another request", async () => {
    const key = begin();
    await post(key);
    const rows = await database.asOwner((tx) => tx.query("select * from idempotency_key"));
    const dump = rows
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString("latin1") : String(value)));
    expect(dump.join("\n")).not.toContain("s3creto");
    expect(dump.join("\n")).not.toContain(key);
    now += 24 * 3600 * 1000;
    expect((await post(key, { body: { amount: 8 } })).status).toBe(201);
    expect(operations).toHaveLength(2);
    const left = await database.asOwner((tx) => tx.query("select 1 from idempotency_key"));
    expect(left).toHaveLength(1);
  });

  it.each(["", "a b", '""', "x".repeat(256)])("is not %j", async (key) => {
    begin();
    expect(await post(key)).toMatchObject({ status: 400, code: "invalid-input" });
    expect(operations).toHaveLength(0);
  });
});
