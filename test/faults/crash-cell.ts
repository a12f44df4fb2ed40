import { randomUUID } from "node:crypto";
import path from "node:path";
import { asId } from "../../src/core/ids.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { openServer } from "../../src/store/open-server.ts";
import type { EphemeralPostgres, TestDatabase } from "../services/harness/postgres.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import {
  freePort,
  type ServerProcess,
  startServerProcess,
} from "../services/harness/server-process.ts";
import {
  type StandInBot,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { type ExpectedMessage, judge, type Verdict } from "./ledger.ts";
import type { LineProcessOptions } from "./line-process.ts";
import { SECRET_KEY } from "./secret-key.ts";

export type Fault = NonNullable<LineProcessOptions["fault"]>;

/** Longer than a lease and than a send may take: whoever held something then is dead. */
const LONG_AGO_MS = 120_000;
const CHATS = 3;
const MESSAGES_PER_CHAT = 2;
const BOT_KEY = "crash-table";
const SECRET = "the-network-shows-this";

/** One run of the line on a database of its own: what is there to crash, and what to compare. */
export interface Cell {
  /** Starts a process, to which the network delivers from now on. */
  start(fault?: Fault, ageMs?: number): Promise<ServerProcess>;
  /** Resolves when every message is answered and no part is on its way. */
  untilSettled(): Promise<void>;
  verdict(): Promise<Verdict>;
  close(): Promise<void>;
}

/** Prepares a bot and six messages from three people; nothing runs yet. */
export async function openCell(postgres: EphemeralPostgres): Promise<Cell> {
  const database = await postgres.createDatabase();
  const standIn = await startTelegramStandIn({ webhookRetryBaseMs: 20, webhookRetryMaxMs: 100 });
  const bot = standIn.addBot();
  await addBot(database, bot);
  const expected = sendMessages(standIn, bot);
  const running: ServerProcess[] = [];

  return {
    async start(fault, ageMs) {
      const port = await freePort();
      await setWebhook(standIn, bot, port);
      const options: LineProcessOptions = {
        databaseUrl: database.url,
        apiRoot: standIn.apiRoot,
        port,
        ...(fault === undefined ? {} : { fault }),
        ...(ageMs === undefined ? {} : { ageMs }),
      };
      const started = startLine(options);
      running.push(started);
      return started;
    },
    untilSettled: () => untilSettled(database, expected.length),
    async verdict() {
      const [row] = await database.query<CountRow>(COUNTS);
      if (row === undefined) throw new Error("The ledgers could not be counted.");
      const wasUnknown = await readDoubts(database);
      const arrived = standIn.sent().map(({ chatId, messageId, text }) => ({
        chatId,
        text,
        // Of a part that stayed `unknown`, the ledger holds no id.
        wasUnknown: wasUnknown.get(`${chatId} ${messageId}`) ?? true,
      }));
      return judge({ expected, arrived, ...row });
    },
    async close() {
      await Promise.all(running.map((line) => line.end("SIGKILL")));
      await standIn.close();
      await database.drop();
    },
  };
}

export function startLine(options: LineProcessOptions): ServerProcess {
  const program = path.join(repositoryRoot(), "dist", "test", "faults", "line-process.js");
  return startServerProcess(
    process.execPath,
    ["--enable-source-maps", program, JSON.stringify(options)],
    { env: { PATH: process.env.PATH } },
  );
}

/** Dies (or freezes) at the place, is restarted after the leases ran out, and the ledgers are compared. */
export async function runCrash(
  postgres: EphemeralPostgres,
  fault: Fault,
): Promise<Verdict & { readonly isReached: boolean }> {
  const cell = await openCell(postgres);
  try {
    const victim = await cell.start(fault);
    const isReached = await Promise.race([
      victim.printed(/^reached /m, 60_000).then(
        () => true,
        () => false,
      ),
      cell.untilSettled().then(() => victim.logs().includes("reached ")),
    ]);
    if (fault.deed === "kill" || !isReached) await victim.end("SIGKILL");
    const survivor = await cell.start(undefined, LONG_AGO_MS);
    await cell.untilSettled();
    if (fault.deed === "freeze" && isReached) {
      // The dead man wakes, and goes on as if nothing had been.
      process.kill(victim.pid, "SIGCONT");
      await victim.end("SIGTERM");
      await cell.untilSettled();
    }
    await survivor.end("SIGTERM");
    return { ...(await cell.verdict()), isReached };
  } finally {
    await cell.close();
  }
}

/** Runs the line once without harm; every place it came by, in order, with the number of visits. */
export async function listPoints(
  postgres: EphemeralPostgres,
): Promise<ReadonlyMap<string, number>> {
  const cell = await openCell(postgres);
  try {
    const line = await cell.start();
    await cell.untilSettled();
    await line.end("SIGTERM");
    const points = new Map<string, number>();
    for (const [, visit, point] of line.logs().matchAll(/^visit (\d+) (.+)$/gm)) {
      points.set(point ?? "", Number(visit));
    }
    return points;
  } finally {
    await cell.close();
  }
}

async function addBot(database: TestDatabase, bot: StandInBot): Promise<void> {
  const tenantId = randomUUID();
  await database.query("insert into tenant (id, slug, name) values ($1, 'crash', 'Crash')", [
    tenantId,
  ]);
  const connection = openServer({ url: database.url, maxConnections: 1 });
  try {
    await createBotStore(connection, createCipher([SECRET_KEY])).insert(
      asId(tenantId),
      {
        channel: "telegram",
        name: bot.name,
        botKey: BOT_KEY,
        accountKey: String(bot.id),
        secrets: { token: bot.token, webhookSecret: SECRET },
        settings: { username: bot.username, networkId: String(bot.id) },
      },
      "crash-table",
    );
  } finally {
    await connection.close();
  }
}

function sendMessages(standIn: TelegramStandIn, bot: StandInBot): ExpectedMessage[] {
  const expected: ExpectedMessage[] = [];
  for (let message = 1; message <= MESSAGES_PER_CHAT; message++) {
    for (let chatId = 1; chatId <= CHATS; chatId++) {
      const text = `chat ${chatId} message ${message}`;
      standIn.user(chatId).send(text, { bot });
      expected.push({ chatId, text, parts: [`${text} / 1`, `${text} / 2`] });
    }
  }
  return expected;
}

async function setWebhook(standIn: TelegramStandIn, bot: StandInBot, port: number): Promise<void> {
  const url = encodeURIComponent(`http://127.0.0.1:${port}/webhooks/telegram/${BOT_KEY}`);
  const answer = await fetch(
    `${standIn.apiRoot}/bot${bot.token}/setWebhook?url=${url}&secret_token=${SECRET}`,
  );
  if (!answer.ok) throw new Error(`setWebhook: ${await answer.text()}`);
}

interface CountRow {
  readonly inboxAnswered: number;
  readonly inboxRows: number;
  readonly outboxRows: number;
  readonly outboxSent: number;
  readonly outboxUnknown: number;
  readonly open: number;
}

const COUNTS = `select
  (select count(*)::int from inbox where state = 'answered') as "inboxAnswered",
  (select count(*)::int from inbox) as "inboxRows",
  (select count(*)::int from outbox) as "outboxRows",
  (select count(*)::int from outbox where state = 'sent') as "outboxSent",
  (select count(*)::int from outbox where state = 'unknown') as "outboxUnknown",
  (select count(*)::int from inbox where state = 'pending')
    + (select count(*)::int from outbox where state in ('queued', 'attempting')) as open`;

/** By chat and message id of the network: whether the ledger gave the part up before it learnt of its arrival. */
async function readDoubts(database: TestDatabase): Promise<ReadonlyMap<string, boolean>> {
  const cipher = createCipher([SECRET_KEY]);
  const rows = await database.query<{
    readonly tenantId: string;
    readonly chat: Buffer;
    readonly chatHash: Buffer;
    readonly messageId: string;
    readonly wasUnknown: boolean;
  }>(
    `select c.tenant_id as "tenantId", c.chat, c.chat_hash as "chatHash", o.network_message_id as "messageId",
            exists (select 1 from passport_event e
                    where e.kind = 'unknown' and e.detail->>'outbox' = o.id::text) as "wasUnknown"
     from outbox o join conversation c on c.id = o.conversation_id where o.network_message_id is not null`,
  );
  const chatOf = ({ tenantId, chat, chatHash }: (typeof rows)[number]) =>
    cipher.decrypt(
      {
        tenantId: asId(tenantId),
        table: "conversation",
        column: "chat",
        rowId: chatHash.toString("hex"),
      },
      chat,
    );
  return new Map(rows.map((row) => [`${chatOf(row)} ${row.messageId}`, row.wasUnknown]));
}

async function untilSettled(database: TestDatabase, messageCount: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const [row] = await database.query<CountRow>(COUNTS);
    if (row !== undefined && row.inboxRows >= messageCount && row.open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
