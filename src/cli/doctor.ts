import { type CheckResult, exitCodeOf } from "./doctor/check.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

const MARKS = { ok: "ok     ", note: "note   ", warning: "WARNING", failed: "FAILED " } as const;

/** Prints every check. Exit code 0: nothing to do; 1: something warns; 2: something does not work. */
export async function doctorCommand(
  ports: Pick<CommandPorts, "doctor">,
  input: { readonly json: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const results = await ports.doctor({}, context);
  out.result(input.json ? JSON.stringify(results, null, 2) : describeChecks(results));
  return exitCodeOf(results);
}

export function describeChecks(results: readonly CheckResult[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.flatMap(({ name, status, evidence, remedy }) => [
    `${MARKS[status]}  ${name.padEnd(width)}  ${evidence}`,
    ...(remedy === undefined ? [] : [`         ${" ".repeat(width)}  → ${remedy}`]),
  ]);
  const count = (status: CheckResult["status"]) =>
    results.filter((result) => result.status === status).length;
  const summary = `${results.length} checks: ${count("failed")} failed, ${count("warning")} warnings`;
  return [...lines, "", summary].join("\n");
}
