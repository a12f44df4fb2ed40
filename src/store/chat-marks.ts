import type { Cipher, CipherPlace } from "../core/cipher.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { ChatMark, ChatMarks } from "../core/session.ts";
import type { Database } from "./database.ts";
import { hashChat } from "./inbox.ts";

/**
 * Keeps `ChatMarks` in `chat_mark`, each under the hash of its chat, by which the erasure of a person finds it.
 * A mark that does not decrypt is left out: its chat is met anew, and what was read of it is known by its ids.
 */
export function createChatMarks(database: Database, cipher: Cipher): ChatMarks {
  return {
    async readAll(tenantId, botId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{ chat_hash: Buffer; mark: Buffer }>(
          "select chat_hash, mark from chat_mark where bot_id = $1 order by updated_at",
          [botId],
        ),
      );
      return rows.flatMap((row) => {
        const place = placeOf(tenantId, botId, row.chat_hash.toString("hex"));
        try {
          return [JSON.parse(cipher.decrypt(place, row.mark)) as ChatMark];
        } catch {
          return [];
        }
      });
    },
    async write(tenantId, botId, marks) {
      // A statement takes each row once: of a chat that comes twice, the last counts.
      const sealed = new Map(
        marks.map((mark) => {
          const hash = hashChat(cipher, botId, mark.chatKey);
          const place = placeOf(tenantId, botId, hash);
          return [hash, { mark: cipher.encrypt(place, JSON.stringify(mark)), at: mark.updatedAt }];
        }),
      );
      if (sealed.size === 0) return;
      await database.asTenant(tenantId, (tx) =>
        tx.query(
          {
            name: "chat-marks-write",
            text: `insert into chat_mark (tenant_id, bot_id, chat_hash, mark, updated_at)
                   select $1, $2, * from unnest($3::bytea[], $4::bytea[], $5::timestamptz[]) as m (h, mark, at)
                   order by h
                   on conflict (chat_hash, bot_id, tenant_id) do update
                   set mark = excluded.mark, updated_at = excluded.updated_at`,
          },
          [
            tenantId,
            botId,
            [...sealed.keys()].map((hash) => Buffer.from(hash, "hex")),
            [...sealed.values()].map(({ mark }) => mark),
            [...sealed.values()].map(({ at }) => at),
          ],
        ),
      );
    },
  };
}

function placeOf(tenantId: TenantId, botId: BotId, chatHash: string): CipherPlace {
  return { tenantId, table: "chat_mark", column: "mark", rowId: `${botId}/${chatHash}` };
}
