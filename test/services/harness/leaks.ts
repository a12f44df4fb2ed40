import { expect } from "vitest";
import type { EphemeralPostgres } from "./postgres.ts";
import { runningServers } from "./server-process.ts";

/** For `afterAll`, before PostgreSQL is stopped: every database was dropped, and nobody is connected. */
export async function expectNoOpenDatabases(postgres: EphemeralPostgres): Promise<void> {
  expect(postgres.openDatabases(), "databases left behind").toEqual([]);
}

/** For the end of `afterAll`: every process that the file started has ended. */
export function expectNoServers(): void {
  expect(runningServers(), "processes left behind").toEqual([]);
}
