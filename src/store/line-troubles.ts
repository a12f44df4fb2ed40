import { asId, type TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";

/** A bot as an operator knows it. */
export interface NamedBot {
  /** Slug of its tenant. */
  readonly tenant: string;
  readonly botId: string;
  readonly channel: string;
  readonly name: string;
}

/** Messages or parts of one bot that came to the same end. */
export interface TroubleGroup {
  readonly bot: NamedBot;
  readonly reason: string;
  readonly count: number;
  /** Of the oldest. */
  readonly since: Date;
  /** The newest, for `passport`: a message's id, or that of a part which answers no message. */
  readonly exampleId: string;
}

/** What waits for a person, over all tenants, bot by bot. */
export interface LineTroubles {
  /** The network refused their credentials: nothing is received or sent for them. */
  readonly refusedBots: readonly { readonly bot: NamedBot; readonly since: Date }[];
  /** The network asked for a pause that is not over: nothing is sent for them until then. */
  readonly pausedBots: readonly { readonly bot: NamedBot; readonly until: Date }[];
  /** Since when they were received, by the reason for which they were given up. */
  readonly deadLetters: readonly TroubleGroup[];
  /** Since when nobody knows whether they arrived. */
  readonly unknownSends: readonly TroubleGroup[];
}

interface BotRow {
  readonly bot_id: string;
  readonly channel: string;
  readonly name: string;
}

interface GroupRow extends BotRow {
  readonly reason: string | null;
  readonly count: string;
  readonly since: Date;
  readonly example_id: string;
}

const NO_TROUBLES: LineTroubles = {
  refusedBots: [],
  pausedBots: [],
  deadLetters: [],
  unknownSends: [],
};

/** The tenants with troubles are found without their content; names and reasons are read as each of them. */
export async function readLineTroubles(database: Database): Promise<LineTroubles> {
  const tenants = await database.asDispatcher((tx) =>
    tx.query<{ id: string; slug: string }>(
      `select id, slug from tenant where id in (
         select tenant_id from bot
           where state = 'needs-auth' or (state = 'active' and paused_until > now())
         union select tenant_id from inbox where state = 'dead'
         union select tenant_id from outbox where state = 'unknown')
       order by slug`,
    ),
  );
  let all = NO_TROUBLES;
  for (const { id, slug } of tenants) {
    const own = await database.asTenant(asId<TenantId>(id), (tx) => readTenant(tx, slug));
    all = {
      refusedBots: [...all.refusedBots, ...own.refusedBots],
      pausedBots: [...all.pausedBots, ...own.pausedBots],
      deadLetters: [...all.deadLetters, ...own.deadLetters],
      unknownSends: [...all.unknownSends, ...own.unknownSends],
    };
  }
  return all;
}

async function readTenant(tx: Transaction, tenant: string): Promise<LineTroubles> {
  const name = ({ bot_id, channel, name }: BotRow): NamedBot => ({
    tenant,
    botId: bot_id,
    channel,
    name,
  });
  // A bot in need of credentials is not changed by anything but their renewal or its removal.
  const refused = await tx.query<BotRow & { since: Date }>(
    `select id as bot_id, channel, name, updated_at as since from bot
     where state = 'needs-auth' order by updated_at`,
  );
  const paused = await tx.query<BotRow & { until: Date }>(
    `select id as bot_id, channel, name, paused_until as until from bot
     where state = 'active' and paused_until > now() order by paused_until`,
  );
  const dead = await tx.query<GroupRow>(
    `select i.bot_id, b.channel, b.name, i.dead_reason as reason, count(*) as count,
            min(i.received_at) as since,
            (array_agg(i.id order by i.received_at desc))[1] as example_id
     from inbox i join bot b on b.id = i.bot_id where i.state = 'dead'
     group by i.bot_id, b.channel, b.name, i.dead_reason order by since`,
  );
  const unknown = await tx.query<GroupRow>(
    `select o.bot_id, b.channel, b.name, o.reason, count(*) as count, min(o.settled_at) as since,
            (array_agg(coalesce(o.message_id, o.id) order by o.settled_at desc))[1] as example_id
     from outbox o join bot b on b.id = o.bot_id where o.state = 'unknown'
     group by o.bot_id, b.channel, b.name, o.reason order by since`,
  );
  const group = (row: GroupRow): TroubleGroup => ({
    bot: name(row),
    reason: row.reason ?? "no reason noted",
    count: Number(row.count),
    since: row.since,
    exampleId: row.example_id,
  });
  return {
    refusedBots: refused.map((row) => ({ bot: name(row), since: row.since })),
    pausedBots: paused.map((row) => ({ bot: name(row), until: row.until })),
    deadLetters: dead.map(group),
    unknownSends: unknown.map(group),
  };
}
