import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { BotStore } from "../core/bot-store.ts";
import { type BotAccount, CHANNELS, type ChannelName } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type BotId, type TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";
import { tellBot } from "./tell-bot.ts";
import { changeWebChat } from "./web-chat-looks.ts";

interface BotRow {
  readonly id: string;
  readonly bot_key: string;
  readonly channel: string;
  readonly name: string;
  readonly secrets: Buffer;
  readonly settings: Record<string, string>;
}

const UNIQUE_VIOLATION = "23505";
/** Tables whose rows of a bot go when it is removed. */
const LEAVES_WITH_BOT = [
  "bot_session",
  "session_request",
  "chat_mark",
  "media_file",
  "web_chat_avatar",
] as const;

export function createBotStore(database: Database, cipher: Cipher): BotStore {
  return {
    listActive: () => listIn(database, cipher, "active"),
    listRefused: () => listIn(database, cipher, "needs-auth"),
    async version() {
      const [row] = await database.asDispatcher((tx) =>
        tx.query<{ version: string }>(
          "select count(*) || ' ' || coalesce(max(updated_at)::text, '') as version from bot where state <> 'removed'",
        ),
      );
      return row?.version ?? "";
    },
    async insert(tenantId, bot, actor) {
      const id = randomUUID();
      const secrets = cipher.encrypt(secretsPlace(tenantId, id), JSON.stringify(bot.secrets));
      const accountHash = cipher.hash("account", `${bot.channel} ${bot.accountKey}`);
      try {
        const renewed = await database.asTenant(tenantId, async (tx) => {
          const known = await renewSecrets(tx, cipher, tenantId, { ...bot, accountHash });
          if (known !== undefined) {
            await audit(tx, tenantId, actor, "bot-secrets-renewed", known.botId);
            await tellBot(tx, tenantId, known.botId, "active");
            return known;
          }
          await tx.query(
            `insert into bot (tenant_id, id, bot_key, channel, name, secrets, account_hash, settings, is_held)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
            [
              tenantId,
              id,
              bot.botKey,
              bot.channel,
              bot.name,
              secrets,
              accountHash,
              JSON.stringify(bot.settings),
              bot.isHeld ?? false,
            ],
          );
          await audit(tx, tenantId, actor, "bot-added", id);
          await tellBot(tx, tenantId, asId(id), "active");
          return undefined;
        });
        if (renewed !== undefined) return renewed;
      } catch (cause) {
        if ((cause as { code?: unknown }).code !== UNIQUE_VIOLATION) throw cause;
        throw new PregoneroError(
          "bot-exists",
          `The ${bot.channel} account "${bot.name}" is already connected. Remove that bot first, or use another account.`,
          { status: 409, cause },
        );
      }
      const { channel, name, botKey, settings } = bot;
      return { tenantId, botId: asId(id), botKey, channel, name, secrets: bot.secrets, settings };
    },
    remove: (tenantId, botId, actor) =>
      database.asTenant(tenantId, async (tx) => {
        // The hash is replaced, so that the same account may be added again later.
        const removed = await tx.query(
          `update bot set state = 'removed', secrets = '', account_hash = decode(md5(random()::text), 'hex'), updated_at = now()
           where tenant_id = $1 and id = $2 and state <> 'removed' returning id`,
          [tenantId, botId],
        );
        if (removed.length === 0) return false;
        await tx.query(
          `update outbox set state = 'failed', reason = 'bot-removed', settled_at = now()
           where tenant_id = $1 and bot_id = $2 and state = 'queued'`,
          [tenantId, botId],
        );
        for (const table of LEAVES_WITH_BOT) {
          await tx.query(`delete from ${table} where bot_id = $1`, [botId]);
        }
        await audit(tx, tenantId, actor, "bot-removed", botId);
        await tellBot(tx, tenantId, botId, "removed");
        return true;
      }),
    changeWebChat: changeWebChat(database, cipher),
    async markNeedsAuth({ tenantId, botId, secrets }) {
      await database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<BotRow>(
          `select id, bot_key, channel, name, secrets, settings from bot
           where id = $1 and state = 'active' for update`,
          [botId],
        );
        const [known] = row === undefined ? [] : toAccount(cipher, tenantId, row);
        if (known === undefined || !isDeepStrictEqual(known.secrets, secrets)) return;
        await tx.query("update bot set state = 'needs-auth', updated_at = now() where id = $1", [
          botId,
        ]);
        await audit(tx, tenantId, "network", "bot-credentials-refused", botId);
        await tellBot(tx, tenantId, botId, "needs-auth");
      });
    },
    holdPolling: (botIds, owner, forMs) =>
      database.asDispatcher(async (tx) => {
        // Locked in one order, so that two processes never wait for each other in a circle.
        const held = await tx.query<{ id: string }>(
          `update bot set poll_owner = $2, poll_expires_at = now() + $3 * interval '1 millisecond',
                  may_send = may_send and poll_owner is not distinct from $2
           where id in (select id from bot where id = any($1::uuid[]) order by id for no key update)
             and (poll_owner = $2 or poll_expires_at is null or poll_expires_at < now())
           returning id`,
          [botIds, owner, forMs],
        );
        return new Set(held.map((row) => asId<BotId>(row.id)));
      }),
    async releasePolling(botIds, owner) {
      await database.asDispatcher((tx) =>
        tx.query(
          `update bot set poll_owner = null, poll_expires_at = null
           where id = any($1::uuid[]) and poll_owner = $2`,
          [botIds, owner],
        ),
      );
    },
  };
}

async function listIn(
  database: Database,
  cipher: Cipher,
  state: "active" | "needs-auth",
): Promise<readonly BotAccount[]> {
  const tenants = await database.asDispatcher((tx) =>
    tx.query<{ tenant_id: string }>("select distinct tenant_id from bot where state = $1", [state]),
  );
  const bots: BotAccount[] = [];
  for (const { tenant_id } of tenants) {
    const tenantId = asId<TenantId>(tenant_id);
    const rows = await database.asTenant(tenantId, (tx) =>
      tx.query<BotRow>(
        "select id, bot_key, channel, name, secrets, settings from bot where state = $1 order by created_at",
        [state],
      ),
    );
    bots.push(...rows.flatMap((row) => toAccount(cipher, tenantId, row)));
  }
  return bots;
}

/**
 * An account of this tenant that is added again with other secrets or settings, or after the network refused what
 * it had, keeps its id, its address and so its conversations. Undefined: there is nothing to renew.
 */
async function renewSecrets(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  bot: Parameters<BotStore["insert"]>[1] & { readonly accountHash: Buffer },
): Promise<BotAccount | undefined> {
  const [row] = await tx.query<BotRow & { readonly state: string }>(
    `select id, bot_key, channel, name, secrets, settings, state from bot
     where account_hash = $1 and state <> 'removed' for update`,
    [bot.accountHash],
  );
  const [known] = row === undefined ? [] : toAccount(cipher, tenantId, row);
  if (row === undefined || known === undefined) return undefined;
  // The webhook's secret is made anew for every attempt to add, and tells nothing.
  const { webhookSecret: _, ...given } = bot.secrets;
  const isSame =
    Object.entries(given).every(([name, value]) => known.secrets[name] === value) &&
    isDeepStrictEqual(known.settings, bot.settings);
  if (isSame && row.state === "active") return undefined;
  const secrets = { ...known.secrets, ...given };
  await tx.query(
    `update bot set secrets = $2, settings = $3, state = 'active', paused_until = null, updated_at = now()
     where id = $1`,
    [
      row.id,
      cipher.encrypt(secretsPlace(tenantId, row.id), JSON.stringify(secrets)),
      JSON.stringify(bot.settings),
    ],
  );
  return { ...known, secrets, settings: bot.settings };
}

function secretsPlace(tenantId: TenantId, botId: string) {
  return { tenantId, table: "bot", column: "secrets", rowId: botId };
}

/** A bot of a channel that this version does not have is left out, not an error. */
function toAccount(cipher: Cipher, tenantId: TenantId, row: BotRow): BotAccount[] {
  if (!(CHANNELS as readonly string[]).includes(row.channel)) return [];
  return [
    {
      tenantId,
      botId: asId(row.id),
      botKey: row.bot_key,
      channel: row.channel as ChannelName,
      name: row.name,
      secrets: JSON.parse(cipher.decrypt(secretsPlace(tenantId, row.id), row.secrets)) as Record<
        string,
        string
      >,
      settings: row.settings,
    },
  ];
}

async function audit(
  tx: Transaction,
  tenantId: TenantId,
  actor: string,
  action: string,
  subject: string,
): Promise<void> {
  await tx.query("insert into audit (tenant_id, actor, action, subject) values ($1, $2, $3, $4)", [
    tenantId,
    actor,
    action,
    subject,
  ]);
}
