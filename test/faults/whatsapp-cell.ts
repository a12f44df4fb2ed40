import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { asId, type TenantId } from "../../src/core/ids.ts";
import type { IncomingMessage } from "../../src/core/message.ts";
import type { SessionReport, SessionRequest } from "../../src/core/session.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createSessionStore } from "../../src/store/sessions.ts";
import type { EphemeralPostgres } from "../services/harness/postgres.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import { type ServerProcess, startServerProcess } from "../services/harness/server-process.ts";
import {
  type StandInOptions,
  startWhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { SECRET_KEY } from "./secret-key.ts";
import type { WhatsAppProcessOptions } from "./whatsapp-process.ts";

export type WhatsAppEngine = "dom" | "modules";

/** What the inbox holds, in the order in which it took it. */
export interface Taken {
  readonly message: IncomingMessage;
  /** Milliseconds since 1970, by the database's clock, which is this machine's. */
  readonly atMs: number;
}

/** Folders of the cells that are open: a verification that is interrupted leaves no browser behind. */
const homes = new Set<string>();
process.on("exit", () => {
  for (const pid of [...homes].flatMap(processesNaming)) endNow(pid);
});

export type WhatsAppCell = Awaited<ReturnType<typeof openWhatsAppCell>>;

/** An account on a stand-in of its own and a database of its own; nothing runs yet. */
export async function openWhatsAppCell(
  postgres: EphemeralPostgres,
  options: {
    readonly engine: WhatsAppEngine;
    readonly chromiumPath: string;
    readonly answers: boolean;
    readonly standIn?: StandInOptions;
  },
) {
  const account = randomUUID();
  const standIn = await startWhatsAppWebStandIn({
    qrDelayMs: 50,
    ...options.standIn,
    session: account,
  });
  const testDatabase = await postgres.createDatabase();
  const database = openServer({ url: testDatabase.url, maxConnections: 3 });
  const cipher = createCipher([SECRET_KEY]);
  const sessions = createSessionStore(database, cipher);
  const home = await mkdtemp(path.join(tmpdir(), "pregonero-whatsapp-"));
  homes.add(home);
  const tenantId = asId<TenantId>(randomUUID());
  await testDatabase.query("insert into tenant (id, slug, name) values ($1, 'cell', 'Cell')", [
    tenantId,
  ]);
  const { botId } = await createBotStore(database, cipher).insert(
    tenantId,
    {
      channel: "whatsapp-web",
      name: "Pregonero",
      botKey: "cell",
      accountKey: "cell",
      secrets: {},
      settings: {
        engine: options.engine,
        partsPerMinute: "1000",
        partsPerChatMinute: "1000",
        newChatsPerDay: "1000",
        quietHours: "none",
      },
      isHeld: true,
    },
    "verify",
  );
  const processes: ServerProcess[] = [];
  const report = () => sessions.readReport(tenantId, botId);
  const browsers = () => processesNaming(home);

  return {
    standIn,
    report,
    /** Signed in already: WhatsApp's account is in the address, and from then on in the profile. */
    start(): ServerProcess {
      const { chromiumPath, answers } = options;
      const process = startWhatsApp({
        databaseUrl: testDatabase.url,
        url: `${standIn.url}?session=${account}`,
        chromiumPath,
        profilesDirectory: path.join(home, "profiles"),
        answers,
      });
      processes.push(process);
      return process;
    },
    /** Resolves with the first report that fits; rejects after `timeoutMs`, telling what it was instead. */
    untilReport(fits: (report: SessionReport) => boolean, timeoutMs: number) {
      return untilReport(report, fits, timeoutMs);
    },
    async ask(request: SessionRequest): Promise<void> {
      await sessions.ask(tenantId, botId, request);
    },
    readCode: () => sessions.readCode(tenantId, botId),
    async taken(): Promise<readonly Taken[]> {
      const rows = await testDatabase.query<{ id: string; message: Buffer; at: string }>(
        `select id, message, extract(epoch from received_at) * 1000 as at from inbox order by position`,
      );
      return rows.map(({ id, message, at }) => {
        const place = { tenantId, table: "inbox", column: "message", rowId: id };
        const text = cipher.decrypt(place, message);
        return { message: JSON.parse(text) as IncomingMessage, atMs: Number(at) };
      });
    },
    /** Whether the inbox has the message, by its network id. */
    async holds(id: string): Promise<boolean> {
      const rows = await testDatabase.query("select 1 from inbox where update_key like '%' || $1", [
        id,
      ]);
      return rows.length > 0;
    },
    /** Parts by their state in the outbox, and messages not answered yet. */
    async backlog(): Promise<{ readonly open: number; readonly unknown: number }> {
      const [row] = await testDatabase.query<{ open: string; unknown: string }>(
        `select (select count(*) from inbox where state = 'pending')
              + (select count(*) from outbox where state in ('queued', 'attempting')) as open,
                (select count(*) from outbox where state = 'unknown') as unknown`,
      );
      return { open: Number(row?.open), unknown: Number(row?.unknown) };
    },
    /** What the ledgers hold of the message with these words: each time that it was taken in, and each part of answers. */
    async historyOf(words: string): Promise<readonly string[]> {
      const rows = await testDatabase.query<{ id: string; message: Buffer | null; told: string }>(
        `select i.id, i.message, concat_ws(' ', i.update_key, i.state, 'taken', i.received_at::time(3),
                  string_agg(concat_ws(' ', '| part', o.state, o.reason, o.attempts, 'attempts', o.attempt_owner,
                    'made', o.created_at::time(3), 'tried', o.attempted_at::time(3), 'settled', o.settled_at::time(3),
                    'due', o.not_before::time(3), o.network_message_id), ' ' order by o.position)) as told
         from inbox i left join outbox o on o.message_id = i.id and o.tenant_id = i.tenant_id
         group by i.id, i.message, i.update_key, i.state, i.received_at, i.position order by i.position`,
      );
      return rows.flatMap(({ id, message, told }) => {
        if (message === null) return [];
        const place = { tenantId, table: "inbox", column: "message", rowId: id };
        return cipher.decrypt(place, message).includes(words) ? [told] : [];
      });
    },
    /** What waits: messages without an answer, and parts that were not sent. */
    async waiting(): Promise<readonly string[]> {
      const rows = await testDatabase.query<{ told: string }>(
        `select concat_ws(' ', 'inbox', update_key, attempts, 'attempts, due', not_before::time(3), dead_reason) as told
         from inbox where state = 'pending'
         union all
         select concat_ws(' ', 'outbox', id, state, reason, attempts, 'attempts,', waits, 'waits, due',
                  not_before::time(3), 'now', now()::time(3))
         from outbox where state in ('queued', 'attempting')`,
      );
      return rows.map(({ told }) => told);
    },
    /** Why parts stay in doubt though the page was looked at, by what was last said of each: `reason × parts`. */
    doubts(): readonly string[] {
      const reasons = new Map<string, string>();
      for (const line of processes.flatMap((process) => process.logs().split("\n"))) {
        if (!line.includes('"part-still-unknown"')) continue;
        const { outboxId, reason } = JSON.parse(line) as Readonly<Record<string, string>>;
        if (outboxId !== undefined && reason !== undefined) reasons.set(outboxId, reason);
      }
      const counts = new Map<string, number>();
      for (const reason of reasons.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
      return [...counts].map(([reason, parts]) => `${reason} × ${parts}`);
    },
    /** Processes of its browsers. */
    browsers,
    /** Processes that drive them. */
    lines: () => processes.filter(({ hasEnded }) => !hasEnded).map(({ pid }) => pid),
    /** Ends the processes in good order; returns how many processes of browsers are left then. */
    async stop(): Promise<number> {
      await Promise.all(processes.map((process) => process.end("SIGTERM")));
      return browsers().length;
    },
    async close(): Promise<void> {
      await Promise.all(processes.map((process) => process.end("SIGKILL")));
      for (const pid of browsers()) endNow(pid);
      await standIn.close();
      await database.close();
      await testDatabase.drop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
      homes.delete(home);
    },
  };
}

function startWhatsApp(options: WhatsAppProcessOptions): ServerProcess {
  const program = path.join(repositoryRoot(), "dist", "test", "faults", "whatsapp-process.js");
  return startServerProcess(
    process.execPath,
    ["--enable-source-maps", program, JSON.stringify(options)],
    { env: { PATH: process.env.PATH, HOME: process.env.HOME } },
  );
}

async function untilReport(
  read: () => Promise<SessionReport | undefined>,
  fits: (report: SessionReport) => boolean,
  timeoutMs: number,
): Promise<SessionReport> {
  const deadline = performance.now() + timeoutMs;
  let last: SessionReport | undefined;
  while (performance.now() < deadline) {
    last = await read();
    if (last !== undefined && fits(last)) return last;
    await pause(50);
  }
  throw new Error(`${last?.state ?? "no report"}: ${last?.evidence ?? ""}`);
}

/** Processes of this machine that work in `folder`, as `/proc` tells, besides those that we started to run the line. */
function processesNaming(folder: string): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const line = readCommand(pid);
    return line.includes(folder) && !line.includes("whatsapp-process") ? [Number(pid)] : [];
  });
}

/** Empty for a process that has ended meanwhile. */
function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
