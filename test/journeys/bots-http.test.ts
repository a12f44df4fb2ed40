import { setImmediate as nextTurn } from "node:timers/promises";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import decodeQr from "qr/decode.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import type { LinkCode, SessionReport, SessionRequest } from "../../src/core/session.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";

/** As long as what WhatsApp shows. */
const QR = `2@${"A1b2".repeat(22)},${"Zm9v".repeat(11)},${"YmFy".repeat(11)},${"cXV4".repeat(11)},1`;

let site: SiteUnderTest;
let bot: BotAccount;
let key: string;
let keyWithoutScope: string;

beforeAll(async () => {
  site = await startSite();
  bot = await site.addBot("whatsapp-web", "Municipalidad");
  key = (await site.apiKeys.create(site.tenantId, "journey", ["bots"])).key;
  keyWithoutScope = (await site.apiKeys.create(site.tenantId, "other", ["ask"])).key;
});
afterAll(() => site?.close());

async function call(method: string, path: string, body?: unknown, bearer = key) {
  const response = await fetch(site.url + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: isJson ? JSON.parse(bytes.toString("utf8")) : undefined,
  };
}

async function reportState(over: Partial<SessionReport> = {}): Promise<void> {
  const now = new Date().toISOString();
  await site.sessions.report(bot.tenantId, bot.botId, {
    state: "waiting-for-scan",
    since: now,
    checkedAt: now,
    evidence: "WhatsApp Web shows a QR code.",
    engine: "dom",
    restarts: 0,
    ...over,
  });
}

async function showCode(over: Partial<LinkCode> | undefined): Promise<void> {
  const expiresAt = new Date(Date.now() + 30_000).toISOString();
  const code = { kind: "qr", content: QR, expiresAt, attempt: 2, attempts: 5 } as const;
  await site.sessions.showCode(bot.tenantId, bot.botId, over && { ...code, ...over });
}

/** What the process that holds the session does: takes the next request and answers it. */
async function playHolder(answer: { outcome: string; isDone: boolean; png?: Uint8Array }) {
  const asked: SessionRequest[] = [];
  while (asked.length === 0) {
    // The embedded database answers without leaving the event loop a turn, which the request needs.
    await nextTurn();
    for (const taken of await site.sessions.takeRequests(bot.tenantId, bot.botId)) {
      asked.push(taken.request);
      const { requestId } = taken;
      await site.sessions.answer(bot.tenantId, bot.botId, { requestId, ...answer });
    }
  }
  return asked;
}

async function scan(png: Buffer): Promise<string> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { width, height, data } = canvas.getImageData(0, 0, image.width, image.height);
  return decodeQr({ width, height, data }, { effort: Infinity, timeLimit: Infinity });
}

describe("bots over HTTP", () => {
  it("are for a key with scope bots alone", async () => {
    const paths = ["", `/${bot.botId}/session`, `/${bot.botId}/session/qr.png`];
    for (const path of paths) {
      expect((await call("GET", `/api/v1/bots${path}`, undefined, "nonsense")).status).toBe(401);
      const refused = await call("GET", `/api/v1/bots${path}`, undefined, keyWithoutScope);
      expect([refused.status, refused.json.code]).toEqual([403, "scope-missing"]);
    }
  });

  it("are listed with the state of each session, and without any secret", async () => {
    await reportState({ state: "ready", pack: "d/3" });
    const { json, bytes } = await call("GET", "/api/v1/bots");
    const found = json.bots.find(({ id }: { id: string }) => id === bot.botId);
    expect(found).toMatchObject({
      channel: "whatsapp-web",
      name: "Municipalidad",
      session: { state: "ready", pack: "d/3" },
    });
    expect(json.bots.find(({ channel }: { channel: string }) => channel === "telegram")).toEqual(
      expect.objectContaining({ session: null }),
    );
    expect(bytes.toString("utf8")).not.toMatch(/s3cret|1:abc/);
  });

  it("show what people paused, on the bot itself or on its channel", async () => {
    const { pauses } = site.ports.operations;
    const by = { actor: "person:op" };
    const order = { stopsAnswers: true, stopsSending: false, isPlatforms: false };
    const own = { tenantId: bot.tenantId, botId: bot.botId };
    const { id } = await pauses.set(own, { ...order, reason: "revisión" }, by);
    const shown = async () => {
      const { json } = await call("GET", "/api/v1/bots");
      const all: readonly { id: string; pauses: readonly object[] }[] = json.bots;
      return all.filter((each) => each.pauses.length > 0);
    };
    expect(await shown()).toMatchObject([
      {
        id: bot.botId,
        pauses: [{ id, stopsAnswers: true, stopsSending: false, reason: "revisión" }],
      },
    ]);
    await pauses.lift(id, bot.tenantId, by);
    expect(await shown()).toEqual([]);
  });

  it("are added and removed, and the log of changes says by whom", async () => {
    const added = await call("POST", "/api/v1/bots", { channel: "web-chat", name: "Ventanilla" });
    expect([added.status, added.json.webhook]).toEqual([201, null]);
    const removed = await call("DELETE", `/api/v1/bots/${added.json.id}`);
    expect(removed.status).toBe(204);
    expect((await call("DELETE", `/api/v1/bots/${added.json.id}`)).status).toBe(404);
    const trail = await site.database.asTenant(site.tenantId, (tx) =>
      tx.query("select actor, action from audit where subject = $1 order by id", [added.json.id]),
    );
    expect(trail).toEqual([
      { actor: expect.stringMatching(/^key:[0-9a-f-]{36}$/), action: "bot-added" },
      { actor: expect.stringMatching(/^key:[0-9a-f-]{36}$/), action: "bot-removed" },
    ]);
  });

  it("stay in the list when their network refused their credentials, and are removed as others are", async () => {
    const { json: refused } = await call("POST", "/api/v1/bots", {
      channel: "web-chat",
      name: "Archivo",
    });
    expect(refused.needsCredentials).toBe(false);
    await site.database.asTenant(site.tenantId, (tx) =>
      tx.query("update bot set state = 'needs-auth', updated_at = now() where id = $1", [
        refused.id,
      ]),
    );
    // Whoever adds one sees what became of the others.
    const other = await call("POST", "/api/v1/bots", { channel: "web-chat", name: "Biblioteca" });
    const { json } = await call("GET", "/api/v1/bots");
    const needing = json.bots.filter(
      (each: { needsCredentials: boolean }) => each.needsCredentials,
    );
    expect(needing).toMatchObject([{ id: refused.id, name: "Archivo" }]);
    for (const { id } of [refused, other.json]) {
      expect((await call("DELETE", `/api/v1/bots/${id}`)).status).toBe(204);
    }
    expect((await call("GET", "/api/v1/bots")).json.bots).not.toContainEqual(
      expect.objectContaining({ needsCredentials: true }),
    );
  });

  it("take an account of WhatsApp Web only from who accepts that it may cost the number", async () => {
    const { status, json } = await call("POST", "/api/v1/bots", { channel: "whatsapp-web" });
    expect(status).toBe(400);
    expect(json.fields).toEqual([
      {
        field: "acceptTermsRisk",
        problem: expect.stringContaining("against WhatsApp's terms"),
        example: true,
      },
    ]);
  });

  it("refuse what they do not know", async () => {
    const odd = [{ channel: "fax" }, { channel: "telegram" }, { channel: "web-chat", name: "" }];
    for (const body of odd) expect((await call("POST", "/api/v1/bots", body)).status).toBe(400);
    const nobody = `/api/v1/bots/${bot.tenantId}/session`;
    expect((await call("GET", nobody)).status).toBe(404);
    expect((await call("GET", "/api/v1/bots/x/session")).status).toBe(404);
  });
});

describe("a session over HTTP", () => {
  it("shows its state and that a code is there, and the code as a picture that a phone reads", async () => {
    await reportState();
    await showCode({});
    const seen = await call("GET", `/api/v1/bots/${bot.botId}/session`);
    expect(seen.json).toMatchObject({
      session: { state: "waiting-for-scan", evidence: "WhatsApp Web shows a QR code." },
      isAttended: true,
      code: { kind: "qr", attempt: 2, attempts: 5 },
    });
    expect(seen.bytes.toString("utf8")).not.toContain(QR.slice(0, 20));
    const picture = await call("GET", `/api/v1/bots/${bot.botId}/session/qr.png`);
    expect(picture.headers.get("cache-control")).toBe("no-store");
    expect(await scan(picture.bytes)).toBe(QR);
    await showCode(undefined);
    expect((await call("GET", `/api/v1/bots/${bot.botId}/session/qr.png`)).status).toBe(404);
  });

  it("passes a request on to its process, and answers what came of it", async () => {
    const holder = playHolder({ outcome: "The code is shown.", isDone: true });
    const path = `/api/v1/bots/${bot.botId}/session/requests`;
    const asked = call("POST", path, { kind: "pairing-code", phone: "+506 8888-0000" });
    expect(await holder).toEqual([{ kind: "pairing-code", phone: "50688880000" }]);
    expect((await asked).json).toEqual({ outcome: "The code is shown.", isDone: true });
    expect((await call("POST", path, { kind: "self-destruct" })).status).toBe(400);
    expect((await call("POST", path, { kind: "screenshot", isRedacted: false })).status).toBe(400);
  });

  it("gives a screenshot, redacted unless asked otherwise", async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
    const path = `/api/v1/bots/${bot.botId}/session/screenshot.png`;
    for (const [query, isRedacted] of [
      ["", true],
      ["?redacted=false", false],
    ] as const) {
      const holder = playHolder({ outcome: "Taken.", isDone: true, png });
      const picture = call("GET", path + query);
      expect(await holder).toEqual([{ kind: "screenshot", isRedacted }]);
      expect([...(await picture).bytes]).toEqual([...png]);
    }
    const holder = playHolder({ outcome: "The browser is not running.", isDone: false });
    const none = call("GET", path);
    await holder;
    expect((await none).json.detail).toBe("The browser is not running.");
  });

  it("is none of a bot without one", async () => {
    const { status, json } = await call("GET", `/api/v1/bots/${site.telegramBot.botId}/session`);
    expect([status, json.code]).toEqual([409, "session-none"]);
  });
});

describe("the page for whoever links the phone", () => {
  const get = async (path: string, language = "en") => {
    const response = await fetch(site.url + path, { headers: { "accept-language": language } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it("shows the code without an API key, in the reader's language, and is kept by nobody", async () => {
    await reportState();
    await showCode({});
    const { status, json } = await call("POST", `/api/v1/bots/${bot.botId}/session/links`);
    expect([status, json.url]).toEqual([201, null]);
    const page = await get(json.path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Link the phone with this code");
    expect(page.text).toContain("Code 2 of 5");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await get(json.path, "es-CR")).text).toContain("Vincule el teléfono con este código");
    const [, picture = ""] = /<img class="qr" src="([^"]+)"/.exec(page.text) ?? [];
    const qr = await fetch(site.url + picture);
    expect(await scan(Buffer.from(await qr.arrayBuffer()))).toBe(QR);
  });

  it("is asked again by its version, and answers only what is news", async () => {
    await reportState();
    await showCode({});
    const { path } = (await call("POST", `/api/v1/bots/${bot.botId}/session/links`)).json;
    const versionOf = (text: string) => /data-version="([^"]+)"/.exec(text)?.[1] ?? "";
    const version = versionOf((await get(path)).text);
    expect((await get(`${path}/view?version=${version}`)).status).toBe(204);
    await showCode({ content: `${QR}2`, attempt: 3 });
    const next = await get(`${path}/view?version=${version}`);
    expect(next.text).toContain("Code 3 of 5");
    await showCode(undefined);
    await reportState({ state: "ready" });
    const linked = await get(`${path}/view?version=${versionOf(next.text)}`);
    expect(linked.text).toContain("The account is linked");
    expect(linked.text).not.toContain("qr.png");
  });

  it("spells a pairing code", async () => {
    await reportState();
    await showCode({ kind: "pairing-code", content: "ABCD1234" });
    const { token } = site.sessionLinks.make(bot.tenantId, bot.botId);
    const page = await get(`/sessions/${token}`);
    expect(page.text).toContain("ABCD-1234");
    expect((await get(`/sessions/${token}/qr.png`)).status).toBe(404);
  });

  it("says nothing of a session at an address that we did not make", async () => {
    const { token } = site.sessionLinks.make(bot.tenantId, bot.botId);
    const strangers = site.sessionLinks.make(asId<TenantId>(bot.botId), bot.botId).token;
    for (const wrong of [`${token.slice(0, -2)}AA`, strangers, "x"]) {
      const page = await get(`/sessions/${wrong}`);
      expect(page.status).toBe(404);
      expect(page.text).toContain("This address is no longer valid");
      expect(page.text).not.toContain("Municipalidad");
      expect((await get(`/sessions/${wrong}/view`)).status).toBe(404);
      expect((await get(`/sessions/${wrong}/qr.png`)).status).toBe(404);
    }
  });
});
