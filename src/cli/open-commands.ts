import path from "node:path";
import type { Config } from "../config.ts";
import { noFaults } from "../core/fault-point.ts";
import type { Logger } from "../core/logger.ts";
import { openInstallation } from "../installation.ts";
import { toCommandInstallation } from "../main.ts";
import { findPackageRoot } from "../package-root.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { openServer } from "../store/open-server.ts";
import { createCommands } from "./commands.ts";
import { examineInstallation } from "./doctor/examine.ts";
import type { CommandPorts } from "./ports.ts";

/** Opens the installation in this process for one command. Throws `data-directory-busy` when another has it. */
export async function openCommands(
  config: Config,
  logger: Logger,
): Promise<{ readonly ports: CommandPorts; close(): Promise<void> }> {
  const installation = await openInstallation(config, {
    logger,
    faultPoint: noFaults,
    actor: "command-line",
    onStep: () => {},
  });
  const examine = examineInstallation(installation);
  return {
    ports: createCommands(toCommandInstallation(installation, examine)),
    close: () => installation.close(),
  };
}

/** Brings the schema up to this version; returns the names of the migrations applied. */
export async function migrateInstallation(config: Config): Promise<readonly string[]> {
  const database =
    config.databaseUrl === undefined
      ? await openEmbedded({ dataDirectory: config.dataDirectory })
      : openServer({ url: config.databaseUrl.reveal(), maxConnections: 2 });
  try {
    return await migrate(database, path.join(findPackageRoot(), "migrations"));
  } finally {
    await database.close();
  }
}
