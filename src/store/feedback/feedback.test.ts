import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import type { BotAccount } from "../../core/channel.ts";
import type { FeedbackStore, Reaction } from "../../core/feedback.ts";
import { asId, type MessageId, type TenantId } from "../../core/ids.ts";
import { createAnalytics } from "../analytics/analytics.ts";
import { createCitizenData } from "../citizen-data.ts";
import { createCitizenRights } from "../contacts/citizen-rights.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createFeedbackStore } from "./feedback.ts";

let database: Database;
let line: Ledgers;
let feedback: FeedbackStore;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
  feedback = createFeedbackStore(database, line.cipher);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
});

const NOTHING = { comment: undefined };
const ALL = {
  after: undefined,
  limit: 50,
  vote: undefined,
  botId: undefined,
  from: undefined,
  to: undefined,
  hasTexts: true,
};
const ANSWERED = { kind: "planned" as const, at: new Date(), detail: { cited: [] } };

/** A question that is answered in two parts, sent as `n1` and `n2`. */
async function ask(
  chatKey = "7",
  events = [ANSWERED],
  who = { tenantId, bot },
): Promise<MessageId> {
  const [accepted] = await line.inbox.accept(who.tenantId, [
    { bot: who.bot, message: message(`u${chatKey}${Math.random()}`, chatKey) },
  ]);
  const { due } = await line.conversations.readDue(await line.conversations.claim("w", 9, 60_000));
  await line.conversations.commitAnswers(due.map((each) => answer(each, 2, { events })));
  const messageId = accepted?.messageId ?? asId<MessageId>("");
  await database.asTenant(who.tenantId, (tx) =>
    tx.query(
      `update outbox o set state = 'sent', network_message_id = 'n' || p.place from (
         select id, row_number() over (order by position) as place from outbox where message_id = $1) p
       where o.id = p.id`,
      [messageId],
    ),
  );
  return messageId;
}

const reaction = (vote: Reaction["vote"], fields: Partial<Reaction> = {}): Reaction => ({
  chatKey: "7",
  senderKey: "7",
  networkMessageId: "n2",
  vote,
  at: "2026-11-20T12:00:00.000Z",
  ...fields,
});

async function thumbs(of: TenantId = tenantId): Promise<readonly [number, number]> {
  const days = await createAnalytics(database, line.cipher).read(of, {
    from: "2000-01-01",
    to: "2999-12-31",
    botId: undefined,
  });
  return [
    days.reduce((sum, { thumbsUp }) => sum + thumbsUp, 0),
    days.reduce((sum, { thumbsDown }) => sum + thumbsDown, 0),
  ];
}
const votes = async (of: TenantId = tenantId) =>
  (await feedback.list(of, ALL)).entries.map(({ vote }) => vote);
async function told(messageId: MessageId): Promise<readonly unknown[]> {
  const [passport] = await line.passports.find(tenantId, messageId);
  return (passport?.events ?? [])
    .filter(({ kind }) => kind === "judged")
    .map(({ detail }) => detail.vote);
}

describe("a judgement", () => {
  it("is one of each contact on each answer: said twice it changes nothing, changed it counts anew", async () => {
    const messageId = await ask();
    const judge = (vote: "up" | "down" | "none") =>
      feedback.judge(bot, "7", messageId, { vote, ...NOTHING });
    expect(await judge("up")).toBe(true);
    expect(await judge("up")).toBe(false);
    expect(await thumbs()).toEqual([1, 0]);
    expect(await judge("down")).toBe(true);
    expect(await thumbs()).toEqual([0, 1]);
    expect(await votes()).toEqual(["down"]);
    expect(await judge("none")).toBe(true);
    expect(await judge("none")).toBe(false);
    expect(await thumbs()).toEqual([0, 0]);
    expect(await votes()).toEqual([]);
    expect(await told(messageId)).toEqual(["up", "down", "none"]);
  });

  it("is one however two of them race, and figures say what is kept", async () => {
    const messageId = await ask();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        feedback.judge(bot, "7", messageId, { vote: index % 2 === 0 ? "up" : "down", ...NOTHING }),
      ),
    );
    const [vote] = await votes();
    expect(await votes()).toHaveLength(1);
    expect(await thumbs()).toEqual(vote === "up" ? [1, 0] : [0, 1]);
  });

  it("has words that are sealed, replaced, kept with the vote and gone with it", async () => {
    const messageId = await ask();
    const judge = (vote: "up" | "down" | "none", comment?: string) =>
      feedback.judge(bot, "7", messageId, { vote, comment });
    const comment = async () => (await feedback.list(tenantId, ALL)).entries[0]?.comment;
    await judge("down", "No dice hasta cuándo.");
    expect(await comment()).toBe("No dice hasta cuándo.");
    const [row] = await database.asTenant(tenantId, (tx) =>
      tx.query<{ comment: Buffer }>("select comment from feedback"),
    );
    expect(row?.comment.includes("cuándo")).toBe(false);
    expect(await judge("down")).toBe(false);
    expect(await comment()).toBe("No dice hasta cuándo.");
    await judge("down", "");
    expect(await comment()).toBeUndefined();
    await judge("down", "otra");
    await judge("up");
    expect(await comment()).toBeUndefined();
  });

  it("is of an answer in one's own chat, with one's own bot and tenant, and of nothing else", async () => {
    const messageId = await ask();
    const other = await addTenant(line);
    const up = { vote: "up" as const, ...NOTHING };
    await ask("8");
    expect(await feedback.judge(bot, "8", messageId, up)).toBeUndefined();
    expect(await feedback.judge(bot, "nobody", messageId, up)).toBeUndefined();
    expect(await feedback.judge(other.bot, "7", messageId, up)).toBeUndefined();
    const stolen = { tenantId: other.tenantId, botId: bot.botId };
    expect(await feedback.judge(stolen, "7", messageId, up)).toBeUndefined();
    const command = await ask("9", []);
    expect(await feedback.judge(bot, "9", command, up)).toBeUndefined();
    expect(await votes()).toEqual([]);
    expect(await votes(other.tenantId)).toEqual([]);
  });

  it("goes with the citizen, and the figures stay", async () => {
    const messageId = await ask();
    await feedback.judge(bot, "7", messageId, { vote: "down", comment: "mal" });
    const [entry] = (await feedback.list(tenantId, ALL)).entries;
    const exported = await createCitizenData(database, line.cipher).export(
      tenantId,
      entry?.conversationId ?? asId(""),
    );
    expect(JSON.stringify(exported)).toContain('"comment":"mal"');
    const rights = createCitizenRights(database, line.cipher);
    const by = { actor: "test", origin: undefined } as never;
    await rights.eraseContact(tenantId, entry?.contactId ?? asId(""), by);
    expect(await votes()).toEqual([]);
    expect(await thumbs()).toEqual([0, 1]);
    const again = { vote: "up" as const, ...NOTHING };
    expect(await feedback.judge(bot, "7", messageId, again)).toBeUndefined();
  });
});

describe("a reaction", () => {
  it("judges the answer that it stands under, and its repetition changes nothing", async () => {
    const messageId = await ask();
    expect(await feedback.noteReactions(bot, [reaction("up"), reaction("up")])).toBe(1);
    expect(await thumbs()).toEqual([1, 0]);
    expect(await told(messageId)).toEqual(["up"]);
  });

  it("that comes late does not bring back what was changed or taken back since", async () => {
    await ask();
    await feedback.noteReactions(bot, [
      reaction("none", { at: "2026-11-20T12:00:05.000Z" }),
      reaction("up", { at: "2026-11-20T12:00:01.000Z" }),
    ]);
    expect(await votes()).toEqual([]);
    await feedback.noteReactions(bot, [
      reaction("down", { at: "2026-11-20T12:00:09.000Z" }),
      reaction("up", { at: "2026-11-20T12:00:07.000Z" }),
    ]);
    expect(await votes()).toEqual(["down"]);
  });

  it("that is taken from another part of the answer takes nothing back", async () => {
    await ask();
    await feedback.noteReactions(bot, [reaction("up", { networkMessageId: "n1" })]);
    await feedback.noteReactions(bot, [reaction("none", { networkMessageId: "n2" })]);
    expect(await votes()).toEqual(["up"]);
    await feedback.noteReactions(bot, [reaction("none", { networkMessageId: "n1" })]);
    expect(await votes()).toEqual([]);
  });

  it("to what is no answer of ours, or of another tenant's chat, is passed over", async () => {
    await ask();
    const other = await addTenant(line);
    expect(
      await feedback.noteReactions(bot, [
        reaction("up", { networkMessageId: "n9" }),
        reaction("up", { chatKey: "8" }),
      ]),
    ).toBe(0);
    expect(await feedback.noteReactions(other.bot, [reaction("up")])).toBe(0);
    expect(await votes()).toEqual([]);
  });

  it("dated tomorrow does not shut out what is said today", async () => {
    const messageId = await ask();
    await feedback.noteReactions(bot, [reaction("up", { at: "2999-01-01T00:00:00.000Z" })]);
    expect(await feedback.judge(bot, "7", messageId, { vote: "down", ...NOTHING })).toBe(true);
  });
});

describe("the list of judgements", () => {
  it("comes in pages, the last first, filtered, and with texts for whoever may read them", async () => {
    for (const chatKey of ["1", "2", "3"]) {
      const messageId = await ask(chatKey);
      const vote = chatKey === "2" ? "down" : "up";
      await feedback.judge(bot, chatKey, messageId, { vote, comment: `de ${chatKey}` });
    }
    const first = await feedback.list(tenantId, { ...ALL, limit: 2 });
    const second = await feedback.list(tenantId, { ...ALL, limit: 2, after: first.next });
    const all = [...first.entries, ...second.entries];
    expect(all.map(({ comment }) => comment)).toEqual(["de 3", "de 2", "de 1"]);
    expect(second.next).toBeUndefined();
    expect(all[0]).toMatchObject({ question: "hola", answer: "buenas" });
    const down = await feedback.list(tenantId, { ...ALL, vote: "down", hasTexts: false });
    expect(down.entries).toMatchObject([
      { vote: "down", comment: undefined, question: undefined, answer: undefined },
    ]);
    const later = new Date(Date.now() + 60_000);
    expect((await feedback.list(tenantId, { ...ALL, from: later })).entries).toEqual([]);
    expect((await feedback.list(tenantId, { ...ALL, to: later })).entries).toHaveLength(3);
    expect((await feedback.list(tenantId, { ...ALL, botId: bot.botId })).entries).toHaveLength(3);
  });
});
