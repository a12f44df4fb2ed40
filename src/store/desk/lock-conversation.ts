import type { HoldView } from "../../core/desk.ts";
import {
  asId,
  type BotId,
  type ConversationId,
  type PersonId,
  type TenantId,
} from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

/** A conversation under its row's lock, which turns, claims and replies all take. */
export interface Locked {
  readonly conversationId: ConversationId;
  readonly botId: BotId;
  /** The database's, in milliseconds since 1970. */
  readonly now: number;
  readonly sendNextAt: number;
  readonly memory: Buffer | null;
  /** There is somebody to write to, and they can be reached. */
  readonly isReachable: boolean;
  /** Undefined: the bot's. */
  readonly hold: HoldView | undefined;
  /** Its time is over, and nobody noticed yet. */
  readonly isExpired: boolean;
}

interface Row {
  readonly id: string;
  readonly bot_id: string;
  readonly now_ms: string;
  readonly send_next_ms: string | null;
  readonly memory: Buffer | null;
  readonly is_reachable: boolean;
  readonly held_by: string | null;
  readonly held_since: Date | null;
  readonly held_until: Date | null;
  readonly is_held: boolean;
}

export async function lockConversation(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
): Promise<Locked | undefined> {
  const [row] = await tx.query<Row>(
    {
      name: "desk-lock",
      text: `select c.id, c.bot_id, extract(epoch from now()) * 1000 as now_ms,
                    extract(epoch from c.send_next_at) * 1000 as send_next_ms, c.memory,
                    c.is_reachable and (c.kind = 'group' or c.contact_id is not null) as is_reachable,
                    c.held_by, c.held_since, c.held_until, coalesce(c.held_until > now(), false) as is_held
             from conversation c where c.tenant_id = $1 and c.id = $2 for no key update`,
    },
    [tenantId, conversationId],
  );
  if (row === undefined) return undefined;
  return {
    conversationId: asId(row.id),
    botId: asId(row.bot_id),
    now: Number(row.now_ms),
    sendNextAt: Number(row.send_next_ms ?? 0),
    memory: row.memory,
    isReachable: row.is_reachable,
    hold: row.is_held ? toHold(row) : undefined,
    isExpired: row.held_until !== null && !row.is_held,
  };
}

/** Of a row whose `held_until` is set. */
export function toHold(row: Pick<Row, "held_by" | "held_since" | "held_until">): HoldView {
  return {
    personId: row.held_by === null ? undefined : asId<PersonId>(row.held_by),
    since: row.held_since ?? new Date(0),
    until: row.held_until ?? new Date(0),
  };
}
