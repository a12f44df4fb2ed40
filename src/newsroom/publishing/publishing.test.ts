import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runPublishingCrashes } from "../../../test/newsroom/publishing-crashes.ts";
import {
  CHANNEL_ID,
  openPublishingGround,
  type PublishingGround,
  READERS,
} from "../../../test/newsroom/publishing-ground.ts";
import { systemClock } from "../../core/clock.ts";
import { noFaults } from "../../core/fault-point.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { TargetSettings } from "../../core/publishing.ts";
import type { Database } from "../../store/database.ts";
import { migrate } from "../../store/migrate.ts";
import { openEmbedded } from "../../store/open-embedded.ts";
import { createTenants } from "../../store/tenants.ts";
import { createApprovedScheduler } from "./schedule-approved.ts";

const BY = { actor: "person:test" };
const signal = () => new AbortController().signal;
let database: Database;
let ground: PublishingGround;
let number = 0;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
});
afterAll(() => database.close());
beforeEach(async () => {
  // What an earlier test left is not this one's.
  await database.asOwner((tx) =>
    tx.query(
      "update publication set state = 'cancelled' where state in ('scheduled', 'publishing')",
    ),
  );
  ground = await openPublishingGround(database);
  return () => ground.close();
});

/** A fresh text on one target; returns its publication. */
async function publish(settings: TargetSettings, at?: Date, statements = ["Uno.", "Dos."]) {
  number += 1;
  const targetId = await ground.addTarget(settings);
  const { runId } = await ground.approve({
    title: `Resumen ${number}`,
    statements: statements.map((text) => `${text} (${number})`),
  });
  const order = { runId, targetIds: [targetId], at, timeZone: undefined };
  const [id = ""] = await ground.desk.publish(ground.tenantId, order, crypto.randomUUID(), BY);
  return { id, targetId, runId };
}

/** Rounds of a process, each after all pauses. */
async function post(rounds = 1): Promise<void> {
  const publisher = ground.publisher(noFaults);
  for (let round = 0; round < rounds; round += 1) {
    await publisher(signal());
    if (round < rounds - 1) await ground.expire();
  }
}

async function find(id: string) {
  const found = await ground.store.find(ground.tenantId, id);
  if (found === undefined) throw new Error("There is no such publication.");
  return found;
}
const openPages = (isAllowed: boolean) =>
  createTenants(database).setEditionPublisher(ground.tenantId, isAllowed, BY);
const stateOf = async (id: string) => (await find(id)).publication.state;
const target = async (id: string) => ground.store.findTarget(ground.tenantId, id);
const take = (id: string, kind: "cancel" | "retry" | "resend" | "accept") =>
  ground.store.take(ground.tenantId, id, { kind }, BY);

describe("publishing on X", () => {
  it("posts a thread, each post in answer to the one before, as it was previewed", async () => {
    const { id, runId, targetId } = await publish(ground.settings.x);
    const [preview] = await ground.desk.preview(ground.tenantId, runId, [targetId]);
    await post();
    expect(await stateOf(id)).toBe("published");
    const posts = ground.x.posts(ground.account);
    expect(posts.map(({ text }) => text)).toEqual(preview?.posts.map(({ text }) => text));
    expect(posts.map(({ replyTo }) => replyTo)).toEqual([undefined, posts[0]?.id, posts[1]?.id]);
    expect((await find(id)).posts.map(({ networkId }) => networkId)).toEqual(
      posts.map((each) => each.id),
    );
  });

  it("puts a picture of the title to the first post, and finds that one too", async () => {
    const { id } = await publish({ ...ground.settings.x, hasCard: true });
    ground.x.fail("hang-up-after");
    await post(2);
    expect(await stateOf(id)).toBe("published");
    const [first, ...others] = ground.x.posts(ground.account);
    expect(first?.mediaId).toBeDefined();
    expect(others.map(({ mediaId }) => mediaId)).toEqual([undefined, undefined]);
  });

  it.each(["503-after", "hang-up-after"] as const)(
    "finds a post that was taken without a word (%s), and posts it no second time",
    async (fault) => {
      const { id } = await publish(ground.settings.x);
      ground.x.fail(fault);
      await post();
      expect(await find(id)).toMatchObject({
        publication: { state: "publishing" },
        posts: [{ state: "unknown" }, { state: "pending" }, { state: "pending" }],
      });
      await ground.expire();
      await post();
      expect(await stateOf(id)).toBe("published");
      expect(ground.x.posts(ground.account)).toHaveLength(3);
      expect(ground.x.duplicatesRefused).toBe(0);
    },
  );

  it.each(["503-before", "hang-up-before"] as const)(
    "posts again what is certainly not there (%s)",
    async (fault) => {
      const { id } = await publish(ground.settings.x);
      ground.x.fail(fault);
      await post(2);
      expect(await stateOf(id)).toBe("published");
      expect(ground.x.posts(ground.account)).toHaveLength(3);
    },
  );

  it("waits as long as X asks for, with all of the target", async () => {
    ground.x.limitPosts(1, 600_000);
    const { id } = await publish(ground.settings.x);
    await post();
    const { publication } = await find(id);
    expect(publication).toMatchObject({ state: "publishing", reason: "rate-limited" });
    const waitMs = (publication.nextAttemptAt?.getTime() ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(400_000);
    expect(waitMs).toBeLessThan(700_000);
    expect(await ground.ledger.claim(10, 1_000)).toEqual([]);
    ground.x.limitPosts(undefined, 0);
    await ground.expire();
    await post();
    expect(await stateOf(id)).toBe("published");
  });

  it("holds a target whose credentials are refused, says what to do, and goes on with others", async () => {
    const { credentials } = ground.settings.x;
    const wrong = { kind: "x", credentials: { ...credentials, accessSecret: "wrong" } } as const;
    const { id, targetId } = await publish(wrong);
    await post(2);
    expect(await target(targetId)).toMatchObject({
      state: "needs-attention",
      attention: expect.stringContaining("X does not accept the credentials"),
    });
    expect(await find(id)).toMatchObject({
      publication: { state: "publishing", reason: "bad-credentials" },
      posts: [{ state: "pending" }, {}, {}],
    });
    const change = { settings: ground.settings.x };
    await ground.store.changeTarget(ground.tenantId, targetId, change, undefined, BY);
    await post();
    expect(await stateOf(id)).toBe("published");
  });

  it("exchanges tokens that X refuses, keeps the new ones, and goes on with them", async () => {
    const { clientId, clientSecret, refreshToken } = ground.account;
    const credentials = { kind: "oauth2", clientId, clientSecret, refreshToken } as const;
    const { id, targetId } = await publish({
      kind: "x",
      credentials: { ...credentials, accessToken: "of yesterday" },
    });
    await post();
    expect(await stateOf(id)).toBe("published");
    expect((await target(targetId))?.settings).toMatchObject({
      credentials: {
        accessToken: ground.account.accessToken,
        refreshToken: ground.account.refreshToken,
      },
    });
  });
});

describe("publishing in a channel of Telegram, and by letters", () => {
  it("asks a person about a post of which nobody knows, and does what they say", async () => {
    const again = await publish(ground.settings.telegram);
    ground.telegram.faults.add({
      method: "sendMessage",
      effect: { kind: "drop", isAccepted: false },
    });
    await post();
    expect(await stateOf(again.id)).toBe("unknown");
    await take(again.id, "resend");
    await post();
    expect(await stateOf(again.id)).toBe("published");
    const [sent, ...others] = ground.telegram.sent(CHANNEL_ID);
    expect(others).toEqual([]);
    expect(sent?.text).toContain("La Gaceta, 14 nov 2014, p. 12");
  });

  it("writes to each reader once, whatever becomes of the others", async () => {
    const { id } = await publish(ground.settings.email);
    ground.smtp.fail("550-recipient");
    await post();
    expect(await find(id)).toMatchObject({
      publication: { state: "failed", reason: "smtp-550" },
      posts: [{ state: "refused" }, { state: "sent" }],
    });
    await take(id, "retry");
    ground.smtp.fail("drop-after-data");
    await post();
    expect(await find(id)).toMatchObject({
      publication: { state: "unknown" },
      posts: [{ state: "unknown", reason: "no-answer-after-data" }, { state: "sent" }],
    });
    await take(id, "accept");
    await post();
    expect(await stateOf(id)).toBe("published");
    const { letters } = ground.smtp;
    expect(letters.map(({ to }) => to[0]).sort()).toEqual(READERS);
    expect(letters[0]?.raw).toContain("List-Unsubscribe: <mailto:baja@example.org>");
    expect(letters.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw)?.[1])).toEqual(
      expect.arrayContaining([`<${id}.0@example.org>`, `<${id}.1@example.org>`]),
    );
  });

  it("comes back when a mail server says later, and never into a private network", async () => {
    const { id } = await publish(ground.settings.email);
    ground.smtp.fail("421-greeting", "450-recipient");
    await post(3);
    expect(await stateOf(id)).toBe("published");
    const inside = await publish({ ...ground.settings.email, host: "169.254.169.254", port: 25 });
    await post();
    expect(await find(inside.id)).toMatchObject({
      publication: { state: "failed", reason: "url-refused" },
    });
  });
});

describe("a publication", () => {
  it("waits for its time, is put off, cancelled, and taken up again", async () => {
    const { id } = await publish(ground.settings.x, new Date(Date.now() + 3_600_000));
    await post();
    expect(await stateOf(id)).toBe("scheduled");
    await take(id, "cancel");
    await ground.expire();
    await post();
    expect(await stateOf(id)).toBe("cancelled");
    expect(ground.x.posts(ground.account)).toEqual([]);
    await ground.desk.reschedule(ground.tenantId, id, { at: undefined, timeZone: undefined }, BY);
    await post();
    expect(await stateOf(id)).toBe("published");
    await expect(take(id, "cancel")).rejects.toMatchObject({ code: "publication-state" });
    await expect(take(id, "resend")).rejects.toMatchObject({ code: "publication-state" });
  });

  it("is there once for each text and target, whoever asks and however often", async () => {
    const { runId, targetId } = await publish(ground.settings.x);
    const order = { runId, targetIds: [targetId], at: undefined, timeZone: undefined };
    const again = ground.desk.publish(ground.tenantId, order, crypto.randomUUID(), BY);
    await expect(again).rejects.toMatchObject({ code: "publication-exists", status: 409 });
  });

  it("goes by itself to the targets that its prompt is linked with, once", async () => {
    const run = { title: "Enlazado", statements: ["Uno."] };
    const { promptId } = await ground.approve(run);
    await ground.addTarget(ground.settings.x, [promptId]);
    const { runId } = await ground.approve({ ...run, title: "Enlazado después", promptId });
    const schedule = () =>
      createApprovedScheduler({ texts: ground.texts, ledger: ground.ledger, clock: systemClock })(
        signal(),
      );
    expect(await schedule()).toBe(1);
    expect(await schedule()).toBe(0);
    await post();
    const page = { after: undefined, limit: 10 };
    const { entries } = await ground.store.list(ground.tenantId, { runId }, page);
    expect(entries).toMatchObject([{ state: "published", askedBy: "system" }]);
    expect(ground.x.posts(ground.account).map(({ text }) => text.split("\n")[0])).toEqual([
      "Enlazado después",
    ]);
  });

  it("is shown on the page of its edition while its target is there, and tells programs", async () => {
    await openPages(true);
    const shown = await publish({ kind: "edition-page" });
    const told = await publish({ kind: "webhook" });
    await post(2);
    expect([await stateOf(shown.id), await stateOf(told.id)]).toEqual(["published", "published"]);
    const events = await database.asOwner((tx) =>
      tx.query<{ detail: object }>("select detail from event where kind = 'publication-published'"),
    );
    expect(events.map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({ publicationId: told.id, target: "webhook" }),
    );
  });

  it("does not stand on pages that are everybody's unless who manages them lets the tenant speak there", async () => {
    await expect(publish({ kind: "edition-page" })).rejects.toMatchObject({
      code: "edition-pages-closed",
      status: 403,
    });
    await openPages(true);
    const { id, targetId } = await publish({ kind: "edition-page" });
    await openPages(false);
    await post(2);
    expect(await stateOf(id)).not.toBe("published");
    expect(await target(targetId)).toMatchObject({ state: "needs-attention" });
    // A tenant cannot let itself.
    expect(await ground.store.mayPublishOnEditions(ground.tenantId)).toBe(false);
    const insert = database.asTenant(ground.tenantId, (tx) =>
      tx.query("insert into edition_publisher (tenant_id) values ($1)", [ground.tenantId]),
    );
    await expect(insert).rejects.toThrow(/permission denied|row-level security/);
  });

  it("is nobody else's", async () => {
    const { id, targetId } = await publish(ground.settings.x);
    const stranger = asId<TenantId>("00000000-0000-4000-8000-00000000000f");
    expect(await ground.store.find(stranger, id)).toBeUndefined();
    expect(await ground.store.findTarget(stranger, targetId)).toBeUndefined();
    await expect(ground.store.take(stranger, id, { kind: "cancel" }, BY)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe("a process that dies", () => {
  it("leaves nothing twice and loses nothing, wherever it was", { timeout: 240_000 }, async () => {
    expect(await runPublishingCrashes(4)).toMatchObject({
      crashes: 4,
      duplicated: 0,
      lost: 0,
      astray: 0,
      unfinished: 0,
    });
  });
});
