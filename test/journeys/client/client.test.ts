import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, createCookieJar, PregoneroApiError } from "../../../client/index.ts";
import { apiDocument, staleness } from "../../client/client-files.ts";
import { PASSWORD, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

let people: RunningPeople;
let key: string;

beforeAll(async () => {
  people = await startPeople();
  await setUp(people);
  const { apiKeys, tenantId } = people.installation;
  ({ key } = await apiKeys.create(tenantId, "client", [
    "analytics",
    "contacts",
    "events",
    "webhooks",
  ]));
});
afterAll(() => people?.close());

/** A program's client, and every request that it sent; `interfere` may answer in the server's place. */
function program(
  interfere: (request: Request, count: number) => Response | undefined = () => undefined,
) {
  const requests: Request[] = [];
  const client = createClient({
    baseUrl: people.url,
    apiKey: key,
    async fetch(request) {
      requests.push(request.clone());
      const answer = await fetch(request);
      return interfere(request, requests.length) ?? answer;
    },
  });
  return { client, requests };
}

const keyOf = (request: Request | undefined) => request?.headers.get("idempotency-key");

describe("the client", () => {
  it.each(["schema.d.ts", "once-operations.ts"])("%s is of the API as it stands", (file) => {
    expect(staleness(file, apiDocument())).toBeUndefined();
  });

  it("signs a person in, tells who it is, and signs out", async () => {
    await people.join("lee@example.org", "viewer");
    const client = createClient({ baseUrl: people.url, cookies: createCookieJar() });
    expect((await client.session()).state).toBe("anonymous");
    const body = { email: "lee@example.org", password: PASSWORD };
    const { data } = await client.POST("/api/v1/session", { body });
    expect(data.person?.memberships).toEqual([
      { tenantId: people.installation.tenantId, role: "viewer" },
    ]);
    expect((await client.session()).person?.email).toBe("lee@example.org");
    const { data: nothing, response } = await client.DELETE("/api/v1/session");
    expect([nothing, response.status]).toEqual([undefined, 204]);
    expect((await client.session()).state).toBe("anonymous");
  });

  it("renews a session that is over once, for all calls that wait, and says when it cannot", async () => {
    await people.join("sigue@example.org", "viewer");
    const cookies = createCookieJar();
    const isSent: string[] = [];
    let isOver = 0;
    const client = createClient({
      baseUrl: people.url,
      cookies,
      fetch(request) {
        isSent.push(`${request.method} ${new URL(request.url).pathname}`);
        return fetch(request);
      },
      onSessionOver: () => {
        isOver += 1;
      },
    });
    const body = { email: "sigue@example.org", password: PASSWORD };
    await client.POST("/api/v1/session", { body });
    cookies.keep(expired("access"));
    isSent.length = 0;
    await Promise.all([
      client.GET("/api/v1/sessions"),
      client.GET("/api/v1/sessions"),
      client.DELETE("/api/v1/sessions"),
    ]);
    expect(isSent.filter((call) => call.endsWith("/refresh"))).toHaveLength(1);
    expect(isOver).toBe(0);
    cookies.keep(expired("access"));
    expect((await client.session()).state).toBe("signed-in");
    cookies.keep(expired("access"));
    cookies.keep(expired("refresh"));
    await expect(client.GET("/api/v1/sessions")).rejects.toMatchObject({
      status: 401,
      code: "sign-in-needed",
    });
    expect(isOver).toBe(1);
  });

  it("throws what the API refuses, with code, fields and the id of the request", async () => {
    const { client } = program();
    const wrong = client.POST("/api/v1/webhooks", { body: { url: "nowhere", kinds: [] } });
    const error = await wrong.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PregoneroApiError);
    expect(error).toMatchObject({ status: 400, code: "invalid-input" });
    const { fields, requestId } = error as PregoneroApiError;
    expect(fields.map(({ field }) => field)).toContain("url");
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    await expect(client.GET("/api/v1/members")).rejects.toMatchObject({ code: "scope-missing" });
  });

  it("says that no answer came, after trying again where that does no harm", async () => {
    let count = 0;
    const client = createClient({
      baseUrl: people.url,
      apiKey: key,
      fetch() {
        count += 1;
        return Promise.reject(new TypeError("fetch failed"));
      },
    });
    await expect(client.GET("/api/v1/contacts")).rejects.toMatchObject({
      status: 0,
      code: "no-answer",
    });
    expect(count).toBe(3);
    count = 0;
    const body = { targets: [] };
    const search = client.POST("/api/v1/contacts/search", { body: body as never });
    await expect(search).rejects.toMatchObject({ code: "no-answer" });
    expect(count).toBe(1);
  });

  it("does once what sends or makes, though the first answer was lost", async () => {
    const { client, requests } = program((_request, count) => {
      if (count === 1) throw new TypeError("the connection broke");
      return undefined;
    });
    const made = await client.POST("/api/v1/segments", {
      body: { name: "Una vez", filter: { kind: "tag", tag: "agua" } },
    });
    expect(made.response.headers.get("idempotency-replayed")).toBe("true");
    expect(requests).toHaveLength(2);
    expect(keyOf(requests[0])).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf(requests[0])).toBe(keyOf(requests[1]));
    const names: string[] = [];
    for await (const segment of client.paginate("/api/v1/segments")) names.push(segment.name);
    expect(names.filter((name) => name === "Una vez")).toHaveLength(1);
  });

  it("takes a file in, and reads a list page after page", async () => {
    const { client, requests } = program();
    const lines = Array.from(
      { length: 7 },
      (_, at) => `+506 8777 000${at},Persona ${at},granted,2026-03-01,acta 12`,
    );
    const take = (...of: string[]) =>
      client.POST("/api/v1/contacts/import", {
        params: { query: {} },
        body: new Blob([["phone,name,consent,consent_at,consent_evidence", ...of].join("\n")], {
          type: "text/csv",
        }),
      });
    await expect(take("877,Nadie,granted,2026-03-01,acta 12")).rejects.toMatchObject({
      status: 422,
      body: { badLines: [{ line: 2, column: "phone" }] },
    });
    expect((await take(...lines)).data).toMatchObject({ created: 7, badLineCount: 0 });
    requests.length = 0;
    const names: (string | null)[] = [];
    for await (const contact of client.paginate("/api/v1/contacts", {
      params: { query: { limit: 3 } },
    })) {
      names.push(contact.name);
    }
    expect(names.toSorted()).toEqual(lines.map((line) => line.split(",")[1]));
    expect(requests).toHaveLength(3);
    const { data: csv } = await client.GET("/api/v1/analytics.csv", {
      params: { query: { from: "2026-11-01", to: "2026-11-02" } },
      parseAs: "text",
    });
    expect(csv).toMatch(/^\w+(,\w+)+\r?\n/);
  });

  it("follows events over a connection that breaks, none lost and none twice", async () => {
    const { notices, tenantId } = people.installation;
    const tell = (change: "created" | "changed") =>
      notices.log.append(tenantId, [{ kind: "tenant-changed", detail: { change } }]);
    const connections: AbortController[] = [];
    const client = createClient({
      baseUrl: people.url,
      apiKey: key,
      fetch(request) {
        const cut = new AbortController();
        connections.push(cut);
        return fetch(request, { signal: AbortSignal.any([request.signal, cut.signal]) });
      },
    });
    const changes: unknown[] = [];
    let readies = 0;
    for await (const event of client.events({ kinds: ["tenant-changed"] })) {
      if (event.kind === "ready") {
        readies += 1;
        if (readies === 1) await tell("created");
        continue;
      }
      changes.push(event.data.change);
      if (changes.length === 1) {
        connections.at(-1)?.abort();
        await tell("changed");
      }
      if (changes.length === 2) break;
    }
    expect(changes).toEqual(["created", "changed"]);
    expect(connections).toHaveLength(2);
  });

  it("ends the events when it is told to, and throws when they may not be read", async () => {
    const { client } = program();
    const end = new AbortController();
    for await (const { kind } of client.events({ signal: end.signal })) {
      if (kind === "ready") end.abort();
    }
    const { apiKeys, tenantId } = people.installation;
    const { key: other } = await apiKeys.create(tenantId, "no events", ["contacts"]);
    const reading = createClient({ baseUrl: people.url, apiKey: other }).events();
    await expect(reading.next()).rejects.toMatchObject({ status: 403, code: "scope-missing" });
  });
});

/** An answer that takes a cookie away, as time would. */
function expired(name: string): Response {
  return new Response(null, {
    headers: { "set-cookie": `${name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT` },
  });
}
