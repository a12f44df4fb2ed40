import { randomUUID } from "node:crypto";
import type { Cipher } from "../../core/cipher.ts";
import type { DeskActor, DeskStore } from "../../core/desk.ts";
import type { BotId, ConversationId, TenantId } from "../../core/ids.ts";
import type { IncomingMessage } from "../../core/message.ts";
import type { Database, Transaction } from "../database.ts";
import { noteDesk } from "./note-desk.ts";
import { type ConversationChange, tellChange } from "./replies.ts";

/** What people put on a conversation: nothing of it ever reaches a citizen, and no statement here writes an outbox. */
export function createMarks(
  database: Database,
  cipher: Cipher,
): Pick<
  DeskStore,
  "setState" | "assign" | "setTags" | "markSeen" | "addNote" | "removeNote" | "findFile" | "belongs"
> {
  /** Runs `write`, and records it when it says that it changed something. */
  function change(
    tenantId: TenantId,
    conversationId: ConversationId,
    by: DeskActor,
    action: ConversationChange,
    write: (tx: Transaction) => Promise<Readonly<Record<string, unknown>> | undefined>,
  ): Promise<boolean> {
    return database.asTenant(tenantId, async (tx) => {
      const detail = await write(tx);
      if (detail === undefined) return false;
      await noteDesk(tx, tenantId, conversationId, by, `conversation-${action}`, detail);
      await tellChange(tx, tenantId, conversationId, action, by);
      return true;
    });
  }

  return {
    setState: (tenantId, conversationId, state, by) =>
      change(
        tenantId,
        conversationId,
        by,
        state === "closed" ? "closed" : "reopened",
        async (tx) => {
          // Whoever has it ends that first.
          const changed = await tx.query(
            `update conversation
           set desk_state = $3, asked_at = null, asked_why = null
           where tenant_id = $1 and id = $2 and (held_until is null or held_until <= now()) returning id`,
            [tenantId, conversationId, state],
          );
          return changed.length === 0 ? undefined : {};
        },
      ),
    assign: (tenantId, conversationId, assignee, by) =>
      change(tenantId, conversationId, by, "assigned", async (tx) => {
        const changed = await tx.query(
          `update conversation set assignee = $3
           where tenant_id = $1 and id = $2 and ($3::uuid is null or exists (
             select 1 from membership m where m.tenant_id = $1 and m.person_id = $3 and m.disabled_at is null))
           returning id`,
          [tenantId, conversationId, assignee ?? null],
        );
        return changed.length === 0 ? undefined : { assignee: assignee ?? null };
      }),
    setTags: (tenantId, conversationId, tags, by) =>
      change(tenantId, conversationId, by, "tagged", async (tx) => {
        if (!(await exists(tx, tenantId, conversationId))) return undefined;
        await tx.query(
          "delete from conversation_tag where tenant_id = $1 and conversation_id = $2 and tag <> all ($3)",
          [tenantId, conversationId, tags],
        );
        await tx.query(
          `insert into conversation_tag (tenant_id, conversation_id, tag)
           select $1, $2, tag from unnest($3::text[]) as tag on conflict do nothing`,
          [tenantId, conversationId, tags],
        );
        return { tags };
      }),
    markSeen: (tenantId, conversationId, viewer) =>
      database.asTenant(tenantId, async (tx) => {
        const seen = await tx.query(
          `insert into conversation_seen as s (tenant_id, conversation_id, person_id, seen_at)
           select $1, c.id, $3, greatest(c.last_message_at, now()) from conversation c
           where c.tenant_id = $1 and c.id = $2
           on conflict (conversation_id, person_id, tenant_id)
             do update set seen_at = greatest(s.seen_at, excluded.seen_at)
           returning person_id`,
          [tenantId, conversationId, viewer],
        );
        return seen.length > 0;
      }),
    async addNote(tenantId, conversationId, text, by) {
      const id = randomUUID();
      const place = { tenantId, table: "conversation_note", column: "content", rowId: id };
      const isAdded = await change(tenantId, conversationId, by, "note-added", async (tx) => {
        const added = await tx.query(
          `insert into conversation_note (tenant_id, id, conversation_id, author, content)
           select $1, $3, c.id, $4, $5 from conversation c where c.tenant_id = $1 and c.id = $2
           returning id`,
          [
            tenantId,
            conversationId,
            id,
            by.personId,
            cipher.encrypt(place, JSON.stringify({ text })),
          ],
        );
        return added.length === 0 ? undefined : { note: id };
      });
      return isAdded ? id : undefined;
    },
    removeNote: (tenantId, conversationId, noteId, by) =>
      change(tenantId, conversationId, by, "note-removed", async (tx) => {
        const removed = await tx.query(
          "delete from conversation_note where tenant_id = $1 and conversation_id = $2 and id = $3 returning id",
          [tenantId, conversationId, noteId],
        );
        return removed.length === 0 ? undefined : { note: noteId };
      }),
    findFile: (tenantId, conversationId, messageId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{ bot_id: BotId; message: Buffer | null }>(
          "select bot_id, message from inbox where tenant_id = $1 and conversation_id = $2 and id = $3",
          [tenantId, conversationId, messageId],
        );
        if (!row?.message) return undefined;
        const place = { tenantId, table: "inbox", column: "message", rowId: messageId };
        const { content } = JSON.parse(cipher.decrypt(place, row.message)) as IncomingMessage;
        if (content.kind !== "media" || content.fileKey === undefined) return undefined;
        return { botId: row.bot_id, fileKey: content.fileKey };
      }),
    belongs: (tenantId, conversationId, id) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query(
          `select 1 from inbox where tenant_id = $1 and conversation_id = $2 and id = $3
           union all
           select 1 from outbox where tenant_id = $1 and conversation_id = $2 and id = $3`,
          [tenantId, conversationId, id],
        );
        return rows.length > 0;
      }),
  };
}

async function exists(tx: Transaction, tenantId: TenantId, id: ConversationId): Promise<boolean> {
  const rows = await tx.query("select 1 from conversation where tenant_id = $1 and id = $2", [
    tenantId,
    id,
  ]);
  return rows.length > 0;
}
