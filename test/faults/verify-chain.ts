import { ADAPTERS, CHAIN_FAULTS, runChainCell, TOTAL_MS } from "./chain-cell.ts";

/**
 * `npm run verify:chain [-- part of a fault's name]`: the fault matrix. Each cell asks a chain whose first link
 * has the fault, and says how long the citizen's answer took; see `runChainCell` for what is promised. Exits 1
 * when a cell falls short.
 */
const wanted = process.argv[2] ?? "";
const faults = Object.entries(CHAIN_FAULTS).filter(([what]) => what.includes(wanted));
const adapters = Object.entries(ADAPTERS);
let cells = 0;
const shortfalls: string[] = [];

// The SDKs are imported at the first call, which is nobody's deadline here.
const [warmUp] = Object.values(CHAIN_FAULTS);
if (warmUp !== undefined) for (const [, adapter] of adapters) await runChainCell(adapter, warmUp);

console.log(`Milliseconds to the answer, of at most ${TOTAL_MS}\n`);
console.log(row("fault", "comes to", ...adapters.map(([name]) => name)));
for (const [what, fault] of faults) {
  const marks = await Promise.all(
    adapters.map(async ([name, adapter]) => {
      if (fault.only !== undefined && !fault.only.includes(adapter.protocol)) return "-";
      cells += 1;
      const { elapsedMs, shortfall } = await runChainCell(adapter, fault);
      if (shortfall === undefined) return String(elapsedMs);
      shortfalls.push(`${what}, ${name}: ${shortfall}`);
      return "FALLS SHORT";
    }),
  );
  console.log(row(what, fault.outcome, ...marks));
}
console.log(
  `\n${cells} cells, ${shortfalls.length} fall short; "-": the protocol has no such fault`,
);
for (const shortfall of shortfalls) console.log(`  ${shortfall}`);
process.exit(shortfalls.length === 0 && cells > 0 ? 0 : 1);

function row(what: string, outcome: string, ...marks: readonly string[]): string {
  return [what.padEnd(59), outcome.padEnd(23), ...marks.map((mark) => mark.padEnd(17))]
    .join("")
    .trimEnd();
}
