import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { isUiBuilt } from "./build-ui.mjs";
import { inRoot, say } from "./paths.mjs";

/**
 * Builds the admin interface while the service starts, behind everything else that wants the processor: whoever waits
 * for the first answer does not wait for this. /admin says meanwhile that it is being prepared.
 */
export function buildUiBeside() {
  if (isUiBuilt()) return;
  const child = spawn(process.execPath, [inRoot("scripts", "build-ui.mjs")], {
    cwd: inRoot("."),
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It is over already, or this system has no priorities.
  }
  child.once("error", (error) => say(`The admin interface cannot be built: ${error.message}`));
  child.unref();
  process.once("exit", () => child.kill());
}
