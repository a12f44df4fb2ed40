import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addApproved } from "../../newsroom/publishing-ground.ts";
import {
  startTelegramStandIn,
  type TelegramStandIn,
} from "../../stand-ins/telegram/start-stand-in.ts";
import { startXStandIn, type XStandIn } from "../../stand-ins/x/start-stand-in.ts";
import type { Browser } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

/** From an approved digest to X, a channel, the page of its edition and the feed, over HTTP, before the whole product. */
const CHANNEL = -1_001_234_567_890;
let x: XStandIn;
let telegram: TelegramStandIn;
let people: RunningPeople;
let owner: Member;
let viewer: Member;
let foreigner: Member;
let runId: string;
const account = () => x.posts(xAccount).map(({ text }) => text);
let xAccount: ReturnType<XStandIn["addAccount"]>;

beforeAll(async () => {
  x = await startXStandIn();
  xAccount = x.addAccount("gaceta");
  telegram = await startTelegramStandIn();
  people = await startPeople({ X_API_URL: x.url, TELEGRAM_API_ROOT: telegram.apiRoot });
  owner = await setUp(people);
  await call(
    owner.browser,
    "PATCH",
    "/tenant",
    { name: "Archivo <Nacional>" },
    { "if-match": "*" },
  );
  viewer = await people.join("vera@example.org", "viewer");
  foreigner = await people.join("eva@example.org", "owner", await people.addTenant());
  const { gazetteStore, database, tenantId } = people.installation;
  const source = await gazetteStore.ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
  const { editionId } = await gazetteStore.storeEdition({
    source,
    publishedOn: "2014-11-14",
    number: "220",
    documentName: "a.pdf",
    contentHash: "a".repeat(64),
    fileKey: "a",
    pages: [],
    acts: [],
  });
  const run = { title: "Lo más importante <hoy>", statements: ["Sube el salario mínimo."] };
  ({ runId } = await addApproved(database, tenantId, { ...run, editionId }));
});
afterAll(async () => {
  await people?.close();
  await telegram?.close();
  await x?.close();
});

/** As it is called on pages that everybody reads. */
const institution = "Archivo &lt;Nacional&gt;";

const call = (browser: Browser, method: string, path: string, body?: unknown, headers = {}) =>
  browser.call(method, `/api/v1${path}`, body, { headers });

async function settled(id: string) {
  for (;;) {
    const { json, status, text } = await call(owner.browser, "GET", `/publications/${id}`);
    expect(status, text).toBe(200);
    if (json.state !== "scheduled" && json.state !== "publishing") return json;
    await sleep(400);
  }
}

async function addBot(): Promise<string> {
  const bot = telegram.addBot();
  telegram.group(CHANNEL, { title: "Canal", type: "supergroup" }).addBot(bot, telegram.user(1));
  const body = { channel: "telegram", token: bot.token };
  const added = await call(owner.browser, "POST", "/bots", body);
  expect(added.status, added.text).toBe(201);
  return added.json.id;
}

describe("publishing over HTTP", { timeout: 120_000 }, () => {
  it("goes to X, to a channel and to the page of the edition, once, as it was previewed", async () => {
    const settings = [
      { kind: "x", credentials: { kind: "oauth1", ...xAccount.oauth1 } },
      { kind: "telegram-channel", botId: await addBot(), chatId: String(CHANNEL) },
      { kind: "edition-page" },
    ];
    const targetIds: string[] = [];
    for (const each of settings) {
      const body = { name: each.kind, settings: each };
      const added = await call(owner.browser, "POST", "/publishing-targets", body);
      expect(added.status, added.text).toBe(201);
      expect(added.text).not.toContain(xAccount.oauth1.accessSecret);
      targetIds.push(added.json.id);
    }
    const check = await call(owner.browser, "POST", `/publishing-targets/${targetIds[0]}/check`);
    expect(check.json).toEqual({
      isWell: true,
      code: "account-known",
      name: "@gaceta",
      evidence: "X knows the account as @gaceta.",
    });
    const previewed = await call(owner.browser, "POST", "/publications/preview", { runId });
    expect(previewed.status, previewed.text).toBe(200);
    const [onX] = previewed.json.previews;
    expect(onX).toMatchObject({ kind: "x", posts: [{ limit: 280 }] });
    const headers = { "idempotency-key": "of-the-morning" };
    const asked = await call(owner.browser, "POST", "/publications", { runId, targetIds }, headers);
    expect(asked.status, asked.text).toBe(201);
    const again = await call(owner.browser, "POST", "/publications", { runId, targetIds }, headers);
    expect(again.json).toEqual(asked.json);
    for (const { id } of asked.json.publications) {
      expect(await settled(id)).toMatchObject({ state: "published", reason: null });
    }
    expect(account()).toEqual(onX.posts.map((post: { text: string }) => post.text));
    // A bot that comes into a group says who it is.
    const sent = telegram.sent(CHANNEL).filter(({ text }) => text.includes("salario"));
    expect(sent.map(({ text }) => text)).toEqual([
      expect.stringContaining("Sube el salario mínimo. (La Gaceta, 14 nov 2014, p. 12)"),
    ]);
  });

  it("shows what is published on the page of its edition and in the feed, as text alone", async () => {
    const page = await fetch(`${people.url}/gazettes/la-gaceta/2014-11-14`);
    const shown = await page.text();
    expect(page.status).toBe(200);
    expect(shown).toContain("Lo más importante &lt;hoy&gt;");
    expect(shown).toContain(`id="digest-${runId}"`);
    expect(shown).toContain("/gazettes/la-gaceta/2014-11-14/pages/1?document=a.pdf&amp;hl=100");
    const feed = await (await fetch(`${people.url}/gazettes/la-gaceta/feed.xml`)).text();
    expect(feed).toContain("<title>Lo más importante &lt;hoy&gt;</title>");
    expect(feed).toContain("• Sube el salario mínimo.");
    for (const text of [shown, feed]) expect(text).toContain(institution);
  });

  it("leaves those pages at once when who manages the installation closes them, and is there again after", async () => {
    const { tenantId } = people.installation;
    const path = `/tenants/${tenantId}/edition-pages`;
    const page = async () => (await fetch(`${people.url}/gazettes/la-gaceta/2014-11-14`)).text();
    const closed = await call(owner.browser, "PUT", path, { mayPublish: false });
    expect(closed.json, closed.text).toMatchObject({ mayPublishOnEditions: false });
    expect(await page()).not.toContain(`digest-${runId}`);
    expect(await (await fetch(`${people.url}/gazettes/la-gaceta/feed.xml`)).text()).not.toContain(
      institution,
    );
    const body = { name: "otra", settings: { kind: "edition-page" } };
    const refused = await call(owner.browser, "POST", "/publishing-targets", body);
    expect(refused.json).toMatchObject({ code: "edition-pages-closed", status: 403 });
    expect((await call(foreigner.browser, "PUT", path, { mayPublish: true })).status).toBe(403);
    expect((await call(owner.browser, "PUT", path, { mayPublish: true })).status).toBe(200);
    expect(await page()).toContain(`digest-${runId}`);
  });

  it("is for who runs the business of the tenant, and takes nothing that makes no sense", async () => {
    const list = await call(owner.browser, "GET", "/publications?limit=2");
    expect(list.json.publications).toHaveLength(2);
    expect(list.json.next).not.toBeNull();
    const [{ id, targetId }] = list.json.publications;
    expect((await call(viewer.browser, "GET", "/publications")).status).toBe(403);
    for (const path of [`/publications/${id}`, `/publishing-targets/${targetId}`]) {
      expect((await call(foreigner.browser, "GET", path)).status).toBe(404);
    }
    const theirs = await call(foreigner.browser, "POST", "/publications", {
      runId,
      targetIds: [targetId],
    });
    expect(theirs.status).toBe(404);
    const twice = await call(owner.browser, "POST", "/publications", {
      runId,
      targetIds: [targetId],
    });
    expect(twice.json).toMatchObject({ code: "publication-exists", status: 409 });
    const past = { runId, targetIds: [targetId], startsAt: "2020-01-01T00:00:00Z" };
    expect((await call(owner.browser, "POST", "/publications", past)).json.code).toBe("start-time");
    const wrong = { name: "y", settings: { kind: "x", credentials: { kind: "oauth1" } } };
    const refused = await call(owner.browser, "POST", "/publishing-targets", wrong);
    expect(refused.status).toBe(400);
    expect(refused.json.fields[0].field).toContain("settings.credentials");
  });
});
