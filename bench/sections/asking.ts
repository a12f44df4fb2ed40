import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawnPregonero } from "../../test/services/harness/pregonero.ts";
import type { Figure } from "../figure.ts";
import { QUESTIONS } from "../questions.ts";
import { ascending, percentile } from "../statistics.ts";

const WARM_UP_ROUNDS = 1;
const ROUNDS = 2;
/** POST /api/v1/ask is limited per minute and address. */
const LIMIT_PAUSE_MS = 1_000;

/**
 * One question after the other on the embedded default: HTTP, plan, retrieval and quotation together.
 * How good the answers are is what `npm run eval` measures.
 */
export async function measureAsking(): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-asking-"));
  const product = await spawnPregonero({ env: { DATA_DIR: dataDirectory } });
  try {
    await product.printed(/Pregonero runs/, 180_000);
    const times: number[] = [];
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      for (const question of QUESTIONS) {
        const ms = await ask(product.url, question);
        if (round >= WARM_UP_ROUNDS) times.push(ms);
      }
    }
    const sorted = ascending(times);
    const note = `${times.length} questions over the sample edition`;
    return [
      {
        figure: "embedded: one question by HTTP, median",
        value: percentile(sorted, 0.5),
        unit: "ms",
        note,
      },
      {
        figure: "embedded: one question by HTTP, 95th percentile",
        value: percentile(sorted, 0.95),
        unit: "ms",
      },
    ];
  } finally {
    await product.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function ask(url: string, question: string): Promise<number> {
  for (;;) {
    const began = performance.now();
    const response = await fetch(`${url}/api/v1/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ question }),
    });
    await response.text();
    if (response.ok) return performance.now() - began;
    if (response.status !== 429) throw new Error(`POST /api/v1/ask: ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, LIMIT_PAUSE_MS));
  }
}
