import path from "node:path";
import { startServerProcess } from "../../test/services/harness/server-process.ts";
import { startLlmStandIn } from "../../test/stand-ins/llm/llm-stand-in.ts";
import type { Figure } from "../figure.ts";
import { ascending, percentile } from "../statistics.ts";

/** Ways of bench/peers/model-caller.ts, and how often each is measured: the machine is never quite still. */
const WAYS = ["undici", "openai-sdk", "adapter", "chain", "ai-sdk"] as const;
const ROUNDS = 3;
const CALLS = 2_000;
const PIECES = 40;
const PIECE = "ocho pal";

/** CPU of one streamed call, 50 at once, of our chain and of what else there is, on one stand-in in one run. */
export async function measureChain(): Promise<readonly Figure[]> {
  const standIn = await startLlmStandIn({
    protocol: "openai-chat",
    text: PIECE.repeat(PIECES),
    pieces: PIECES,
    keepsNoCalls: true,
  });
  try {
    const measured = new Map<string, number[]>(WAYS.map((way) => [way, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of WAYS) measured.get(way)?.push(await callMany(way, standIn.baseUrl));
    }
    const cost = (way: (typeof WAYS)[number]) =>
      percentile(ascending(measured.get(way) ?? []), 0.5);
    const sdk = { name: "bare openai SDK", value: cost("openai-sdk") };
    return [
      {
        figure: "CPU of a call through our chain above the bare openai SDK",
        value: cost("chain") - cost("openai-sdk"),
        unit: "ms",
        target: { atMost: 0.3 },
        note: `median of ${ROUNDS} times ${CALLS} calls, 50 at once, ${PIECES} pieces of ${PIECE.length} characters sent at once; the chain is metered, priced, counted, with breakers and deadlines, its ledger writes nothing, and answers are not cached`,
      },
      {
        figure: "CPU of a call through our chain",
        value: cost("chain"),
        unit: "ms",
        peer: { name: "AI SDK streamText", value: cost("ai-sdk") },
        target: { atMost: 1 },
      },
      { figure: "CPU of a call through our chain", value: cost("chain"), unit: "ms", peer: sdk },
      { figure: "CPU of a call of our adapter", value: cost("adapter"), unit: "ms", peer: sdk },
      { figure: "CPU of a call over undici alone", value: cost("undici"), unit: "ms", peer: sdk },
    ];
  } finally {
    await standIn.close();
  }
}

/** Milliseconds of CPU per call, in a process of its own. */
async function callMany(way: string, baseUrl: string): Promise<number> {
  const program = path.join(import.meta.dirname, "..", "peers", "model-caller.js");
  const caller = startServerProcess(process.execPath, [program, way, baseUrl, String(CALLS)], {
    env: { PATH: process.env.PATH },
  });
  await caller.printed(/^report .*$/m, 300_000);
  await caller.ended;
  const report = /^report (.*)$/m.exec(caller.logs())?.[1] ?? "{}";
  return (JSON.parse(report) as { readonly cpuMs: number }).cpuMs;
}
