import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceCommands } from "../../../src/cli/source.ts";
import { asId, type EditionId } from "../../../src/core/ids.ts";
import { dayAfter, todayIn } from "../../../src/newsroom/collection/expected-days.ts";
import {
  type GazetteSite,
  makeEdition,
  startGazetteSite,
} from "../../stand-ins/gazette-site/gazette-site.ts";
import type { Browser } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

/** Adding a source, collecting it and looking at its calendar, over HTTP, before the whole product. */
let site: GazetteSite;
let people: RunningPeople;
let admin: Member;
let owner: Member;
let viewer: Member;
let foreigner: Member;
let sourceId: string;
const today = todayIn("America/Costa_Rica", new Date());
const yesterday = dayAfter(today, -1);

beforeAll(async () => {
  site = await startGazetteSite();
  people = await startPeople({ ALLOWED_PRIVATE_ADDRESSES: `127.0.0.1:${site.port}` });
  admin = await setUp(people);
  owner = await people.join("olga@example.org", "owner");
  viewer = await people.join("vera@example.org", "viewer");
  foreigner = await people.join("eva@example.org", "owner", await people.addTenant());
});
afterAll(async () => {
  await people?.close();
  await site?.close();
});

const call = (browser: Browser, method: string, path: string, body?: unknown, headers = {}) =>
  browser.call(method, `/api/v1${path}`, body, { headers });

/** The edition of a day, once nothing more is tried of it by itself. */
async function settled(browser: Browser, id: string, date: string) {
  for (;;) {
    const { status, json, text } = await call(browser, "GET", `/sources/${id}/editions/${date}`);
    expect(status, text).toBe(200);
    if (!["expected", "collecting"].includes(json.state)) return json;
    await sleep(400);
  }
}

const settings = () => ({
  locator: { kind: "address", url: site.address },
  hosts: ["127.0.0.1"],
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  holidays: [],
  pauseSeconds: 0.5,
});

describe("a source over HTTP", { timeout: 120_000 }, () => {
  it("is added from a preset by who operates, collected for a range, and seen in its calendar", async () => {
    const presets = await call(admin.browser, "GET", "/source-presets");
    expect(presets.json.presets.map((each: { name: string }) => each.name)).toEqual([
      "la-gaceta",
      "la-gaceta-alcances",
      "boletin-judicial",
      "boe",
      "dof",
      "dou",
    ]);
    const added = await call(admin.browser, "POST", "/sources", {
      preset: "la-gaceta",
      settings: settings(),
    });
    expect(added.status, added.text).toBe(201);
    expect(added.json).toMatchObject({ slug: "la-gaceta", isPublic: true, isPaused: false });
    sourceId = added.json.id;
    site.setFault(dayAfter(today, -2), "missing");
    const range = { from: dayAfter(today, -2), until: yesterday };
    const asked = await call(admin.browser, "POST", `/sources/${sourceId}/backfills`, range);
    expect(asked.status, asked.text).toBe(202);
    expect(asked.json).toMatchObject({ total: 2 });
    expect(await settled(admin.browser, sourceId, yesterday)).toMatchObject({
      state: "collected",
      documents: [{ state: "stored" }],
      tries: [{ outcome: "collected", documentCount: 1 }],
    });
    expect(await settled(admin.browser, sourceId, dayAfter(today, -2))).toMatchObject({
      state: "missing",
      reason: { code: "not-there" },
      alertedAt: expect.any(String),
    });
    const calendar = await call(
      admin.browser,
      "GET",
      `/sources/${sourceId}/calendar?month=${yesterday.slice(0, 7)}`,
    );
    const day = calendar.json.days.find((each: { date: string }) => each.date === yesterday);
    expect(day).toMatchObject({ isExpected: true, edition: { state: "collected" } });
    const backfills = await call(admin.browser, "GET", `/sources/${sourceId}/backfills`);
    expect(backfills.json.backfills[0]).toMatchObject({ total: 2, settled: 2 });
    const listed = await people.installation.gazetteStore.listEditions(
      people.installation.tenantId,
      "la-gaceta",
      yesterday,
    );
    expect(listed).toHaveLength(1);
  });

  it("is public to read, and changed by nobody of a tenant", async () => {
    for (const member of [owner, viewer, foreigner]) {
      const list = await call(member.browser, "GET", "/sources");
      expect(list.json.sources).toMatchObject([{ id: sourceId, isPublic: true }]);
      const looked = await call(
        member.browser,
        "GET",
        `/sources/${sourceId}/editions/${yesterday}`,
      );
      expect(looked.status).toBe(200);
    }
    for (const [method, path, body] of [
      ["PATCH", "", { isPaused: true }],
      ["POST", `/editions/${yesterday}/collect`, undefined],
      ["POST", `/editions/${yesterday}/decision`, { decision: "accept" }],
      ["POST", "/backfills", { from: yesterday, until: yesterday }],
    ] as const) {
      const refused = await call(owner.browser, method, `/sources/${sourceId}${path}`, body);
      expect(refused.status, `${path} ${refused.text}`).toBe(404);
    }
    const add = await call(viewer.browser, "POST", "/sources", { preset: "la-gaceta" });
    expect(add.status).toBe(403);
  });

  it("of a tenant's own is that tenant's alone, and takes what people send", async () => {
    const mine = await call(owner.browser, "POST", "/sources", {
      source: {
        slug: "gaceta-municipal",
        name: "Gaceta Municipal",
        language: "es",
        country: "CR",
        timeZone: "America/Costa_Rica",
      },
      settings: { locator: { kind: "upload" } },
    });
    expect(mine.status, mine.text).toBe(201);
    expect(mine.json).toMatchObject({ isPublic: false });
    const { id } = mine.json;
    const cookie = [...owner.browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const csrf = owner.browser.cookies.get("csrf") ?? "";
    const sent = await fetch(`${people.url}/api/v1/sources/${id}/editions/${yesterday}/content`, {
      method: "PUT",
      headers: { cookie, "x-csrf-token": csrf, "content-type": "application/pdf" },
      body: new Uint8Array(makeEdition(yesterday, { name: "GACETA MUNICIPAL" })),
    });
    expect(sent.status, await sent.clone().text()).toBe(202);
    expect(await settled(owner.browser, id, yesterday)).toMatchObject({ state: "collected" });
    for (const path of [`/sources/${id}`, `/sources/${id}/editions/${yesterday}`]) {
      expect((await call(foreigner.browser, "GET", path)).status).toBe(404);
    }
    const theirs = await call(foreigner.browser, "GET", "/sources");
    expect(theirs.text).not.toContain(id);
  });

  it("reads an edition anew when somebody asks, once, and what it was before stays", async () => {
    const path = `/sources/${sourceId}/editions/${yesterday}`;
    const before = (await call(admin.browser, "GET", path)).json;
    expect((await call(owner.browser, "POST", `${path}/reading`)).status).toBe(404);
    const asked = await call(admin.browser, "POST", `${path}/reading`);
    expect(asked.status, asked.text).toBe(202);
    await call(admin.browser, "POST", `${path}/reading`);
    const read = await readAnew(before.documents[0].editionId);
    expect(read.state).toBe("collected");
    expect(read.tries[0]).toMatchObject({ outcome: "collected", documentCount: 1 });
    const { gazetteStore, tenantId } = people.installation;
    const [current, ...others] = await gazetteStore.listEditions(tenantId, "la-gaceta", yesterday);
    expect(others).toEqual([]);
    expect(current?.editionId).toBe(read.documents[0].editionId);
    const former = asId<EditionId>(before.documents[0].editionId);
    expect(await gazetteStore.listActs(tenantId, former)).toEqual(
      await gazetteStore.listActs(tenantId, asId<EditionId>(read.documents[0].editionId)),
    );
    const missing = `/sources/${sourceId}/editions/${dayAfter(today, -2)}/reading`;
    const none = await call(admin.browser, "POST", missing);
    expect([none.status, none.json.code]).toEqual([409, "edition-state"]);
    const audit = await call(admin.browser, "GET", `/audit?subject=${sourceId}&limit=1`);
    expect(audit.json.entries[0].action).toBe("edition-read-anew");

    async function readAnew(former: string) {
      for (;;) {
        const { json } = await call(admin.browser, "GET", path);
        const [document] = json.documents;
        if (document.state === "stored" && document.editionId !== former) return json;
        await sleep(200);
      }
    }
  });

  it("says what is wrong with what is asked, and overwrites nobody's change unseen", async () => {
    const wrong = await call(admin.browser, "POST", "/sources", { preset: "la-gazeta", color: 1 });
    expect(wrong.json.fields).toMatchObject([{ field: "color" }]);
    const unknown = await call(admin.browser, "POST", "/sources", { preset: "la-gazeta" });
    expect(unknown.json.detail).toContain("la-gaceta-alcances");
    const twice = await call(admin.browser, "POST", "/sources", { preset: "la-gaceta" });
    expect(twice.status).toBe(409);
    const change = { settings: { hosts: ["www.example.org"] } };
    const path = `/sources/${sourceId}`;
    expect((await call(admin.browser, "PATCH", path, change)).status).toBe(428);
    const read = await call(admin.browser, "GET", path);
    const tag = { "if-match": read.headers.get("etag") ?? "" };
    const host = await call(admin.browser, "PATCH", path, change, tag);
    expect(host.json.fields).toMatchObject([{ field: "settings.hosts", example: "127.0.0.1" }]);
    const paused = await call(admin.browser, "PATCH", path, {
      isPaused: true,
      pauseReason: "mudanza",
    });
    expect(paused.json).toMatchObject({ isPaused: true, pauseReason: "mudanza" });
    const stale = await call(admin.browser, "PATCH", path, { settings: { recheckDays: 0 } }, tag);
    expect(stale.status).toBe(412);
    const ahead = await call(
      admin.browser,
      "POST",
      `${path}/editions/${dayAfter(today, 2)}/collect`,
    );
    expect(ahead.status).toBe(400);
    const doubted = await call(admin.browser, "POST", "/sources", { preset: "boletin-judicial" });
    expect(doubted.json).toMatchObject({
      isPaused: true,
      pauseReason: expect.stringContaining("2023"),
    });
    const audit = await call(admin.browser, "GET", `/audit?subject=${sourceId}`);
    const actions = audit.json.entries.map((each: { action: string }) => each.action);
    expect(actions).toEqual([
      "source-paused",
      "edition-read-anew",
      "backfill-asked",
      "source-added",
    ]);
  });

  it("is seen on the command line as over HTTP", async () => {
    const { sources, clock } = people.installation;
    const commands = sourceCommands({ sources, clock, actor: "test" });
    const context = { signal: new AbortController().signal, onProgress() {} };
    const listed = await commands.listCollectedSources({}, context);
    expect(listed.map(({ slug, isPaused }) => [slug, isPaused])).toEqual([
      ["boletin-judicial", true],
      ["la-gaceta", true],
    ]);
    const { days } = await commands.showCalendar(
      { source: "la-gaceta", month: yesterday.slice(0, 7) },
      context,
    );
    expect(days).toContainEqual({ date: yesterday, state: "collected", attempts: 2, reason: null });
  });

  it("keeps what a listing was that does not fit, for whoever changes the settings", async () => {
    site.setFault(yesterday, "changed-layout");
    const place = { language: "es", country: "CR", timeZone: "America/Costa_Rica" };
    const locator = { kind: "listing", url: site.feed, links: [site.links] };
    const added = await call(admin.browser, "POST", "/sources", {
      source: { slug: "gaceta-abierta", name: "Gaceta Abierta", ...place },
      settings: { ...settings(), locator },
    });
    expect(added.status, added.text).toBe(201);
    const edition = `/sources/${added.json.id}/editions/${yesterday}`;
    expect((await call(admin.browser, "POST", `${edition}/collect`)).status).toBe(202);
    expect(await settled(admin.browser, added.json.id, yesterday)).toMatchObject({
      state: "needs-attention",
      tries: [
        { step: expect.stringContaining("listing http"), evidence: { hasScreenshot: false } },
      ],
    });
    const kept = await call(viewer.browser, "GET", `${edition}/listing`);
    expect(kept.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(kept.headers.get("content-security-policy")).toContain("sandbox");
    expect(kept.text).toContain('"secciones":[]');
    // Data are no page: there is nothing to see.
    expect((await call(viewer.browser, "GET", `${edition}/screenshot`)).status).toBe(404);
  });

  it("is reached with a key that may, removed, and added again with what it had", async () => {
    const made = await call(owner.browser, "POST", "/api-keys", {
      name: "reader",
      scopes: ["sources:read"],
    });
    const headers = { authorization: `Bearer ${made.json.key}` };
    const read = await fetch(`${people.url}/api/v1/sources`, { headers });
    const { sources } = (await read.json()) as { sources: { id: string; slug: string }[] };
    const id = sources.find(({ slug }) => slug === "gaceta-municipal")?.id ?? "";
    const path = `/sources/${id}`;
    const withKey = await fetch(`${people.url}/api/v1${path}`, { method: "DELETE", headers });
    expect(withKey.status).toBe(403);
    expect((await call(foreigner.browser, "DELETE", path)).status).toBe(404);
    expect((await call(owner.browser, "DELETE", path)).status).toBe(204);
    expect((await call(owner.browser, "DELETE", path)).status).toBe(404);
    expect((await call(owner.browser, "GET", path)).status).toBe(404);
    expect((await call(owner.browser, "GET", "/sources")).text).not.toContain("gaceta-municipal");
    const { gazetteStore, tenantId } = people.installation;
    expect(await gazetteStore.listEditions(tenantId, "gaceta-municipal", yesterday)).toHaveLength(
      1,
    );
    const again = await call(owner.browser, "POST", "/sources", {
      source: {
        slug: "gaceta-municipal",
        name: "Gaceta Municipal",
        language: "es",
        country: "CR",
        timeZone: "America/Costa_Rica",
      },
      settings: { locator: { kind: "upload" } },
    });
    expect(again.json).toMatchObject({ id, lastCollectedOn: yesterday });
  });
});
