import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";

const SITE = "https://www.pueblo.example";
const OTHER = "https://evil.example";
const LOOKS = {
  name: "Ventanilla",
  colour: "#ffee00",
  greeting: "Pregunte por la gaceta de Pueblo.",
  questions: ["¿Qué subsidios hay?", "¿Quién fue nombrado?"],
  allowedOrigins: [SITE],
};

/** The parts of a PNG of 32 × 32 pixels. */
const PICTURE = Buffer.from(
  [
    "89504e470d0a1a0a",
    "0000000d494844520000002000000020080600000000000000",
    "00000001494441540000000000",
    "0000000049454e4400000000",
  ].join(""),
  "hex",
);

let site: SiteUnderTest;
let bot: BotAccount;
let key: string;

beforeAll(async () => {
  site = await startSite();
  bot = await site.addBot("web-chat", "Vestido");
  key = (await site.apiKeys.create(site.tenantId, "journey", ["bots"])).key;
});
afterAll(() => site?.close());

const pathOf = ({ botId }: BotAccount) => `/api/v1/bots/${botId}/web-chat`;

async function call(method: string, path: string, body?: unknown, revision?: string) {
  const response = await fetch(site.url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      ...(revision === undefined ? {} : { "if-match": revision }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: JSON.parse(text) };
}

const change = (over: object, revision = "*") =>
  call("PUT", pathOf(bot), { ...LOOKS, ...over }, revision);

/** As a browser asks for the page in a frame. */
const openFrame = (of: BotAccount, headers: Record<string, string> = {}, root = site.url) =>
  fetch(`${root}/chat/${of.botKey}?embedded=1`, {
    headers: { "sec-fetch-dest": "iframe", ...headers },
  });

const ancestorsOf = (response: Response) =>
  /frame-ancestors ([^;]*)/.exec(response.headers.get("content-security-policy") ?? "")?.[1];

describe("how a web chat looks", () => {
  it("is changed by whoever read it last, and shown on the page at once", async () => {
    const before = await call("GET", pathOf(bot));
    expect(before.json).toMatchObject({ name: "Vestido", colour: null, shownColours: null });
    const tag = before.headers.get("etag") ?? "";
    expect((await call("PUT", pathOf(bot), LOOKS)).status).toBe(428);
    const changed = await change({}, tag);
    expect(changed.json).toMatchObject({
      ...LOOKS,
      notice: expect.stringContaining("hard to read"),
    });
    expect((await change({ name: "Otro" }, tag)).status).toBe(412);
    const page = await (await fetch(`${site.url}/chat/${bot.botKey}`)).text();
    expect(page).toContain("<h1>Ventanilla</h1>");
    expect(page).toContain("Pregunte por la gaceta de Pueblo.");
    expect(page).toContain("¿Qué subsidios hay?");
    const shown = changed.json.shownColours.light;
    expect(await (await fetch(`${site.url}/chat/${bot.botKey}/looks.css`)).text()).toContain(
      `--accent:${shown};`,
    );
    expect(await (await fetch(`${site.url}/chat/${bot.botKey}/avatar.svg`)).text()).toContain(
      ">V</text>",
    );
  });

  it("is audited with who did it", async () => {
    await change({});
    const [row] = await site.database.asTenant(site.tenantId, (tx) =>
      tx.query<{ actor: string; detail: unknown }>(
        "select actor, detail from audit where action = 'web-chat-changed' and subject = $1 limit 1",
        [bot.botId],
      ),
    );
    expect(row?.actor).toContain("key");
    expect(row?.detail).toEqual({ allowedOrigins: [SITE] });
  });

  it.each([
    ["allowedOrigins.0", { allowedOrigins: ["https://a.example/path"] }],
    ["allowedOrigins.0", { allowedOrigins: ["https://*.example"] }],
    ["allowedOrigins.0", { allowedOrigins: ["http://a.example"] }],
    ["allowedOrigins.0", { allowedOrigins: ["https://a.example;script-src *"] }],
    ["allowedOrigins.0", { allowedOrigins: ["https://A.example"] }],
    ["allowedOrigins.0", { allowedOrigins: ["https://a.example:443"] }],
    ["allowedOrigins.0", { allowedOrigins: ["null"] }],
    ["colour", { colour: "red;}*{display:none" }],
    ["questions.0", { questions: ["a\nb"] }],
    ["questions", { questions: ["1", "2", "3", "4", "5"] }],
    ["script", { script: "alert(1)" }],
  ])("is refused for what %s may not be: %j", async (field, over) => {
    const { status, json } = await change(over);
    expect([status, json.fields[0].field]).toEqual([400, field]);
  });

  it("is nobody's but the tenant's, and a web chat's alone", async () => {
    for (const botId of [randomUUID(), "1", site.telegramBot.botId]) {
      const { status } = await call("GET", `/api/v1/bots/${botId}/web-chat`);
      expect(status).toBe(404);
    }
    const taken = await site.addBot("web-chat", "Ocupado");
    await call("PUT", pathOf(taken), { ...LOOKS, name: "Único" }, "*");
    expect((await change({ name: "Único" })).status).toBe(409);
  });

  it("has a picture that its tenant sent, by content and without what else was in it", async () => {
    const path = `${pathOf(bot)}/avatar`;
    const send = (body: Buffer<ArrayBuffer> | string, contentType = "image/png") =>
      fetch(site.url + path, {
        method: "PUT",
        headers: { authorization: `Bearer ${key}`, "content-type": contentType },
        body,
      });
    expect((await send(PICTURE)).status).toBe(204);
    const { json } = await call("GET", pathOf(bot));
    expect(json.avatar).toMatch(/\/avatar\?v=[0-9a-f]{16}$/);
    const page = await (await fetch(`${site.url}/chat/${bot.botKey}`)).text();
    expect(page).toContain(
      `<img src="${json.avatar}" alt="" width="36" height="36" class="photo">`,
    );
    const shown = await fetch(site.url + json.avatar);
    expect(shown.headers.get("content-type")).toBe("image/png");
    expect(shown.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(shown.headers.get("cache-control")).toContain("max-age=31536000");
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(PICTURE);
    expect((await send("<svg onload='alert(1)'/>")).status).toBe(415);
    expect((await send(Buffer.alloc(300_000))).status).toBe(413);
    await change({ name: "Con foto" });
    expect((await call("GET", pathOf(bot))).json.avatar).toBe(json.avatar);
    const removed = await fetch(site.url + path, {
      method: "DELETE",
      headers: { authorization: `Bearer ${key}` },
    });
    expect(removed.status).toBe(204);
    expect((await fetch(site.url + json.avatar)).status).toBe(404);
  });

  it("opens while the database is away, with what it knew", async () => {
    const assistants = { ...site.ports.assistants, list: () => Promise.reject(new Error("away")) };
    const { url, close } = await site.variant({ assistants });
    const page = await fetch(`${url}/chat/${bot.botKey}`);
    expect(page.status).toBe(200);
    expect(page.headers.get("permissions-policy")).toContain("microphone=(self)");
    expect(await page.text()).toContain("&quot;hasDesk&quot;:true");
    await close();
  });

  it("never turns into markup or a header", async () => {
    const name = `{{base}}"><script>alert(1)</script>`;
    await change({ name, greeting: `'"><img src=x onerror=alert(1)>` });
    const page = await (await fetch(`${site.url}/chat/${bot.botKey}`)).text();
    expect(page).toContain("{{base}}&quot;&gt;&lt;script&gt;");
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain("<img src=x");
  });
});

describe("the sites that a web chat may stand on", () => {
  it("are our own alone, until the tenant names others", async () => {
    const plain = await openFrame(site.otherBot);
    expect(ancestorsOf(plain)).toBe("'self'");
    expect(plain.headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(plain.headers.get("set-cookie")).toContain("SameSite=Lax");
    await change({});
    const allowed = await openFrame(bot);
    expect(ancestorsOf(allowed)).toBe(`'self' ${SITE}`);
    expect(allowed.headers.get("x-frame-options")).toBeNull();
  });

  it("get the cookie of a frame, kept apart for each of them; everything else gets the usual one", async () => {
    await change({});
    const config = { ...site.ports.config, publicUrl: "https://chat.example" };
    const secure = await site.variant({ config });
    try {
      const framed = (await openFrame(bot, {}, secure.url)).headers.get("set-cookie");
      expect(framed).toMatch(
        /^__Host-embedded-visitor-.*HttpOnly; Secure; Partitioned; SameSite=None$/,
      );
      const asPage = await openFrame(bot, { "sec-fetch-dest": "document" }, secure.url);
      expect(asPage.headers.get("set-cookie")).toMatch(/^__Host-visitor-.*SameSite=Lax/);
    } finally {
      await secure.close();
    }
  });

  it("talk in the visitor's name through the frame alone", async () => {
    await change({});
    const cookie = (await openFrame(bot)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const say = (headers: Record<string, string>) =>
      fetch(`${site.url}/api/v1/chat/${bot.botKey}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie, ...headers },
        body: JSON.stringify({ clientMessageId: randomUUID(), text: "hola" }),
      });
    expect((await say({ "sec-fetch-site": "same-origin" })).status).toBe(202);
    for (const origin of [SITE, OTHER]) {
      expect((await say({ "sec-fetch-site": "cross-site", origin })).status).toBe(403);
      expect((await say({ origin })).status).toBe(403);
    }
  });

  it("may read name and colour, and others may not", async () => {
    await change({ name: "Ventanilla", colour: "#004488" });
    const ask = (origin: string) =>
      fetch(`${site.url}/chat/${bot.botKey}/widget.json`, { headers: { origin } });
    const allowed = await ask(SITE);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(SITE);
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    expect(await allowed.json()).toEqual({
      name: "Ventanilla",
      colour: "#004488",
      onColour: "#ffffff",
    });
    expect((await ask(OTHER)).status).toBe(403);
    expect((await ask(site.url)).status).toBe(200);
  });

  it("include a script of less than 30 kB that no other file of ours goes with", async () => {
    const response = await fetch(`${site.url}/widget.js`);
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(response.headers.get("content-type")).toContain("text/javascript");
    const script = await response.text();
    expect(gzipSync(script).length).toBeLessThan(30_000);
    expect(script).not.toMatch(/\beval\(|new Function|innerHTML|\.cssText|document\.write/);
    const style = await fetch(`${site.url}/assets/chat/chat.css`);
    expect(style.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});
