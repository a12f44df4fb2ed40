import type { Figure } from "../figure.ts";
import { ALL_ROLES, type ProductRun, startProduct } from "../product.ts";
import { postWebhooks } from "../webhook-load.ts";
import { untilDrained } from "./acknowledgement.ts";

const UPDATES = 5_000;
const DELIVERIES = 5;
const PROCESSES = [ALL_ROLES, ALL_ROLES, ALL_ROLES];
const FIRST_CHAT = 50_000_000;

/** A network that repeats itself: every update several times, to several processes, in any order. */
export async function measureDuplicates(): Promise<readonly Figure[]> {
  const run = await startProduct({
    processes: PROCESSES,
    acquainted: [{ first: FIRST_CHAT, count: UPDATES }],
  });
  try {
    const report = await postWebhooks({
      origins: run.processes.map(({ url }) => url),
      ...run.webhook,
      perSecond: 2_000,
      updateCount: UPDATES,
      deliveries: DELIVERIES,
      firstUpdateId: FIRST_CHAT,
      firstChatId: FIRST_CHAT,
      chatCount: UPDATES,
    });
    await untilDrained(run);
    const { lost, doubled, stored } = await audit(run);
    const note = `${UPDATES} updates × ${DELIVERIES} deliveries to ${PROCESSES.length} processes in ${report.seconds.toFixed(1)} s; ${stored} stored; statuses ${JSON.stringify(report.statuses)}; p99 of the acknowledgement ${report.ackMs.p99.toFixed(0)} ms`;
    return [
      {
        figure: "storm: messages lost",
        value: lost,
        unit: "messages",
        target: { atMost: 0 },
        note,
      },
      {
        figure: "storm: messages stored or answered twice",
        value: doubled,
        unit: "messages",
        target: { atMost: 0 },
      },
    ];
  } finally {
    await run.stop();
  }
}

/** Compares what the network saw with what the ledgers say. */
async function audit(run: ProductRun) {
  const textsByChat = new Map<number, string[]>();
  for (const { chatId, text } of run.standIn.sent()) {
    textsByChat.set(chatId, [...(textsByChat.get(chatId) ?? []), text]);
  }
  let lost = 0;
  let doubled = 0;
  for (let chat = FIRST_CHAT; chat < FIRST_CHAT + UPDATES; chat++) {
    const texts = textsByChat.get(chat) ?? [];
    if (texts.length === 0) lost += 1;
    if (new Set(texts).size < texts.length) doubled += 1;
  }
  const [stored] = await run.database.query<{ count: number }>(
    "select count(*)::int as count from inbox",
  );
  return {
    lost,
    doubled: doubled + Math.max(0, (stored?.count ?? 0) - UPDATES),
    stored: stored?.count,
  };
}
