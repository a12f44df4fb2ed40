import { createHash } from "node:crypto";
import type { WebChatAvatar, WebChatAvatars } from "../core/web-chat-avatars.ts";
import type { Database } from "./database.ts";
import { tellBot } from "./tell-bot.ts";

/** Enough to tell two pictures of one bot apart. */
const VERSION_LENGTH = 16;

/** `WebChatAvatars` in `web_chat_avatar`; the bot's settings name the version. `changed` is called after each commit. */
export function createWebChatAvatars(
  database: Database,
  options: { readonly changed: () => Promise<void> },
): WebChatAvatars {
  return {
    async read(tenantId, botId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ media_type: WebChatAvatar["mediaType"]; content: Buffer }>(
          "select media_type, content from web_chat_avatar where bot_id = $1",
          [botId],
        ),
      );
      return row && { mediaType: row.media_type, bytes: row.content };
    },
    async change(tenantId, botId, avatar, actor) {
      const isChanged = await database.asTenant(tenantId, async (tx) => {
        const known = await tx.query(
          `update bot set settings = settings || $2::jsonb, updated_at = now()
           where id = $1 and channel = 'web-chat' and state = 'active' returning id`,
          [botId, JSON.stringify({ webChatAvatar: versionOf(avatar) })],
        );
        if (known.length === 0) return false;
        if (avatar === undefined) {
          await tx.query("delete from web_chat_avatar where bot_id = $1", [botId]);
        } else {
          await tx.query(
            `insert into web_chat_avatar (tenant_id, bot_id, media_type, content) values ($1, $2, $3, $4)
             on conflict (bot_id, tenant_id) do update
               set media_type = excluded.media_type, content = excluded.content, changed_at = now()`,
            [tenantId, botId, avatar.mediaType, Buffer.from(avatar.bytes)],
          );
        }
        const action = avatar === undefined ? "web-chat-avatar-removed" : "web-chat-avatar-changed";
        await tx.query(
          "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
          [tenantId, actor, action, botId, JSON.stringify({ bytes: avatar?.bytes.length ?? 0 })],
        );
        await tellBot(tx, tenantId, botId, "active");
        return true;
      });
      if (isChanged) await options.changed();
      return isChanged;
    },
  };
}

function versionOf(avatar: WebChatAvatar | undefined): string {
  if (avatar === undefined) return "";
  return createHash("sha256").update(avatar.bytes).digest("hex").slice(0, VERSION_LENGTH);
}
