import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createBotStore } from "../../src/store/bots.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { startServerProcess } from "../../test/services/harness/server-process.ts";
import {
  type GraphStandIn,
  type SentMessage,
  type StandInNumber,
  startGraphStandIn,
} from "../../test/stand-ins/graph/start-stand-in.ts";
import { toStatus } from "../../test/stand-ins/graph/statuses.ts";
import type { Figure } from "../figure.ts";
import type { BodiesPlan, BodiesReport } from "../post-bodies.ts";
import { cpuSeconds } from "../process-usage.ts";
import { type ProductRun, startProduct, withProductLogs } from "../product.ts";
import { questionOf } from "../questions.ts";
import { shuffled } from "../statistics.ts";
import { untilDrained } from "./acknowledgement.ts";

/** Citizens who write once before the measurement, whose answers' statuses then come, and once during it. */
const CITIZENS = 1_500;
const WARM_UP_PER_SECOND = 100;
/** Three statuses for each message: Meta's own rule for sizing a server (docs/whatsapp-cloud.md). */
const PER_SECOND = 300;

/**
 * How fast a Cloud API webhook is acknowledged, by one process for the network and one that answers, while messages
 * come in and the statuses of earlier answers arrive in no order; and whether all of it was kept.
 */
export async function measureWhatsAppCloud(): Promise<readonly Figure[]> {
  const standIn = await startGraphStandIn({ statuses: "none" });
  const number = standIn.addNumber({ level: "HIGH" });
  const folder = await mkdtemp(path.join(tmpdir(), "pregonero-bodies-"));
  const secretKey = randomBytes(32);
  const run = await startProduct({
    processes: ["api", "worker,scheduler"],
    env: { WHATSAPP_GRAPH_URL: standIn.graphUrl, SECRET_KEY: secretKey.toString("hex") },
  });
  try {
    return await withProductLogs(run, async () => {
      const webhook = await addNumber(run, standIn, number, secretKey);
      const post = async (bodies: readonly string[], perSecond: number) => {
        const file = path.join(folder, `${perSecond}.ndjson`);
        await writeFile(file, `${bodies.join("\n")}\n`);
        const target = { origin: webhook.origin, path: webhook.pathname };
        const report = await postBodies({
          ...target,
          appSecret: number.appSecret,
          file,
          perSecond,
        });
        await untilDrained(run);
        return report;
      };
      for (let citizen = 0; citizen < CITIZENS; citizen++) acquaint(standIn, number, citizen);
      await post(messages(number, "first"), WARM_UP_PER_SECOND);
      const answers = standIn.sent();
      const statuses = answers.flatMap((answer) => statusesOf(number, answer));
      const second = messages(number, "second");
      const once = shuffled([...statuses, ...second], 42);
      // At least once is what Meta promises: one in twenty comes again.
      const all = shuffled([...once, ...once.filter((_, index) => index % 20 === 0)], 43);
      const api = run.processes.slice(0, 1).map(({ pid }) => pid);
      const before = cpuSeconds(api);
      const report = await post(all, PER_SECOND);
      const cpuMs = (1_000 * (cpuSeconds(api) - before)) / all.length;
      return figuresOf(report, await audit(run, answers), { answers: answers.length, cpuMs });
    });
  } finally {
    await run.stop();
    await standIn.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts the number into the store, and returns where the product, on noticing it, told the network to deliver. */
async function addNumber(
  run: ProductRun,
  standIn: GraphStandIn,
  number: StandInNumber,
  secretKey: Buffer,
): Promise<URL> {
  const set = standIn.waitForCall("configure", ({ status }) => status === 200, 120_000);
  const database = openServer({ url: run.database.url, maxConnections: 2 });
  try {
    const store = createBotStore(database, createCipher([secretKey]));
    await store.insert(
      await createTenants(database).ensureSampleTenant(),
      {
        channel: "whatsapp-cloud",
        name: number.verifiedName,
        botKey: "bench",
        accountKey: number.phoneNumberId,
        secrets: {
          accessToken: number.accessToken,
          appSecret: number.appSecret,
          webhookSecret: "bench",
        },
        settings: {
          networkId: number.phoneNumberId,
          username: number.displayPhoneNumber,
          throughput: "high",
        },
      },
      "bench",
    );
  } finally {
    await database.close();
  }
  await set;
  return new URL(standIn.callbackOf(number) ?? "");
}

/** A number may write to who wrote to it: what the poster delivers is not the stand-in's own doing. */
function acquaint(standIn: GraphStandIn, number: StandInNumber, citizen: number): void {
  const person = standIn.person(phoneOf(citizen), { userId: null });
  person.state.wroteAtMs.set(number.phoneNumberId, Date.now());
}

function phoneOf(citizen: number): string {
  return String(50_660_000_000 + citizen);
}

function messages(number: StandInNumber, round: string): string[] {
  return Array.from({ length: CITIZENS }, (_, citizen) => {
    const from = phoneOf(citizen);
    const message = {
      from,
      id: `wamid.${round}-${citizen}`,
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: "text",
      text: { body: questionOf(citizen) },
    };
    const contacts = [{ wa_id: from, profile: { name: `Vecina ${citizen}` } }];
    return toWebhook(number, { contacts, messages: [message] });
  });
}

/** All that can be told of a message that was read; one in ten is also said to have failed, which it has not. */
function statusesOf(number: StandInNumber, answer: SentMessage): string[] {
  const isDoubted = answer.person.phone.endsWith("7");
  const names = ["sent", "delivered", "read", ...(isDoubted ? (["failed"] as const) : [])] as const;
  return names.map((status, index) =>
    toWebhook(number, { statuses: [toStatus(answer, status, answer.atMs + 1_000 * index)] }),
  );
}

function toWebhook(number: StandInNumber, rest: object): string {
  const metadata = {
    display_phone_number: number.displayPhoneNumber,
    phone_number_id: number.phoneNumberId,
  };
  const value = { messaging_product: "whatsapp", metadata, ...rest };
  const changes = [{ field: "messages", value }];
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: number.businessAccountId, changes }],
  });
}

async function postBodies(plan: BodiesPlan): Promise<BodiesReport> {
  const program = path.join(import.meta.dirname, "..", "post-bodies.js");
  const poster = startServerProcess(process.execPath, [program, JSON.stringify(plan)], {
    env: { PATH: process.env.PATH },
  });
  await poster.printed(/^report .*$/m, 600_000);
  await poster.ended;
  return JSON.parse(/^report (.*)$/m.exec(poster.logs())?.[1] ?? "") as BodiesReport;
}

interface Audit {
  readonly lost: number;
  readonly doubled: number;
  /** Answers that are not known as read, or whose passport tells of a status twice or of the failure. */
  readonly regressed: number;
}

/** Compares what was delivered with what the ledgers say. */
async function audit(run: ProductRun, answers: readonly SentMessage[]): Promise<Audit> {
  const [inbox] = await run.database.query<{ stored: number; distinct: number }>(
    `select count(*)::int as stored, count(distinct update_key)::int as distinct
     from inbox where update_key like 'wamid.%' and state = 'answered'`,
  );
  const ids = answers.map(({ wamid }) => `'${wamid}'`).join(",");
  const [kept] = await run.database.query<{ regressed: number }>(
    `select count(*)::int as regressed from outbox o
     where o.network_message_id in (${ids}) and (o.delivery is distinct from 'read' or o.state <> 'sent'
       or (select count(*) from passport_event e where e.kind = 'read' and e.detail->>'outbox' = o.id::text) <> 1
       or (select count(*) from passport_event e where e.kind = 'delivered' and e.detail->>'outbox' = o.id::text) > 1)`,
  );
  const stored = inbox?.stored ?? 0;
  return {
    lost: 2 * CITIZENS - (inbox?.distinct ?? 0),
    doubled: stored - (inbox?.distinct ?? 0),
    regressed: kept?.regressed ?? Number.NaN,
  };
}

function figuresOf(
  report: BodiesReport,
  { lost, doubled, regressed }: Audit,
  { answers, cpuMs }: { readonly answers: number; readonly cpuMs: number },
) {
  const refused = Object.entries(report.statuses)
    .filter(([status]) => status !== "200")
    .map(([status, count]) => `${count} × ${status}`);
  const figure = `Cloud API webhook acknowledged at ${PER_SECOND}/s`;
  const count = Object.values(report.statuses).reduce((sum, some) => sum + some, 0);
  return [
    {
      figure: `${figure}, median`,
      value: report.ackMs.p50,
      unit: "ms",
      target: { atMost: 250 },
      note: `${count} webhooks, open loop, one message for three statuses; greatest ${report.ackMs.max.toFixed(0)} ms; ${refused.length === 0 ? "all 200" : refused.join(", ")}`,
    },
    { figure: `${figure}, 99th percentile`, value: report.ackMs.p99, unit: "ms" },
    {
      figure: `${figure}, share above 1 s`,
      value: 100 * report.shareOverOneSecond,
      unit: "%",
      target: { atMost: 1 },
    },
    {
      figure: "Cloud API: CPU of the receiving process for each webhook",
      value: cpuMs,
      unit: "ms",
      note: `a core carries ${Math.floor(1_000 / cpuMs)} webhooks/s`,
    },
    { figure: "Cloud API: messages lost", value: lost, unit: "messages", target: { atMost: 0 } },
    {
      figure: "Cloud API: messages stored twice",
      value: doubled,
      unit: "messages",
      target: { atMost: 0 },
    },
    {
      figure: "Cloud API: statuses that regressed",
      value: regressed,
      unit: "answers",
      target: { atMost: 0 },
      note: `statuses of ${answers} answers in a shuffled order, some twice, one in ten with a failure among them`,
    },
  ] satisfies Figure[];
}
