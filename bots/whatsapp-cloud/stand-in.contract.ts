import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type GraphStandIn,
  type GraphStandInOptions,
  type StandInNumber,
  startGraphStandIn,
} from "../../test/stand-ins/graph/start-stand-in.ts";
import { signBody } from "../../test/stand-ins/graph/webhook-feed.ts";

const PHONE = "50688887777";

/** Holds the stand-in to the Cloud API's rules, with an ordinary HTTP client. */
let standIn: GraphStandIn;
let number: StandInNumber;
async function start(options: GraphStandInOptions = {}) {
  await standIn?.close();
  standIn = await startGraphStandIn(options);
  number = standIn.addNumber({
    templates: [{ name: "aviso", language: "es", text: "Hola {{1}}" }],
  });
}
beforeEach(() => start());
afterEach(() => standIn.close());

async function call(path: string, body?: object, token = number.accessToken) {
  const response = await fetch(`${standIn.graphUrl}/v25.0/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { error?: { code: number }; messages?: object[] };
  return { status: response.status, code: answer.error?.code, answer };
}
const send = (content: object, to: object = { to: PHONE }) =>
  call(`${number.phoneNumberId}/messages`, { messaging_product: "whatsapp", ...to, ...content });
const text = (body: string) => ({ type: "text", text: { body } });
const buttons = (...titles: string[]) => ({
  type: "interactive",
  interactive: {
    type: "button",
    body: { text: "¿Cuál?" },
    action: {
      buttons: titles.map((title, n) => ({ type: "reply", reply: { id: `b${n}`, title } })),
    },
  },
});
const rows = (count: number, row: object = {}) => ({
  type: "interactive",
  interactive: {
    type: "list",
    body: { text: "¿Cuál?" },
    action: {
      button: "Ver",
      sections: [
        {
          rows: Array.from({ length: count }, (_, n) => ({ id: `r${n}`, title: `T${n}`, ...row })),
        },
      ],
    },
  },
});

/** Takes webhooks, and answers them with the statuses given, then 200. */
async function listen(...statuses: number[]) {
  const taken: { body: string; signature: string; status: number }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://here");
    if (request.method === "GET") {
      const isOurs = url.searchParams.get("hub.verify_token") === "right";
      response.writeHead(isOurs ? 200 : 403).end(url.searchParams.get("hub.challenge"));
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const status = statuses.shift() ?? 200;
      const signature = String(request.headers["x-hub-signature-256"]);
      taken.push({ body: Buffer.concat(chunks).toString(), signature, status });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    taken,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("calls", () => {
  it("need a token that is valid and has a right to the object", async () => {
    expect(await call(number.phoneNumberId, undefined, "EAAno")).toMatchObject({
      status: 401,
      code: 190,
    });
    const other = standIn.addNumber();
    expect(await call(other.phoneNumberId)).toMatchObject({ status: 400, code: 100 });
    expect(await call("me/accounts")).toMatchObject({ code: 100 });
  });

  it.each<[string, object, number | undefined]>([
    ["a text", text("hola"), undefined],
    ["no text", text(" "), 131008],
    ["a text of 4,096", text("x".repeat(4_096)), undefined],
    ["a longer one", text("x".repeat(4_097)), 100],
    ["three buttons", buttons("a", "b", "c"), undefined],
    ["four", buttons("a", "b", "c", "d"), 131009],
    ["a title of 21", buttons("x".repeat(21)), 100],
    ["a title twice", buttons("a", "a"), 131009],
    ["ten rows", rows(10), undefined],
    ["eleven", rows(11), 131009],
    ["a row's title of 25", rows(1, { title: "x".repeat(25) }), 100],
    ["a description of 73", rows(1, { description: "x".repeat(73) }), 100],
    ["a type that it does not know", { type: "hologram" }, 131051],
    ["a document that is not there", { type: "document", document: { id: "1" } }, 131053],
    ["an echo of 513", { ...text("x"), biz_opaque_callback_data: "x".repeat(513) }, 100],
  ])("take or refuse %s", async (_, content, code) => {
    standIn.person(PHONE).write("hola");
    expect((await send(content)).code).toBe(code);
    expect(standIn.sent(PHONE)).toHaveLength(code === undefined ? 1 : 0);
  });

  it("refuse who has no WhatsApp, and free text to who has not written in 24 hours", async () => {
    let nowMs = Date.now();
    await start({ now: () => nowMs });
    expect((await send(text("hola"))).code).toBe(131026);
    const person = standIn.person(PHONE);
    expect((await send(text("hola"))).code).toBe(131047);
    person.write("hola");
    expect((await send(text("hola"))).code).toBeUndefined();
    nowMs += 24 * 3_600_000;
    expect((await send(text("hola"))).code).toBe(131047);
    const template = (parameters: object[], name = "aviso") =>
      send({
        type: "template",
        template: { name, language: { code: "es" }, components: [{ type: "body", parameters }] },
      });
    expect((await template([{ type: "text", text: "Ana" }])).code).toBeUndefined();
    expect((await template([])).code).toBe(132000);
    expect((await template([], "otro")).code).toBe(132001);
  });

  it("refuse what is above a number's throughput, 80 a second", async () => {
    const nowMs = Date.now();
    await start({ limits: true, now: () => nowMs });
    for (let serial = 0; serial < 81; serial++)
      standIn.person(`5068888${1000 + serial}`).write("hola");
    const answers = await Promise.all(
      Array.from({ length: 81 }, (_, serial) => send(text("x"), { to: `5068888${1000 + serial}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(80);
    expect(answers.find(({ status }) => status !== 200)).toMatchObject({
      status: 429,
      code: 130429,
    });
  });
});

describe("webhooks", () => {
  it("come only where the challenge was answered", async () => {
    const place = await listen();
    await expect(standIn.pasteCallback(number, place.url, "wrong")).rejects.toThrow("403");
    await expect(standIn.pasteCallback(number, "http://example.org/", "right")).rejects.toThrow(
      "HTTPS",
    );
    standIn.person(PHONE).write("hola");
    await standIn.pasteCallback(number, place.url, "right");
    await expect.poll(() => standIn.callbackOf(number)).toBe(place.url);
    place.close();
  });

  it("are signed over their bytes, and repeated until somebody says 2xx", async () => {
    await start({ webhooks: { retryBaseMs: 1 } });
    const place = await listen(503, 500);
    await standIn.pasteCallback(number, place.url, "right");
    standIn.person(PHONE).write("¿Qué? ✅");
    await standIn.whenDelivered();
    expect(place.taken.map(({ status }) => status)).toEqual([503, 500, 200]);
    expect(new Set(place.taken.map(({ body }) => body)).size).toBe(1);
    for (const { body, signature } of place.taken) {
      expect(signature).toBe(signBody(number.appSecret, body));
    }
    place.close();
  });

  it("may come in batches, twice and in any order", async () => {
    await start({ webhooks: { batchSize: 5, deliveries: 2, isShuffled: true }, statuses: "read" });
    const place = await listen();
    await standIn.pasteCallback(number, place.url, "right");
    standIn.hold(number);
    const person = standIn.person(PHONE);
    for (let count = 0; count < 4; count++) person.write(`${count}`);
    await send(text("uno"));
    await send(text("dos"));
    standIn.release(number);
    await standIn.whenDelivered();
    const bodies = place.taken.map(
      ({ body }) => JSON.parse(body) as { entry: { changes: object[] }[] },
    );
    expect(bodies).toHaveLength(4);
    expect(bodies.some(({ entry }) => entry.length > 1)).toBe(true);
    expect(bodies.some(({ entry }) => entry.some(({ changes }) => changes.length > 1))).toBe(true);
    const events = place.taken.flatMap(({ body }) => body.match(/"status":"\w+"/g) ?? []);
    expect(events).toHaveLength(12);
    expect(events).not.toEqual([...events].sort());
    place.close();
  });

  it("tell of a message that failed after it was accepted", async () => {
    const place = await listen();
    await standIn.pasteCallback(number, place.url, "right");
    standIn.person(PHONE).write("hola");
    standIn.faults.add({ effect: { kind: "fail-later", code: 131049 } });
    expect((await send(text("hola"))).status).toBe(200);
    await standIn.whenDelivered();
    expect(place.taken.map(({ body }) => body).join()).toMatch(/"status":"failed".*"code":131049/);
    place.close();
  });
});
