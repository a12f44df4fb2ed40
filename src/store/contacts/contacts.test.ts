import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addBot,
  addChats,
  addTenant,
  type Ledgers,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import type { BotAccount } from "../../core/channel.ts";
import type { ContactChange, ContactQuery } from "../../core/contacts.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createContacts } from "./contacts.ts";

const BY = { actor: "test" };
const FIRST = { after: undefined, limit: 50 };
const PHONE = { kind: "phone", value: "+506 8888-7777" } as const;

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
});

const contacts = () => createContacts(database, line.cipher);
const create = (change: ContactChange) => contacts().create(tenantId, change, BY);
const found = async (query: ContactQuery) =>
  (await contacts().list(tenantId, query, FIRST)).entries.map(({ contactId }) => contactId);
const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.asTenant(tenantId, (tx) => tx.query<Row>(text, values));
const detail = async (contactId: ContactId) => {
  const read = await contacts().find(tenantId, contactId);
  if (read === undefined) throw new Error("not there");
  return read;
};

/** Who wrote to the bot under this key. */
async function writer(key: string, own: BotAccount = bot): Promise<ContactId> {
  const [chat] = await addChats(line, { tenantId, bot: own }, [key]);
  const [row] = await inTenant<{ contact_id: ContactId }>(
    "select contact_id from conversation where id = $1",
    [chat],
  );
  if (row === undefined) throw new Error("no contact");
  return row.contact_id;
}

describe("a search", () => {
  it("finds a phone in any written form, with and without its country", async () => {
    const ana = await create({ name: "Ana", identifiers: [PHONE] });
    await create({ name: "Berta", identifiers: [{ kind: "phone", value: "+50688887778" }] });
    for (const search of ["+506 8888 7777", "(506) 8888-7777", "0050688887777", "8888 7777"]) {
      expect(await found({ search }), search).toEqual([ana]);
    }
    expect(await found({ search: "50688887777@c.us" })).toEqual([ana]);
    expect(await found({ search: "8888" })).toEqual([]);
  });

  it("finds words of a name without regard to accents, case and order", async () => {
    const jose = await create({ name: "José María Núñez" });
    await create({ name: "María Pérez" });
    expect(await found({ search: "nunez JOSE" })).toEqual([jose]);
    expect(await found({ search: "maria" })).toHaveLength(2);
    expect(await found({ search: "nobody" })).toEqual([]);
    expect(await found({ search: "' or 1=1 --" })).toEqual([]);
  });

  it("finds who wrote by the name that the network gave", async () => {
    const ana = await writer("1001");
    expect(await found({ search: "ana" })).toEqual([ana]);
    expect(await found({ search: "1001" })).toEqual([ana]);
  });

  it("leaves no name, number or reason readable in the database", async () => {
    const ana = await create({
      name: "Anacleta",
      identifiers: [PHONE],
      fields: { barrio: "Otoya" },
    });
    await contacts().setBlocked(tenantId, ana, { isBlocked: true, reason: "insultos" }, BY);
    const tables = ["contact", "contact_alias", "contact_word", "contact_consent", "audit"];
    const dump = await Promise.all(
      tables.map((table) => inTenant(`select t::text from ${table} t`)),
    );
    expect(JSON.stringify(dump)).not.toMatch(/Anacleta|8888|insultos|Otoya/);
  });
});

describe("a filter", () => {
  it("combines tags, channels, standing and times", async () => {
    const ana = await writer("1001");
    await contacts().change(tenantId, ana, { tags: ["vip", "prensa"] }, undefined, BY);
    const berta = await create({ name: "Berta", tags: ["vip"] });
    await contacts().setBlocked(tenantId, berta, { isBlocked: true }, BY);
    const vip = { kind: "tag", tag: "vip" } as const;
    expect(await found({ filter: vip })).toEqual([berta, ana]);
    expect(
      await found({ filter: { kind: "all", of: [vip, { kind: "tag", tag: "prensa" }] } }),
    ).toEqual([ana]);
    expect(await found({ filter: { kind: "blocked", is: true } })).toEqual([berta]);
    expect(await found({ filter: { kind: "channel", channel: "telegram" } })).toEqual([ana]);
    expect(await found({ filter: { kind: "bot", botId: bot.botId } })).toEqual([ana]);
    const at = "2020-01-01T00:00:00Z";
    expect(await found({ filter: { kind: "seen-after", at } })).toEqual([ana]);
    expect(await found({ filter: { kind: "seen-before", at } })).toEqual([berta]);
    expect(await found({ filter: { kind: "created-before", at } })).toEqual([]);
    expect(await found({ filter: { kind: "any", of: [] } })).toEqual([]);
  });

  it("is data alone, whatever is in it", async () => {
    await create({ name: "Ana", tags: ["vip"] });
    const tag = "vip') or true; drop table contact; --";
    expect(await found({ filter: { kind: "tag", tag } })).toEqual([]);
  });

  it("goes on page by page, newest first, and tells nobody twice", async () => {
    const ids: ContactId[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await create({ name: `P ${n}` }));
    const first = await contacts().list(tenantId, {}, { after: undefined, limit: 3 });
    const second = await contacts().list(tenantId, {}, { after: first.next, limit: 3 });
    expect([...first.entries, ...second.entries].map(({ contactId }) => contactId)).toEqual(ids);
    expect(second.next).toBeUndefined();
  });
});

describe("a contact", () => {
  it("imported by phone is the one who writes later, on either way to WhatsApp", async () => {
    const ana = await create({ name: "Ana", identifiers: [PHONE] });
    const cloud = await addBot(line, tenantId, { channel: "whatsapp-cloud" });
    const web = await addBot(line, tenantId, { channel: "whatsapp-web" });
    expect(await writer("50688887777", cloud)).toBe(ana);
    expect(await writer("50688887777@c.us", web)).toBe(ana);
    expect((await detail(ana)).chats.map(({ channel }) => channel).sort()).toEqual([
      "whatsapp-cloud",
      "whatsapp-web",
    ]);
  });

  it("is not made twice for one identifier", async () => {
    await create({ name: "Ana", identifiers: [PHONE] });
    await expect(create({ name: "Otra", identifiers: [PHONE] })).rejects.toMatchObject({
      code: "contact-exists",
    });
    expect(await found({})).toHaveLength(1);
  });

  it("is changed over nobody's head", async () => {
    const ana = await create({ name: "Ana", fields: { barrio: "Otoya", edad: "41" } });
    const { revision } = await detail(ana);
    await contacts().change(tenantId, ana, { fields: { edad: null } }, revision, BY);
    await expect(
      contacts().change(tenantId, ana, { name: "Eva" }, revision, BY),
    ).rejects.toMatchObject({ code: "stale", status: 412 });
    expect(await detail(ana)).toMatchObject({
      name: "Ana",
      profile: { fields: { barrio: "Otoya" } },
    });
  });

  it("of another tenant is not there", async () => {
    const ana = await create({ name: "Ana", identifiers: [PHONE] });
    const theirs = await addTenant(line);
    expect(await contacts().find(theirs.tenantId, ana)).toBeUndefined();
    for (const attempt of [
      contacts().change(theirs.tenantId, ana, { name: "x" }, undefined, BY),
      contacts().setBlocked(theirs.tenantId, ana, { isBlocked: true }, BY),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: "contact-unknown", status: 404 });
    }
    const { entries } = await contacts().list(theirs.tenantId, { search: "8888 7777" }, FIRST);
    expect(entries).toEqual([]);
  });

  it("gets a chat where the network lets the bot write first", async () => {
    const ana = await create({ name: "Ana", identifiers: [PHONE] });
    const cloud = await addBot(line, tenantId, { channel: "whatsapp-cloud" });
    const opened = await contacts().openChats(tenantId, cloud.botId, [ana]);
    expect(await contacts().openChats(tenantId, cloud.botId, [ana])).toEqual(opened);
    expect((await contacts().openChats(tenantId, bot.botId, [ana])).size).toBe(0);
    expect(await writer("50688887777", cloud).catch(() => ana)).toBe(ana);
  });
});

describe("a contact's own fields", () => {
  const named = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${from + index}`, "x"]));
  const add = (id: ContactId, fields: Readonly<Record<string, string | null>>) =>
    contacts().change(tenantId, id, { fields }, undefined, BY);

  it("are fifty at most, however many acts they come by, and can be taken away", async () => {
    const ana = await create({ name: "Ana", fields: named(0, 50) });
    await expect(add(ana, named(50, 1))).rejects.toMatchObject({
      code: "contact-fields-full",
      status: 409,
    });
    await add(ana, { f0: null, ...named(50, 1) });
    expect(Object.keys((await detail(ana))?.profile.fields ?? {})).toHaveLength(50);
  });
});

describe("consent", () => {
  const said = { evidence: "formulario 12", givenAt: new Date("2026-11-01T10:00:00Z") };

  it("is on record as a program's word when a program said it", async () => {
    const consent = { state: "granted" as const, ...said };
    const by = { actor: "key:33333333-3333-4333-8333-333333333333" };
    const ana = await contacts().create(tenantId, { name: "Ana", consent }, by);
    expect((await detail(ana))?.consents).toMatchObject([{ how: "api", actor: by.actor }]);
  });

  it("is on record with its evidence, each word of it", async () => {
    const earlier = { ...said, givenAt: new Date("2026-10-01T10:00:00Z") };
    const ana = await create({ name: "Ana", consent: { state: "granted", ...earlier } });
    await contacts().change(
      tenantId,
      ana,
      { consent: { state: "refused", ...said } },
      undefined,
      BY,
    );
    expect(await detail(ana)).toMatchObject({
      consent: "refused",
      consents: [
        { state: "refused", evidence: "formulario 12", how: "person" },
        { state: "granted", evidence: "formulario 12" },
      ],
    });
  });

  it("of an older date does not outdo a refusal since, and a newer one does", async () => {
    const ana = await writer("1001");
    const say = (state: "granted" | "refused", day: string) =>
      contacts().change(
        tenantId,
        ana,
        { consent: { state, evidence: "acta", givenAt: new Date(`2026-10-${day}T10:00:00Z`) } },
        undefined,
        BY,
      );
    await say("refused", "10");
    await say("granted", "09");
    expect(await detail(ana)).toMatchObject({
      consent: "refused",
      chats: [{ takesBroadcasts: false }],
    });
    await say("granted", "11");
    expect(await detail(ana)).toMatchObject({
      consent: "granted",
      chats: [{ takesBroadcasts: true }],
    });
  });

  it("withdrawn by staff withholds broadcasts in every chat", async () => {
    const ana = await writer("1001");
    await contacts().change(
      tenantId,
      ana,
      { consent: { state: "refused", ...said } },
      undefined,
      BY,
    );
    expect((await detail(ana)).chats).toMatchObject([{ takesBroadcasts: false }]);
  });
});

describe("two contacts that are one person", () => {
  const merge = (from: ContactId, into: ContactId) =>
    contacts().merge(tenantId, { from, into }, BY);

  it("answer as one, and whoever writes is still found", async () => {
    const ana = await writer("1001");
    const other = await writer("1002");
    await contacts().change(
      tenantId,
      other,
      { tags: ["vip"], fields: { barrio: "Otoya" } },
      undefined,
      BY,
    );
    await merge(other, ana);
    const whole = await detail(other);
    expect(whole).toMatchObject({ contactId: ana, tags: ["vip"], parts: [other] });
    expect(whole.chats).toHaveLength(2);
    expect(whole.profile.fields).toEqual({ barrio: "Otoya" });
    expect(await found({})).toEqual([ana]);
    expect(await found({ search: "1002" })).toEqual([ana]);
    const second = await addBot(line, tenantId);
    expect(await writer("1002", second)).toBe(other);
    expect((await detail(ana)).chats).toHaveLength(3);
  });

  it("are taken apart again with what came meanwhile", async () => {
    const [ana, other] = [await writer("1001"), await writer("1002")];
    await contacts().change(tenantId, other, { tags: ["vip"] }, undefined, BY);
    await contacts().setBlocked(tenantId, other, { isBlocked: true }, BY);
    const { mergeId } = await merge(other, ana);
    expect(await detail(ana)).toMatchObject({ isBlocked: true });
    const second = await addBot(line, tenantId);
    await writer("1002", second);
    expect(await contacts().undoMerge(tenantId, mergeId, BY)).toBe(true);
    expect(await contacts().undoMerge(tenantId, mergeId, BY)).toBe(false);
    expect(await detail(ana)).toMatchObject({ isBlocked: false, tags: [], parts: [] });
    const apart = await detail(other);
    expect(apart).toMatchObject({ contactId: other, isBlocked: true, tags: ["vip"] });
    expect(apart.chats).toHaveLength(2);
    expect((await contacts().listMerges(tenantId, ana))[0]?.undoneAt).toBeDefined();
  });

  it("refuse broadcasts as soon as one of them did, until it is undone", async () => {
    const [ana, other] = [await writer("1001"), await writer("1002")];
    await inTenant("update conversation set takes_broadcasts = false where contact_id = $1", [
      other,
    ]);
    const { mergeId } = await merge(other, ana);
    expect(await detail(ana)).toMatchObject({ consent: "refused" });
    expect((await detail(ana)).chats.every(({ takesBroadcasts }) => !takesBroadcasts)).toBe(true);
    await contacts().undoMerge(tenantId, mergeId, BY);
    expect(await detail(ana)).toMatchObject({
      consent: "unknown",
      chats: [{ takesBroadcasts: true }],
    });
    expect(await detail(other)).toMatchObject({ chats: [{ takesBroadcasts: false }] });
  });

  it("merged in a row come apart one act at a time", async () => {
    const [a, b, c] = [await writer("1"), await writer("2"), await writer("3")];
    const first = await merge(a, b);
    const second = await merge(b, c);
    expect(await detail(a)).toMatchObject({ contactId: c, parts: [a, b].sort() });
    await expect(merge(a, c)).rejects.toMatchObject({ code: "merge-impossible" });
    await contacts().undoMerge(tenantId, second.mergeId, BY);
    expect(await detail(a)).toMatchObject({ contactId: b });
    await contacts().undoMerge(tenantId, first.mergeId, BY);
    expect(await detail(a)).toMatchObject({ contactId: a });
  });

  it("merged in a row come apart in whatever order the acts are undone", async () => {
    const [a, b, c] = [await writer("1"), await writer("2"), await writer("3")];
    const first = await merge(a, b);
    const second = await merge(b, c);
    await contacts().undoMerge(tenantId, first.mergeId, BY);
    expect(await detail(a)).toMatchObject({ contactId: a, parts: [] });
    await contacts().undoMerge(tenantId, second.mergeId, BY);
    for (const one of [a, b, c]) {
      expect(await detail(one)).toMatchObject({ contactId: one, parts: [] });
    }
  });

  it("are of one tenant", async () => {
    const ana = await writer("1001");
    const theirs = await addTenant(line);
    await addChats(line, theirs, ["77"]);
    const [foreign] = await database.asTenant(theirs.tenantId, (tx) =>
      tx.query<{ id: string }>("select id from contact"),
    );
    const eva = asId<ContactId>(foreign?.id ?? "");
    await expect(merge(eva, ana)).rejects.toMatchObject({ code: "contact-unknown" });
    await expect(merge(ana, eva)).rejects.toMatchObject({ code: "contact-unknown" });
    await expect(merge(ana, ana)).rejects.toMatchObject({ code: "merge-impossible" });
  });
});
