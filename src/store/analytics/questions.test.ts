import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import { groupQuestions } from "../../analytics/group-questions.ts";
import { lookThroughQuestions } from "../../analytics/look-through-questions.ts";
import type { AnalyticsStore, QuestionRuns } from "../../core/analytics.ts";
import type { BotAccount } from "../../core/channel.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import { silentLogger } from "../../core/logger.ts";
import { createCitizenRights } from "../contacts/citizen-rights.ts";
import type { Database } from "../database.ts";
import { createEventLog } from "../events/event-log.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createAnalytics } from "./analytics.ts";
import { createQuestionRuns } from "./question-runs.ts";

let database: Database;
let line: Ledgers;
let analytics: AnalyticsStore;
let runs: QuestionRuns;
let tenantId: TenantId;
let bot: BotAccount;
const { signal } = new AbortController();

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
  analytics = createAnalytics(database, line.cipher);
  runs = createQuestionRuns(database, line.cipher);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
});

const ALWAYS = { from: "2000-01-01", to: "2999-12-31", botId: undefined, only: undefined };
const BECA = "¿Cuándo vence la beca municipal?";

/** Asked once by each of the chats, and counted. */
async function ask(
  chatKeys: readonly string[],
  text: string,
  detail: Readonly<Record<string, unknown>> = { cited: [] },
): Promise<void> {
  await line.inbox.accept(
    tenantId,
    chatKeys.map((key) => ({
      bot,
      message: message(randomUUID(), key, { kind: "text", text }),
    })),
  );
  const { due } = await line.conversations.readDue(await line.conversations.claim("w", 50, 60_000));
  const events = [{ kind: "planned" as const, at: new Date(), detail }];
  const turns = [
    { speaker: "citizen" as const, text, citations: [], saidAt: new Date() },
    { speaker: "assistant" as const, text: "Sí.", citations: [], saidAt: new Date() },
  ];
  await line.conversations.commitAnswers(due.map((each) => answer(each, 1, { events, turns })));
  await createEventLog(database).readAfter(Number.MAX_SAFE_INTEGER, 1);
  while ((await analytics.countNext(100)) > 0) {
    // One batch of each tenant at a time.
  }
}

/** As after so long a time. */
async function pass(time: string): Promise<void> {
  await database.asOwner(async (tx) => {
    await tx.query(
      `update question_run set started_at = started_at - $1::interval, finished_at = finished_at - $1::interval`,
      [time],
    );
    await tx.query("update question_asked set noted_at = noted_at - $1::interval", [time]);
  });
}

/** All that is due, after six quiet hours. */
async function lookThrough(): Promise<void> {
  await pass("7 hours");
  while (await lookThroughQuestions({ runs, logger: silentLogger }, signal)) {
    // Others may be due.
  }
}
const top = async (range: Partial<typeof ALWAYS> = {}, of = tenantId) =>
  analytics.topQuestions(of, { ...ALWAYS, ...range } as typeof ALWAYS, 20);
const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => String(100 + from + index));

describe("top questions", () => {
  it("are what five people asked, with how often nothing was found", async () => {
    await ask(people(4), BECA);
    await ask(people(2), BECA);
    await lookThrough();
    expect(await top()).toMatchObject({ questions: [], total: 6 });
    await ask(["900"], "cuando vence la beca municipal", { abstained: true });
    await lookThrough();
    const found = await top();
    expect(found).toMatchObject({
      questions: [{ label: BECA, questions: 7, askers: 5, abstained: 1 }],
      total: 7,
      totalAbstained: 1,
    });
    expect(found.groupedAt).toBeInstanceOf(Date);
    expect((await top({ only: "abstained" as never })).questions).toEqual([]);
  });

  it("of a range or a bot that fewer people asked within are not shown", async () => {
    await ask(people(3), BECA);
    await database.asOwner(async (tx) => {
      await tx.query("update question_asked set day = day - 10 where tenant_id = $1", [tenantId]);
    });
    await ask(people(3, 3), BECA);
    await lookThrough();
    expect((await top()).questions).toHaveLength(1);
    const week = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    expect(await top({ from: week })).toMatchObject({ questions: [], total: 3 });
    expect((await top({ botId: bot.botId as never })).questions).toHaveLength(1);
    expect((await top({ botId: randomUUID() as never })).total).toBe(0);
  });

  it("are sealed, and of nobody else", async () => {
    await ask(people(5), BECA);
    await lookThrough();
    const rows = await database.asTenant(tenantId, (tx) =>
      tx.query<{ label: Buffer }>("select label from question_cluster"),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.label.includes("beca")).toBe(false);
    const other = await addTenant(line);
    expect(await top({}, other.tenantId)).toMatchObject({ questions: [], total: 0 });
  });

  it("go with a citizen who is erased: what is left of them is looked through at once", async () => {
    await ask(people(5), BECA);
    await lookThrough();
    const [contact] = await database.asTenant(tenantId, (tx) =>
      tx.query<{ id: ContactId }>("select id from contact limit 1"),
    );
    const rights = createCitizenRights(database, line.cipher);
    await rights.eraseContact(tenantId, contact?.id ?? asId(""), { actor: "test" } as never);
    expect(await top()).toMatchObject({ questions: [], total: 4 });
    expect(await lookThroughQuestions({ runs, logger: silentLogger }, signal)).toBe(true);
    const left = await database.asTenant(tenantId, (tx) =>
      tx.query("select 1 from question_cluster"),
    );
    expect(left).toEqual([]);
  });
});

describe("a look through the questions", () => {
  it("is one process's, is not begun again while nothing is new, and is fenced out by a later one", async () => {
    await lookThrough();
    await pass("7 hours");
    await ask(people(5), BECA);
    const run = await runs.claim();
    expect(run?.tenantId).toBe(tenantId);
    expect(await runs.claim()).toBeUndefined();
    await pass("11 minutes");
    const later = await runs.claim();
    if (run === undefined || later === undefined) throw new Error("Nothing was due.");
    const asked = [];
    for await (const page of runs.read(later, 100)) asked.push(...page);
    const groups = await groupQuestions(asked, signal);
    expect(await runs.finish(run, groups)).toBe(false);
    expect(await runs.finish(later, groups)).toBe(true);
    expect((await top()).questions).toHaveLength(1);
    await lookThrough();
    expect((await top()).questions).toHaveLength(1);
    expect(await runs.claim()).toBeUndefined();
  });

  it("writes nothing when somebody was erased since it began", async () => {
    await ask(people(5), BECA);
    let run = await runs.claim();
    while (run !== undefined && run.tenantId !== tenantId) run = await runs.claim();
    if (run === undefined) throw new Error("Nothing was due.");
    const asked = [];
    for await (const page of runs.read(run, 100)) asked.push(...page);
    const [contact] = await database.asTenant(tenantId, (tx) =>
      tx.query<{ id: ContactId }>("select id from contact limit 1"),
    );
    const rights = createCitizenRights(database, line.cipher);
    await rights.eraseContact(tenantId, contact?.id ?? asId(""), { actor: "test" } as never);
    expect(await runs.finish(run, await groupQuestions(asked, signal))).toBe(false);
    expect((await top()).questions).toEqual([]);
  });
});

describe("acts that are cited", () => {
  it("count each answer once, by passage and day, and only what is still there", async () => {
    const passageIds = await addActs();
    const [first = "", second = ""] = passageIds;
    await ask(["1", "2"], BECA, { cited: [first, first] });
    await ask(["3"], BECA, { cited: [second, "999999999", "x'; drop table turn"] });
    await ask(["4"], BECA, { abstained: true });
    const acts = await analytics.topActs(tenantId, ALWAYS, 10);
    expect(acts).toMatchObject([
      { title: "Becas", citations: 2, page: 3, printedPage: "21", passageId: first },
      { title: "Aguas", citations: 1, source: { slug: "la-gaceta" } },
    ]);
    expect(await analytics.topActs(tenantId, ALWAYS, 1)).toHaveLength(1);
    const none = { ...ALWAYS, to: "2000-01-02" };
    expect(await analytics.topActs(tenantId, none, 10)).toEqual([]);
    const other = await addTenant(line);
    expect(await analytics.topActs(other.tenantId, ALWAYS, 10)).toEqual([]);
  });

  it("of a document of another tenant's are never named, whatever was counted", async () => {
    const other = await addTenant(line);
    const [theirs = ""] = await addActs(other.tenantId);
    await ask(["1"], BECA, { cited: [theirs] });
    expect(await analytics.topActs(tenantId, ALWAYS, 10)).toEqual([]);
  });

  /** An edition with two acts of one passage each; public when it is of nobody. */
  async function addActs(of: TenantId | null = null): Promise<readonly string[]> {
    return database.asOwner(async (tx) => {
      const [source, edition] = [randomUUID(), randomUUID()];
      await tx.query("select set_config('role', $1, true)", [
        of === null ? "pregonero_curator" : "pregonero_app",
      ]);
      if (of !== null) await tx.query("select set_config('pregonero.tenant_id', $1, true)", [of]);
      await tx.query(
        `insert into source (id, tenant_id, slug, name, language, country, time_zone)
         values ($1, $2, 'la-gaceta', 'La Gaceta', 'es', 'CR', 'UTC')`,
        [source, of],
      );
      await tx.query(
        `insert into edition (id, tenant_id, source_id, published_on, document_name, content_hash, file_key, page_count)
         values ($1, $2, $3, '2014-11-14', 'a.pdf', 'h', 'k', 9)`,
        [edition, of, source],
      );
      const ids: string[] = [];
      for (const [position, title] of ["Becas", "Aguas"].entries()) {
        await tx.query(
          `insert into act (edition_id, tenant_id, position, title, page, last_page) values ($1, $2, $3, $4, 3, 3)`,
          [edition, of, position, title],
        );
        const [row] = await tx.query<{ id: string }>(
          `insert into passage (edition_id, tenant_id, position, act_position, heading, text, page, last_page, printed_page, lines)
           values ($1, $2, $3, $3, '', 't', 3, 3, '21', '[]') returning id`,
          [edition, of, position],
        );
        ids.push(String(row?.id));
      }
      return ids;
    });
  }
});

describe("the figures of all tenants", () => {
  it("come in pages of tenants, with those that have nothing, and sum up to the total", async () => {
    await ask(["1", "2"], BECA);
    const range = { from: "2000-01-01", to: "2999-12-31" };
    const seen = [];
    let after: Awaited<ReturnType<typeof analytics.listTenants>>["next"];
    do {
      const page = await analytics.listTenants(range, { after, limit: 2 });
      seen.push(...page.entries);
      after = page.next;
    } while (after !== undefined);
    const own = seen.find((each) => each.tenantId === tenantId);
    expect(own?.figures).toMatchObject({ messages: 2, answered: 2 });
    expect(own?.figures.answerTimes.reduce((sum, count) => sum + count, 0)).toBe(2);
    const total = await analytics.total(range);
    expect(total.messages).toBe(seen.reduce((sum, { figures }) => sum + figures.messages, 0));
    expect(new Set(seen.map((each) => each.tenantId)).size).toBe(seen.length);
    const nothing = await analytics.total({ from: "2000-01-01", to: "2000-01-02" });
    expect(nothing).toMatchObject({ messages: 0, answerTimes: [] });
  });
});
