/**
 * What a check found. `note`: worth knowing, nothing to do now. `warning`: works, and will not always.
 * `failed`: something that people rely on does not work.
 */
export type CheckStatus = "ok" | "note" | "warning" | "failed";

export interface Finding {
  readonly status: CheckStatus;
  /** One English sentence or phrase with the value that was seen; no secret. */
  readonly evidence: string;
  /** What to do. Present for every `warning` and `failed`. */
  readonly remedy?: string;
}

/** One question about the installation, which can be asked by itself. Undefined: does not apply here. */
export interface Check<Ports> {
  /** Kebab-case and stable: monitoring may rely on it. */
  readonly name: string;
  readonly remedy: string;
  /** May throw: then the check failed, with the error's message as evidence. */
  examine(ports: Ports, signal: AbortSignal): Promise<Finding | undefined> | Finding | undefined;
}

export interface CheckResult extends Finding {
  readonly name: string;
}

export function ok(evidence: string): Finding {
  return { status: "ok", evidence };
}
export function note(evidence: string): Finding {
  return { status: "note", evidence };
}
export function warning(evidence: string, remedy?: string): Finding {
  return { status: "warning", evidence, ...(remedy === undefined ? {} : { remedy }) };
}
export function failed(evidence: string, remedy?: string): Finding {
  return { status: "failed", evidence, ...(remedy === undefined ? {} : { remedy }) };
}

/** The database cannot be opened, for the reason in `cause`: one check fails for it, the others cannot look. */
export class DatabaseNotOpen extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "DatabaseNotOpen";
  }
}

/** Longest time for one check; the network ones are the slow ones. */
const CHECK_TIMEOUT_MS = 10_000;

/** Asks every check, side by side; in the order of `checks`, without those that do not apply. */
export async function runChecks<Ports>(
  checks: readonly Check<Ports>[],
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const results = await Promise.all(checks.map((check) => runCheck(check, ports, signal)));
  return results.filter((result) => result !== undefined);
}

export async function runCheck<Ports>(
  check: Check<Ports>,
  ports: Ports,
  signal: AbortSignal,
): Promise<CheckResult | undefined> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]);
  let finding: Finding | undefined;
  try {
    finding = await Promise.race([check.examine(ports, deadline), rejectOn(deadline)]);
  } catch (error) {
    signal.throwIfAborted();
    // Else a dozen remedies for what nobody has seen would hide the one that helps.
    finding =
      error instanceof DatabaseNotOpen && check.name !== "database"
        ? note("not looked at: the database cannot be opened")
        : failed(error instanceof Error ? error.message : String(error));
  }
  if (finding === undefined) return undefined;
  const needsRemedy = finding.status === "warning" || finding.status === "failed";
  return {
    name: check.name,
    ...finding,
    ...(needsRemedy ? { remedy: finding.remedy ?? check.remedy } : {}),
  };
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = () => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS / 1_000} s`));
    if (signal.aborted) refuse();
    else signal.addEventListener("abort", refuse, { once: true });
  });
}

/** 0: nothing to do; 1: something warns; 2: something does not work. */
export function exitCodeOf(results: readonly CheckResult[]): 0 | 1 | 2 {
  if (results.some(({ status }) => status === "failed")) return 2;
  return results.some(({ status }) => status === "warning") ? 1 : 0;
}
