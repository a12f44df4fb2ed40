import type { HealthState, ProviderFigures, UndatedReport } from "../core/health.ts";

export interface SeenBreaker {
  readonly model: string;
  readonly kind: string;
  readonly since: Date;
  readonly until: Date | undefined;
  readonly failedWith: string | undefined;
}

const FAILING_PART = 0.5;
/** What a healthy provider loses too. */
const FLAKY_PART = 0.1;

/** How each provider that was called, or has a breaker, does. */
export function examineProviders(
  figures: readonly ProviderFigures[],
  breakers: readonly SeenBreaker[],
): readonly UndatedReport[] {
  const providerOf = (model: string) => model.split(":")[0] ?? model;
  const names = new Set([
    ...figures.map(({ provider }) => provider),
    ...breakers.map(({ model }) => providerOf(model)),
  ]);
  return [...names].sort().map((provider): UndatedReport => {
    const found = figures.find((each) => each.provider === provider);
    const resting = breakers.filter(
      ({ model, kind }) => providerOf(model) === provider && kind !== "closed",
    );
    const part =
      found === undefined || found.calls === 0 ? undefined : found.failures / found.calls;
    const isFailing = (part ?? 0) >= FAILING_PART && !isBack(found);
    const state: HealthState =
      resting.some(({ kind }) => kind === "open" || kind === "held") || isFailing
        ? "down"
        : resting.length > 0 || (part ?? 0) >= FLAKY_PART
          ? "degraded"
          : part === undefined
            ? "unknown"
            : "ok";
    const since = resting.map((each) => each.since.getTime());
    return {
      kind: "provider",
      id: provider,
      name: provider,
      state,
      since: since.length === 0 ? undefined : new Date(Math.min(...since)),
      code:
        state === "unknown"
          ? "provider-unused"
          : state === "ok"
            ? "provider-working"
            : "provider-failing",
      values: {
        calls: found?.calls ?? 0,
        failures: found?.failures ?? 0,
        failedWith: found?.mostlyFailedWith ?? resting[0]?.failedWith ?? "",
        firstTokenMs: found?.firstTokenMsP95 ?? "",
        resting: resting.map(({ model }) => model).join(","),
      },
      evidence: describeProvider(found, resting),
      action:
        state === "down"
          ? "See the provider's status page, key and credit; GET /api/v1/breakers shows what rests until when."
          : undefined,
    };
  });
}

/** Its last call succeeded: what failed before it is history, though it is still counted. */
function isBack(found: ProviderFigures | undefined): boolean {
  const { lastSuccessAt, lastFailureAt } = found ?? {};
  return (
    lastSuccessAt !== undefined && lastFailureAt !== undefined && lastSuccessAt > lastFailureAt
  );
}

function describeProvider(
  found: ProviderFigures | undefined,
  resting: readonly SeenBreaker[],
): string {
  const calls =
    found === undefined
      ? "No calls in the last 15 minutes."
      : `${found.failures} of ${found.calls} calls failed in 15 minutes${
          found.mostlyFailedWith === undefined ? "" : `, mostly ${found.mostlyFailedWith}`
        }; last success ${found.lastSuccessAt?.toISOString() ?? "none"}; first token p95 ${
          found.firstTokenMsP95 ?? "–"
        } ms.`;
  const breakers = resting.map(
    ({ model, kind, until, failedWith }) =>
      ` ${model} is ${kind}${until === undefined ? "" : ` until ${until.toISOString()}`}${
        failedWith === undefined ? "" : ` (${failedWith})`
      }.`,
  );
  return calls + breakers.join("");
}
