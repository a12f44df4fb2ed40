import { randomBytes, randomUUID } from "node:crypto";
import type { BotAccount, Channel, ChannelName } from "../../src/core/channel.ts";
import { asId, type ConversationId, type TenantId } from "../../src/core/ids.ts";
import type { AnsweredMessage, BroadcastShare, DueMessage } from "../../src/core/ledgers.ts";
import type { IncomingContent, IncomingMessage } from "../../src/core/message.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createChatMarks } from "../../src/store/chat-marks.ts";
import { createConversations } from "../../src/store/conversations.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { createOutbox } from "../../src/store/outbox.ts";
import { createPassports } from "../../src/store/passports.ts";
import { createReceipts } from "../../src/store/receipts.ts";
import { createSessionStore } from "../../src/store/sessions.ts";
import { createSweep } from "../../src/store/sweep.ts";

const pace = { intervalMs: 1000, burst: 3 };

/** What a claim may take of broadcasts, at Telegram's pace: 25 each second, 3 at once. */
export const ALL_BROADCASTS: BroadcastShare = {
  room: 50,
  paces: new Map<ChannelName, Channel["pace"]>([
    [
      "telegram",
      { privateChat: pace, groupChat: pace, bulk: { intervalMs: 40, burst: 3, batch: 1 } },
    ],
  ]),
};
export const NO_BROADCASTS: BroadcastShare = { ...ALL_BROADCASTS, room: 0 };

/** The ledgers of the line on a database, and tenants to use them with: the real ones, without a network. */
export function openLedgers(database: Database, key: Buffer = randomBytes(32)) {
  const cipher = createCipher([key]);
  return {
    database,
    cipher,
    inbox: createInbox(database, cipher),
    conversations: createConversations(database, cipher),
    outbox: createOutbox(database, cipher),
    sweep: createSweep(database, cipher),
    passports: createPassports(database),
    bots: createBotStore(database, cipher),
    sessions: createSessionStore(database, cipher),
    marks: createChatMarks(database, cipher),
    receipts: createReceipts(database),
  };
}
export type Ledgers = ReturnType<typeof openLedgers>;

/** A new tenant, with its first bot. */
export async function addTenant(ledgers: Ledgers) {
  const tenantId = asId<TenantId>(randomUUID());
  await ledgers.database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Test')", [tenantId, tenantId]),
  );
  return { tenantId, bot: await addBot(ledgers, tenantId) };
}

export function addBot(
  ledgers: Ledgers,
  tenantId: TenantId,
  extra: { readonly channel?: ChannelName; readonly isHeld?: boolean } = {},
): Promise<BotAccount> {
  const secrets = { token: "1:a" };
  const [botKey, accountKey] = [randomUUID(), randomUUID()];
  return ledgers.bots.insert(
    tenantId,
    { channel: "telegram", name: "t", botKey, accountKey, secrets, settings: {}, ...extra },
    "test",
  );
}

/** A citizen's text in a private chat. */
export function message(
  updateKey: string,
  chatKey = "7",
  content: IncomingContent = { kind: "text", text: `pregunta ${updateKey}` },
): IncomingMessage {
  return {
    updateKey,
    chat: { key: chatKey, kind: "private" },
    sender: { key: chatKey, displayName: "Ana" },
    sentAt: "2024-04-15T12:00:00.000Z",
    isAddressed: true,
    content,
    ...(content.kind === "text" && { networkMessageId: `m${updateKey}` }),
  };
}

/** What a turn came to, with as many parts as said. */
export function answer(
  due: DueMessage,
  partCount = 1,
  extra: Partial<AnsweredMessage> = {},
): AnsweredMessage {
  return {
    due,
    turns: [
      { speaker: "citizen", text: "hola", citations: [], saidAt: new Date(0) },
      { speaker: "assistant", text: "buenas", citations: [], saidAt: new Date(1) },
    ],
    memory: { ...due.memory, language: "es" },
    parts: Array.from({ length: partCount }, (_, index) => ({ text: `parte ${index}` })),
    pace,
    effects: [],
    events: [],
    ...extra,
  };
}

/** Conversations in which nothing waits: chats `0` to `count - 1` wrote once, long ago. */
export async function addChats(
  ledgers: Ledgers,
  { tenantId, bot }: { readonly tenantId: TenantId; readonly bot: BotAccount },
  chatKeys: readonly string[],
): Promise<readonly ConversationId[]> {
  const known = new Set((await listConversations(ledgers, tenantId)).map(({ id }) => id));
  await ledgers.inbox.accept(
    tenantId,
    chatKeys.map((key) => ({ bot, message: message(randomUUID(), key) })),
  );
  await ledgers.database.asTenant(tenantId, async (tx) => {
    await tx.query("update inbox set state = 'answered', received_at = now() - interval '1 day'");
    await tx.query("update conversation set due_at = null");
  });
  return (await listConversations(ledgers, tenantId))
    .map(({ id }) => id)
    .filter((id) => !known.has(id));
}

function listConversations({ database }: Ledgers, tenantId: TenantId) {
  return database.asTenant(tenantId, (tx) =>
    tx.query<{ id: ConversationId }>("select id from conversation order by id"),
  );
}

/**
 * Conversations that are due now, with nothing readable in them, and a queued part in each: a backlog for
 * claims, which read no content.
 */
export async function addBacklog(
  { database }: Ledgers,
  { tenantId, bot }: { readonly tenantId: TenantId; readonly bot: BotAccount },
  count: number,
): Promise<void> {
  await database.asTenant(tenantId, async (tx) => {
    await tx.query(
      `with added as (
         insert into conversation (tenant_id, id, bot_id, kind, chat_hash, chat, due_at)
         select $1, gen_random_uuid(), $2::uuid, 'group', decode(md5($2::uuid::text || n), 'hex'), '',
                now() - interval '1 hour' + n * interval '1 millisecond'
         from generate_series(1, $3::int) n
         returning tenant_id, id, bot_id, due_at
       )
       insert into outbox (tenant_id, id, bot_id, conversation_id, part, not_before)
       select tenant_id, gen_random_uuid(), bot_id, id, '', due_at from added`,
      [tenantId, bot.botId, count],
    );
  });
}
