import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  addBot,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { ChatMark, LinkCode, SessionReport } from "../core/session.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let botId: BotId;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId } = await addTenant(line));
  const bot = await addBot(line, tenantId, { channel: "whatsapp-web", isHeld: true });
  botId = bot.botId;
});

const report: SessionReport = {
  state: "ready",
  since: "2026-11-21T10:00:00.000Z",
  checkedAt: "2026-11-21T10:00:05.000Z",
  evidence: "The list of chats is shown.",
  engine: "dom",
  restarts: 0,
};
const code = (expiresAt: string): LinkCode => ({
  kind: "qr",
  content: "2@secret-of-the-code",
  expiresAt,
  attempt: 1,
  attempts: 5,
});
const PHONE = "50688887777";

it("shows the last report, and lets the account send only while its session can", async () => {
  const maySend = async () =>
    (
      await database.asTenant(tenantId, (tx) =>
        tx.query<{ may_send: boolean }>("select may_send from bot where id = $1", [botId]),
      )
    )[0]?.may_send;
  expect(await line.sessions.readReport(tenantId, botId)).toBeUndefined();
  await line.sessions.report(tenantId, botId, { ...report, state: "connecting" });
  expect(await maySend()).toBe(false);
  await line.sessions.report(tenantId, botId, report);
  expect(await line.sessions.readReport(tenantId, botId)).toEqual(report);
  expect(await maySend()).toBe(true);
  await line.sessions.report(tenantId, botId, { ...report, state: "restricted" });
  expect(await maySend()).toBe(false);
});

it("shows a code until it expires or is taken back", async () => {
  const valid = code(new Date(Date.now() + 60_000).toISOString());
  await line.sessions.showCode(tenantId, botId, valid);
  expect(await line.sessions.readCode(tenantId, botId)).toEqual(valid);
  await line.sessions.showCode(tenantId, botId, code("2020-01-01T00:00:00.000Z"));
  expect(await line.sessions.readCode(tenantId, botId)).toBeUndefined();
  await line.sessions.showCode(tenantId, botId, valid);
  await line.sessions.showCode(tenantId, botId, undefined);
  expect(await line.sessions.readCode(tenantId, botId)).toBeUndefined();
});

it("hands each request out once, oldest first, and drops what waited for longer than a minute", async () => {
  const late = await line.sessions.ask(tenantId, botId, { kind: "stop" });
  await database.asTenant(tenantId, (tx) =>
    tx.query("update session_request set asked_at = now() - interval '61 seconds'"),
  );
  const first = await line.sessions.ask(tenantId, botId, { kind: "pairing-code", phone: PHONE });
  const second = await line.sessions.ask(tenantId, botId, { kind: "restart" });
  expect(await line.sessions.takeRequests(tenantId, botId)).toEqual([
    { requestId: first, request: { kind: "pairing-code", phone: PHONE } },
    { requestId: second, request: { kind: "restart" } },
  ]);
  expect(await line.sessions.takeRequests(tenantId, botId)).toEqual([]);
  expect(await line.sessions.readAnswer(tenantId, botId, late)).toBeUndefined();
});

it("hands a request to one of two that ask at once", async () => {
  await line.sessions.ask(tenantId, botId, { kind: "restart" });
  const taken = await Promise.all([
    line.sessions.takeRequests(tenantId, botId),
    line.sessions.takeRequests(tenantId, botId),
  ]);
  expect(taken.flat()).toHaveLength(1);
});

it("keeps an answer with its picture for ten minutes", async () => {
  const requestId = await line.sessions.ask(tenantId, botId, {
    kind: "screenshot",
    isRedacted: true,
  });
  expect(await line.sessions.readAnswer(tenantId, botId, requestId)).toBeUndefined();
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
  const told = { requestId, outcome: "The page was drawn.", isDone: true, png };
  await line.sessions.answer(tenantId, botId, told);
  expect(await line.sessions.readAnswer(tenantId, botId, requestId)).toEqual(told);
  expect(await line.sessions.readAnswer(tenantId, botId, "no uuid")).toBeUndefined();
  await database.asTenant(tenantId, (tx) =>
    tx.query("update session_request set answered_at = now() - interval '601 seconds'"),
  );
  expect(await line.sessions.readAnswer(tenantId, botId, requestId)).toBeUndefined();
  await line.sessions.ask(tenantId, botId, { kind: "stop" });
  const [left] = await database.asTenant(tenantId, (tx) =>
    tx.query<{ n: number }>("select count(*)::int as n from session_request"),
  );
  expect(left?.n).toBe(1);
});

it("keeps no code, phone, picture or chat in the clear, and shows another tenant nothing", async () => {
  await line.sessions.showCode(tenantId, botId, code(new Date(Date.now() + 60_000).toISOString()));
  const requestId = await line.sessions.ask(tenantId, botId, {
    kind: "pairing-code",
    phone: PHONE,
  });
  const png = Buffer.from("a picture");
  await line.sessions.answer(tenantId, botId, { requestId, outcome: "Done.", isDone: true, png });
  await line.marks.write(tenantId, botId, [mark("chat-1", [PHONE])]);
  const rows = await database.asTenant(tenantId, (tx) =>
    tx.query(
      `select s.code, r.request, r.png, m.mark, m.chat_hash
       from bot_session s, session_request r, chat_mark m`,
    ),
  );
  expect(rows).toHaveLength(1);
  const bytes = JSON.stringify(rows, (_key, value) =>
    value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
  );
  expect(bytes).not.toMatch(/secret-of-the-code|50688887777|picture|YSBwaWN0dXJl|chat-1/);
  const other = await addTenant(line);
  expect(await line.sessions.readCode(other.tenantId, botId)).toBeUndefined();
  expect(await line.sessions.takeRequests(other.tenantId, botId)).toEqual([]);
  expect(await line.marks.readAll(other.tenantId, botId)).toEqual([]);
});

function mark(chatKey: string, aliases: readonly string[] = []): ChatMark {
  return { chatKey, aliases, lastReadIds: ["a"], updatedAt: "2026-11-21T10:00:00.000Z" };
}

it("replaces the mark of a chat, the last of several at once, and keeps the others", async () => {
  await line.marks.write(tenantId, botId, [mark("1"), mark("2")]);
  const later = { ...mark("1", ["x"]), lastReadIds: ["b"], updatedAt: "2026-11-21T11:00:00.000Z" };
  await line.marks.write(tenantId, botId, [mark("1"), later]);
  await line.marks.write(tenantId, botId, []);
  expect(await line.marks.readAll(tenantId, botId)).toEqual([mark("2"), later]);
});

it("forgets the marks of a person who is erased, and all of a bot that is removed", async () => {
  const bot = await addBot(line, tenantId, { channel: "whatsapp-web", isHeld: true });
  await line.marks.write(tenantId, bot.botId, [mark("7"), mark("8")]);
  await line.inbox.accept(tenantId, [{ bot, message: message("1", "7") }]);
  const leases = await line.conversations.claim("a", 10, 30_000);
  const { due } = await line.conversations.readDue(
    leases.filter((lease) => lease.tenantId === tenantId),
  );
  const erased = due.map((one) => answer(one, 1, { effects: [{ kind: "erase-contact" }] }));
  await line.conversations.commitAnswers(erased);
  expect(await line.marks.readAll(tenantId, bot.botId)).toEqual([mark("8")]);
  await line.sessions.report(tenantId, bot.botId, report);
  await line.bots.remove(tenantId, bot.botId, "test");
  expect(await line.marks.readAll(tenantId, bot.botId)).toEqual([]);
  expect(await line.sessions.readReport(tenantId, bot.botId)).toBeUndefined();
});

it("lets a session send no longer than its holder holds it", async () => {
  await line.bots.holdPolling([botId], "a", 0);
  await line.sessions.report(tenantId, botId, report);
  expect(await line.bots.holdPolling([botId], "b", 30_000)).toEqual(new Set([botId]));
  const [row] = await database.asTenant(tenantId, (tx) =>
    tx.query<{ may_send: boolean }>("select may_send from bot where id = $1", [botId]),
  );
  expect(row?.may_send).toBe(false);
});
