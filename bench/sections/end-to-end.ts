import { loadChats } from "../chat-load.ts";
import type { Figure } from "../figure.ts";
import { type ProductRun, startPeer, startProduct, withProductLogs } from "../product.ts";
import { questionOf } from "../questions.ts";
import { percentile } from "../statistics.ts";

/** At 300 answers a second each chat writes nine messages a minute; the limit per contact is 20. */
export const CHATS = 2_000;
const IN_FLIGHT = 100;

/** Answered messages per second and their cost with the extractive link, against a bare echo bot. */
export async function measureEndToEnd(): Promise<readonly Figure[]> {
  const run = await startProduct();
  try {
    const ours = await loadProduct(run);
    const echo = await loadEcho(run);
    return [
      {
        figure: "answered messages on PostgreSQL and Redis",
        value: ours.answersPerSecond,
        unit: "messages/s",
        target: { atLeast: 300 },
        note: `${ours.answered} answers, ${IN_FLIGHT} in flight from ${CHATS} chats, ${ours.processCount} process of all roles; the bare echo bot: ${echo.answersPerSecond.toFixed(0)}/s`,
      },
      {
        figure: "CPU of our processes per answered message",
        value: ours.cpuMsPerAnswer.pregonero ?? Number.NaN,
        unit: "ms",
        peer: { name: "bare grammY echo bot", value: echo.cpuMsPerAnswer.peer ?? Number.NaN },
        target: { atMost: 8 },
        note: `besides: PostgreSQL ${ours.cpuMsPerAnswer.postgres?.toFixed(2)} ms, Redis ${ours.cpuMsPerAnswer.redis?.toFixed(2)} ms`,
      },
      {
        figure: "time to the answer, median under full load",
        value: percentile(ours.answerMs, 0.5),
        unit: "ms",
      },
      {
        figure: "time to the answer, 99th percentile under full load",
        value: percentile(ours.answerMs, 0.99),
        unit: "ms",
      },
    ];
  } finally {
    await run.stop();
  }
}

export async function loadProduct(run: ProductRun, measuredMs = 15_000) {
  const result = await withProductLogs(run, () =>
    loadChats({
      standIn: run.standIn,
      bot: run.bot,
      chatCount: CHATS,
      inFlight: IN_FLIGHT,
      warmUpMs: 5_000,
      measuredMs,
      textOf: questionOf,
      processes: {
        pregonero: run.processes.map(({ pid }) => pid),
        postgres: [run.postgres.pid()],
        redis: [run.redis.pid()],
      },
    }),
  );
  return { ...result, processCount: run.processes.length };
}

async function loadEcho(run: ProductRun) {
  const bot = run.standIn.addBot();
  const peer = await startPeer("echo-bot", [bot.token, run.standIn.apiRoot]);
  try {
    return await loadChats({
      standIn: run.standIn,
      bot,
      chatCount: CHATS,
      inFlight: IN_FLIGHT,
      warmUpMs: 2_000,
      measuredMs: 6_000,
      textOf: questionOf,
      processes: { peer: [peer.pid] },
    });
  } finally {
    await peer.end("SIGTERM");
  }
}
