import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addBot,
  addChats,
  addTenant,
  type Ledgers,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import type { BotAccount } from "../../core/channel.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Recipient, RecipientList, UnmatchedRecipient } from "../../core/segments.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createSegments } from "./segments.ts";

const BY = { actor: "test" };

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

const segments = () => createSegments(database, line.cipher);

async function resolve(list: RecipientList, botId = bot.botId) {
  const all: (Recipient | UnmatchedRecipient)[] = [];
  const batches = segments().resolve(tenantId, botId, list, AbortSignal.timeout(60_000));
  for await (const batch of batches) all.push(...batch);
  return all;
}

const contactIds = async () =>
  (
    await database.asTenant(tenantId, (tx) =>
      tx.query<{ id: ContactId }>("select id from contact order by id"),
    )
  ).map(({ id }) => id);

describe("a list of recipients", () => {
  it("names each person once with the chat that the bot has with them", async () => {
    const [chat] = await addChats(line, { tenantId, bot }, ["1001"]);
    const [ana] = await contactIds();
    const named = await resolve({ kind: "contacts", contactIds: [ana, ana] as ContactId[] });
    expect(named).toMatchObject([
      { contactId: ana, conversationId: chat, consent: "unknown", isBlocked: false, name: "Ana" },
    ]);
  });

  it("finds them by the identifiers of a file, and says which are nobody's", async () => {
    await addChats(line, { tenantId, bot }, ["1001"]);
    const [ana] = await contactIds();
    const identifiers = ["1001", "1002", "x"].map(
      (value) => ({ kind: "telegram", value }) as const,
    );
    expect(await resolve({ kind: "identifiers", identifiers })).toMatchObject([
      { kind: "recipient", contactId: ana },
      { kind: "unmatched", position: 1, rule: "unknown" },
      { kind: "unmatched", position: 2, rule: "malformed" },
    ]);
  });

  it("knows a phone in any written form, over both ways to WhatsApp", async () => {
    const cloud = await addBot(line, tenantId, { channel: "whatsapp-cloud" });
    const [chat] = await addChats(line, { tenantId, bot: cloud }, ["50688887777"]);
    for (const value of ["+506 8888-7777", "0050688887777", "506 8888 7777"]) {
      const list = { kind: "identifiers", identifiers: [{ kind: "phone", value }] } as const;
      expect(await resolve(list, cloud.botId)).toMatchObject([{ conversationId: chat }]);
    }
    const web = await addBot(line, tenantId, { channel: "whatsapp-web" });
    const list = {
      kind: "identifiers",
      identifiers: [{ kind: "phone", value: "+506 8888 7777" }],
    } as const;
    expect(await resolve(list, web.botId)).toMatchObject([{ mayOpen: true }]);
    // A Telegram bot cannot write first.
    expect(await resolve(list)).toMatchObject([{ conversationId: undefined, mayOpen: false }]);
  });

  it("counts a refusal in any chat", async () => {
    const other = await addBot(line, tenantId);
    await addChats(line, { tenantId, bot }, ["1001"]);
    await addChats(line, { tenantId, bot: other }, ["1001"]);
    await database.asTenant(tenantId, (tx) =>
      tx.query("update conversation set takes_broadcasts = false where bot_id = $1", [other.botId]),
    );
    const list = { kind: "contacts", contactIds: await contactIds() } as const;
    expect(await resolve(list)).toMatchObject([{ consent: "refused" }]);
  });

  it("holds whoever is in a segment at that moment", async () => {
    for (const key of ["1001", "1002"]) await addChats(line, { tenantId, bot }, [key]);
    const [ana, berta] = (await contactIds()) as [ContactId, ContactId];
    const list = await segments().create(tenantId, { name: "Lista", filter: undefined }, BY);
    await segments().changeMembers(tenantId, list.segmentId, { add: [berta], remove: [] }, BY);
    const filtered = await segments().create(
      tenantId,
      {
        name: "Otros",
        filter: { kind: "not", of: { kind: "in-list", segmentId: list.segmentId } },
      },
      BY,
    );
    expect(await resolve({ kind: "segment", segmentId: list.segmentId })).toMatchObject([
      { contactId: berta },
    ]);
    expect(await resolve({ kind: "segment", segmentId: filtered.segmentId })).toMatchObject([
      { contactId: ana },
    ]);
  });

  it("of a segment of another tenant is unknown", async () => {
    const theirs = await addTenant(line);
    const { segmentId } = await segments().create(
      theirs.tenantId,
      { name: "Suya", filter: undefined },
      BY,
    );
    await expect(resolve({ kind: "segment", segmentId })).rejects.toMatchObject({
      code: "segment-unknown",
    });
    await addChats(line, theirs, ["77"]);
    const [foreign] = await database.asTenant(theirs.tenantId, (tx) =>
      tx.query<{ id: string }>("select id from contact"),
    );
    expect(
      await resolve({ kind: "contacts", contactIds: [asId<ContactId>(foreign?.id ?? "")] }),
    ).toMatchObject([{ kind: "unmatched", rule: "unknown" }]);
  });
});
