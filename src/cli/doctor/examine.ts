import type { Installation } from "../../installation.ts";
import { type CheckResult, runChecks } from "./check.ts";
import { createDoctorPorts } from "./create-ports.ts";
import { databaseChecks } from "./database-checks.ts";
import { lineChecks } from "./line-checks.ts";
import { machineChecks } from "./machine-checks.ts";
import type { DoctorPorts } from "./ports.ts";
import { sessionChecks } from "./session-checks.ts";
import { troubleChecks } from "./trouble-checks.ts";

/** Every check there is, in the order in which they are read. Names are unique and stable. */
export const CHECKS = [
  ...machineChecks,
  ...databaseChecks,
  ...lineChecks,
  ...sessionChecks,
  ...troubleChecks,
];

/** What is asked once and looked at by several checks. */
export function examine(ports: DoctorPorts, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const redis = new Map<string, ReturnType<DoctorPorts["redis"]>>();
  const once = {
    ...ports,
    troubles: memoise(ports.troubles),
    sessions: memoise(ports.sessions),
    redis(url: string) {
      const known = redis.get(url) ?? ports.redis(url);
      redis.set(url, known);
      return known;
    },
  };
  return runChecks(CHECKS, once, signal);
}

/** The checks of an opened installation, for its control server and its commands. */
export function examineInstallation(
  installation: Installation,
): (signal: AbortSignal) => Promise<readonly CheckResult[]> {
  const { config, database, registry, channels, sessionDesk } = installation;
  const ports = createDoctorPorts({
    config,
    opened: { database, channels, bots: registry, sessionDesk },
  });
  return (signal) => examine(ports, signal);
}

function memoise<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
