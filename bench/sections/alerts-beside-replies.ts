import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createBotStore } from "../../src/store/bots.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { openServer } from "../../src/store/open-server.ts";
import type { CallRecord, SentMessage } from "../../test/stand-ins/telegram/start-stand-in.ts";
import type { Figure } from "../figure.ts";
import { cpuSeconds } from "../process-usage.ts";
import { type ProductRun, startProduct, withProductLogs } from "../product.ts";
import { addSubscribers, FIRST_SUBSCRIBER, publishToday } from "../seed/add-subscribers.ts";
import { ascending, percentile } from "../statistics.ts";
import { type AskedQuestions, createSteadyQuestions } from "../steady-questions.ts";

const ALERTS = Number(process.env.BENCH_ALERTS ?? 10_000);
const QUESTIONS_PER_SECOND = 5;
/** Each asks once a minute: nobody meets the network's pace, or ours. */
const CITIZENS = QUESTIONS_PER_SECOND * 60;
const FIRST_CITIZEN = 800_000;
/** Everybody asks once before: conversations, connections and plans are there, compiled is what runs. */
const WARM_UP_MS = 60_000;
/** Before the alerts, and as long after them: a machine is not the same all the time. */
const IDLE_MS = Number(process.env.BENCH_IDLE_MS ?? 60_000);
/** No alert for so long, while some are missing: nothing more will come. */
const STALLED_AFTER_MS = 120_000;
/** After the last one: for whoever is told twice. */
const SETTLE_MS = 5_000;
const WORD = "almadrabas";

/**
 * One edition that 10,000 people of one bot want to hear of, told at Telegram's pace, while others ask the same bot: what
 * becomes of their answers. Telegram keeps to its limits (30 notifications a second, then 429 with retry_after).
 */
export async function measureAlertsBesideReplies(): Promise<readonly Figure[]> {
  const secretKey = randomBytes(32);
  const run = await startProduct({
    processes: ["api,scheduler", "worker"],
    env: { SECRET_KEY: secretKey.toString("hex") },
    acquainted: [{ first: FIRST_CITIZEN, count: CITIZENS }],
    standIn: { limits: true, historyLimit: 4 * ALERTS + 20_000 },
  });
  const database = openServer({ url: run.database.url, maxConnections: 2 });
  try {
    return await withProductLogs(run, async () => {
      const { cipher } = await openCipher(database, [secretKey], new Date());
      const bots = await createBotStore(database, cipher).listActive();
      const bot = bots.find(({ channel }) => channel === "telegram");
      if (bot === undefined) throw new Error("The product has no bot in Telegram.");
      say(`adding ${ALERTS} subscribers`);
      const topic = { anyOf: [[WORD]], without: [] };
      await addSubscribers({ database, cipher }, bot, { count: ALERTS, topic });
      for (let n = 0; n < ALERTS; n++) run.standIn.user(FIRST_SUBSCRIBER + n).open(run.bot);
      await run.database.query("vacuum (analyze)");
      const ask = createSteadyQuestions({
        standIn: run.standIn,
        bot: run.bot,
        perSecond: QUESTIONS_PER_SECOND,
        chats: { first: FIRST_CITIZEN, count: CITIZENS },
      });
      const askFor = async (what: string, ms: number) => {
        say(`${what}: ${QUESTIONS_PER_SECOND} questions a second for ${ms / 1_000} s`);
        const asking = ask();
        await pause(ms);
        return told(await asking.end());
      };
      await askFor("warming up", WARM_UP_MS);
      const idleCpu = watchCpu(run);
      const before = await askFor("idle", IDLE_MS);
      const idleCpuPerSecond = idleCpu.perSecond();
      const watch = watchAlerts(run);
      const asking = ask();
      const busyCpu = watchCpu(run);
      await publishToday(database, `Se regula la pesca con ${WORD} en el golfo.`);
      await watch.untilAll();
      const cpuPerSecond = busyCpu.perSecond() - idleCpuPerSecond;
      const during = told(await asking.end());
      await pause(SETTLE_MS);
      const alerts = watch.end();
      const after = await askFor("idle again", IDLE_MS);
      const idleMs = [...before.answerMs, ...after.answerMs];
      return toFigures(idleMs, during, { ...alerts, cpuPerSecond }, await report(run));
    });
  } finally {
    await database.close();
    await run.stop();
  }
}

interface AlertsSeen {
  readonly byChat: ReadonlyMap<number, number>;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly publishedMs: number;
  /** Calls that Telegram refused with 429. */
  readonly tooMany: number;
}

/** Counts alerts as they arrive, from now on. */
function watchAlerts(run: ProductRun) {
  const { standIn } = run;
  const publishedMs = performance.now();
  const byChat = new Map<number, number>();
  let [firstMs, lastMs, tooMany] = [Number.NaN, publishedMs, 0];
  const onSent = ({ chatId }: SentMessage) => {
    if (chatId < FIRST_SUBSCRIBER) return;
    byChat.set(chatId, (byChat.get(chatId) ?? 0) + 1);
    lastMs = performance.now();
    if (Number.isNaN(firstMs)) firstMs = lastMs;
  };
  const onCall = ({ status }: CallRecord) => {
    if (status === 429) tooMany += 1;
  };
  standIn.events.on("sent", onSent);
  standIn.events.on("call", onCall);
  return {
    async untilAll(): Promise<void> {
      for (let looks = 1; byChat.size < ALERTS; looks++) {
        await pause(500);
        if (looks % 20 === 0) say(`${byChat.size} of ${ALERTS} alerts, ${tooMany} × 429`);
        if (performance.now() - lastMs > STALLED_AFTER_MS) {
          throw new Error(
            `${byChat.size} of ${ALERTS} alerts came, and none for ${STALLED_AFTER_MS / 1_000} s; the ledger: ${await report(run)}.`,
          );
        }
      }
    },
    end(): AlertsSeen {
      standIn.events.off("sent", onSent);
      standIn.events.off("call", onCall);
      return { byChat, firstMs, lastMs, publishedMs, tooMany };
    },
  };
}

/** Seconds of CPU that the product, its database and Redis use in a second, from now on. */
function watchCpu({ processes, postgres, redis }: ProductRun) {
  const pids = [...processes.map(({ pid }) => pid), postgres.pid(), redis.pid()];
  const [before, began] = [cpuSeconds(pids), performance.now()];
  return {
    perSecond: () => ((cpuSeconds(pids) - before) / (performance.now() - began)) * 1_000,
  };
}

/** What the ledger says of them, by state and reason. */
async function report(run: ProductRun): Promise<string> {
  const rows = await run.database.query<{ state: string; parts: number }>(
    `select coalesce(o.state, a.state) || coalesce(': ' || coalesce(o.reason, a.reason), '') as state,
            count(*)::int as parts
     from alert a left join outbox o on o.id = a.outbox_id group by 1 order by 2 desc`,
  );
  return rows.map(({ state, parts }) => `${parts} ${state}`).join(", ");
}

function toFigures(
  idleMs: readonly number[],
  during: AskedQuestions,
  alerts: AlertsSeen & { readonly cpuPerSecond: number },
  ledger: string,
): readonly Figure[] {
  const [idle, busy] = [ascending(idleMs), ascending(during.answerMs)];
  const twice = [...alerts.byChat.values()].filter((times) => times > 1).length;
  const seconds = (alerts.lastMs - alerts.firstMs) / 1_000;
  const perSecond = (alerts.byChat.size - 1) / seconds;
  const both = (share: number) =>
    `${percentile(idle, share).toFixed(1)} → ${percentile(busy, share).toFixed(1)} ms`;
  return [
    {
      figure: `time to the answer while ${ALERTS.toLocaleString("en")} alerts go out, p95`,
      value: percentile(busy, 0.95),
      unit: "ms",
      peer: { name: "no alerts", value: percentile(idle, 0.95) },
      target: { atMost: 1.1 },
      note: `${during.asked} questions beside ${idle.length} without, ${QUESTIONS_PER_SECOND}/s, ${during.skipped} not asked; p50 ${both(0.5)}, p99 ${both(0.99)}; without: ${IDLE_MS / 1_000} s before and after`,
    },
    {
      figure: "alerts that arrived not once",
      value: twice + ALERTS - alerts.byChat.size,
      unit: "people",
      target: { atMost: 0 },
      note: `${alerts.byChat.size} were told, ${twice} of them twice; the ledger: ${ledger}`,
    },
    {
      figure: "alerts per second",
      value: perSecond,
      unit: "alerts/s",
      target: { atLeast: 20 },
      note: `the first ${((alerts.firstMs - alerts.publishedMs) / 1_000).toFixed(1)} s after the edition came in, the last ${seconds.toFixed(0)} s later; Telegram takes 30, we send 25; each costs ${((alerts.cpuPerSecond / perSecond) * 1_000).toFixed(1)} ms of CPU, PostgreSQL's and Redis's among them`,
    },
    {
      figure: "calls that Telegram refused with 429",
      value: alerts.tooMany,
      unit: "calls",
      target: { atMost: 0 },
    },
  ];
}

function told(asked: AskedQuestions): AskedQuestions {
  const sorted = ascending(asked.answerMs);
  const [p50, p95] = [percentile(sorted, 0.5), percentile(sorted, 0.95)];
  say(`${asked.asked} questions: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
  return asked;
}

function say(progress: string): void {
  console.error(`  ${progress}`);
}
