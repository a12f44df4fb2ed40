import type { BotStore } from "../core/bot-store.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { tellBot } from "./tell-bot.ts";

interface WebChatRow {
  readonly name: string;
  readonly revision: number;
}

const UNIQUE_VIOLATION = "23505";

/** Name, looks, revision, audit and event in one transaction. */
export function changeWebChat(database: Database, cipher: Cipher): BotStore["changeWebChat"] {
  return async (tenantId, botId, { name, looks }, { expectedRevision, actor }) => {
    try {
      return await database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<WebChatRow>(
          `select name, coalesce((settings->>'webChatRevision')::int, 0) as revision from bot
           where id = $1 and channel = 'web-chat' and state = 'active' for update`,
          [botId],
        );
        if (row === undefined) return "unknown";
        if (expectedRevision !== undefined && expectedRevision !== row.revision) return "stale";
        const settings = {
          webChat: JSON.stringify(looks),
          webChatRevision: String(row.revision + 1),
        };
        await tx.query(
          `update bot set name = $2, settings = settings || $3::jsonb, updated_at = now()
           where id = $1`,
          [botId, name, JSON.stringify(settings)],
        );
        if (row.name !== name) {
          // As when it is added: one web chat of a name per tenant.
          const hash = cipher.hash("account", `web-chat ${tenantId} ${name}`);
          await tx.query("update bot set account_hash = $2 where id = $1", [botId, hash]);
        }
        await tx.query(
          "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, 'web-chat-changed', $3, $4)",
          [tenantId, actor, botId, JSON.stringify({ allowedOrigins: looks.allowedOrigins })],
        );
        await tellBot(tx, tenantId, botId, "active");
        return "changed";
      });
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== UNIQUE_VIOLATION) throw cause;
      throw new PregoneroError(
        "bot-exists",
        `Another web chat of yours is called "${name}". Give this one another name.`,
        { status: 409, cause },
      );
    }
  };
}
