import type { LlmProtocol } from "../stand-ins/llm/llm-stand-in.ts";
import {
  ADAPTERS,
  CHAIN_FAULTS,
  type ChainFault,
  runChainCell,
  TOTAL_MS,
  type Verdict,
} from "./chain-cell.ts";
import {
  runUnstreamedCell,
  UNSTREAMED_ADAPTERS,
  UNSTREAMED_FAULTS,
} from "./chain-unstreamed-cell.ts";

/**
 * `npm run verify:chain [-- part of a fault's name]`: the fault matrix, of answers that are streamed and of those that
 * are not. Each cell of the first table asks a chain whose first link has the fault, and says how long the citizen's
 * answer took; see `runChainCell` and `runUnstreamedCell` for what is promised. Exits 1 when a cell falls short.
 */
const wanted = process.argv[2] ?? "";
let cells = 0;
const shortfalls: string[] = [];

// The SDKs are imported at the first call, which is nobody's deadline here.
const [warmUp] = Object.values(CHAIN_FAULTS);
if (warmUp !== undefined) {
  for (const adapter of Object.values(ADAPTERS)) await runChainCell(adapter, warmUp);
}

console.log(`Milliseconds to the answer, of at most ${TOTAL_MS}\n`);
await printMatrix("fault, streamed", CHAIN_FAULTS, ADAPTERS, runChainCell);
console.log();
await printMatrix("fault, not streamed", UNSTREAMED_FAULTS, UNSTREAMED_ADAPTERS, runUnstreamedCell);
console.log(
  `\n${cells} cells, ${shortfalls.length} fall short; "-": the protocol has no such fault`,
);
for (const shortfall of shortfalls) console.log(`  ${shortfall}`);
process.exit(shortfalls.length === 0 && cells > 0 ? 0 : 1);

async function printMatrix<Adapter extends { readonly protocol: LlmProtocol }>(
  title: string,
  faults: Readonly<Record<string, ChainFault>>,
  adapters: Readonly<Record<string, Adapter>>,
  run: (adapter: Adapter, fault: ChainFault) => Promise<Verdict>,
): Promise<void> {
  console.log(row(title, "comes to", ...Object.keys(adapters)));
  for (const [what, fault] of Object.entries(faults)) {
    if (!what.includes(wanted)) continue;
    const marks = await Promise.all(
      Object.entries(adapters).map(async ([name, adapter]) => {
        if (fault.only !== undefined && !fault.only.includes(adapter.protocol)) return "-";
        cells += 1;
        const { elapsedMs, shortfall } = await run(adapter, fault);
        if (shortfall === undefined) return String(elapsedMs);
        shortfalls.push(`${what}, ${name}: ${shortfall}`);
        return "FALLS SHORT";
      }),
    );
    if (marks.some((mark) => mark !== "-")) console.log(row(what, fault.outcome, ...marks));
  }
}

function row(what: string, outcome: string, ...marks: readonly string[]): string {
  return [what.padEnd(63), outcome.padEnd(23), ...marks.map((mark) => mark.padEnd(21))]
    .join("")
    .trimEnd();
}
