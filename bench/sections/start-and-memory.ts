import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type PregoneroProcess, spawnPregonero } from "../../test/services/harness/pregonero.ts";
import type { Figure } from "../figure.ts";
import { residentBytes } from "../process-usage.ts";
import { QUESTIONS } from "../questions.ts";

const MEGABYTE = 1_000_000;
/** Long enough for start-up work and a garbage collection to be over. */
const SETTLE_MS = 10_000;

/** The embedded default on an empty folder, and again: time to the first answer, to ready, and memory. */
export async function measureStartAndMemory(): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-start-"));
  const env = { DATA_DIR: dataDirectory };
  try {
    const coldBegan = performance.now();
    const first = await spawnPregonero({ env });
    await first.waitUntilReady(180_000);
    const answeredMs = await untilAnswered(first, coldBegan);
    // Said after the sample was ingested: a start that goes on reading gazettes is not at rest.
    await first.printed(/Pregonero runs/, 180_000);
    await first.stop();
    const warm: number[] = [];
    let idleBytes = Number.NaN;
    for (let start = 0; start < 3; start++) {
      const began = performance.now();
      const again = await spawnPregonero({ env });
      await again.waitUntilReady();
      warm.push(performance.now() - began);
      if (start === 2) {
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        idleBytes = residentBytes([again.pid]);
      }
      await again.stop();
    }
    warm.sort((a, b) => a - b);
    return [
      {
        figure: "embedded: empty folder to first cited answer",
        value: answeredMs / 1_000,
        unit: "s",
        target: { atMost: 60 },
        note: "packages installed and built; the sample edition is ingested on the way",
      },
      {
        figure: "embedded: warm start to ready, median of 3",
        value: (warm[1] ?? Number.NaN) / 1_000,
        unit: "s",
        target: { atMost: 2 },
      },
      {
        figure: "embedded: memory at rest (RSS)",
        value: idleBytes / MEGABYTE,
        unit: "MB",
        target: { atMost: 350 },
        note: `${SETTLE_MS / 1_000} s after a warm start`,
      },
    ];
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** Asks until an answer comes with a citation: the sample may still be on its way into the index. */
async function untilAnswered(product: PregoneroProcess, began: number): Promise<number> {
  for (;;) {
    const response = await fetch(`${product.url}/api/v1/ask`, {
      method: "POST",
      // A kept connection may be closed by the server between two questions.
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ question: QUESTIONS[0] }),
    });
    const body = (await response.json()) as { abstained?: boolean; citations?: readonly unknown[] };
    if (response.ok && body.abstained === false && body.citations?.length) {
      return performance.now() - began;
    }
    if (performance.now() - began > 180_000) {
      throw new Error(`No cited answer in three minutes; the last: ${JSON.stringify(body)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
