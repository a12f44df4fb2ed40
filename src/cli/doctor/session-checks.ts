import path from "node:path";
import { type Check, failed, note, ok, warning } from "./check.ts";
import type { DoctorPorts, SessionHealth } from "./ports.ts";

/** What WhatsApp Web needs on this machine, and which of its sessions wait for a person. */
export const sessionChecks: readonly Check<DoctorPorts>[] = [
  {
    name: "chromium",
    remedy: "Install it (apt-get install chromium) or correct CHROMIUM_PATH.",
    async examine({ config, machine, sessions }) {
      const found = await machine.findChromium(config.chromiumPath);
      if (found !== undefined) return ok(found);
      const { length } = config.roles.includes("whatsapp") ? await sessions().catch(() => []) : [];
      if (length > 0) return failed(`none here, and ${length} bots of WhatsApp Web need one`);
      if (config.chromiumPath !== undefined) return warning(`${config.chromiumPath} is not there`);
      return note("none: only bots of WhatsApp Web need one");
    },
  },
  {
    name: "whatsapp-profiles",
    remedy: "Give the user that runs Pregonero the right to write there, and nobody else to read.",
    async examine({ config, machine, sessions }) {
      if ((await sessions()).length === 0 || !config.roles.includes("whatsapp")) return undefined;
      const folder = path.join(config.dataDirectory, "whatsapp-web");
      if (!(await machine.isWritable(folder))) return failed(`${folder} cannot be written`);
      return ok(`${folder}: whoever can read it can use the accounts`);
    },
  },
  {
    name: "whatsapp-sessions",
    remedy: "See docs/whatsapp-web.md.",
    async examine({ sessions }) {
      const all = await sessions();
      if (all.length === 0) return undefined;
      const ill = all.flatMap((session) => {
        const remedy = remedyOf(session);
        return remedy === undefined ? [] : [{ session, remedy }];
      });
      if (ill.length === 0) return ok(all.map(describe).join("; "));
      const evidence = ill.map(({ session }) => describe(session)).join("; ");
      const remedy = ill.map(({ session, remedy }) => `${session.name}: ${remedy}`).join("; ");
      const isChosen = ill.every(({ session }) => session.report?.state === "stopped");
      return isChosen ? warning(evidence, remedy) : failed(evidence, remedy);
    },
  },
];

/** Undefined: it works, or it will without anybody's help. */
function remedyOf({ botId, report, isAttended }: SessionHealth): string | undefined {
  if (report === undefined || !isAttended) {
    return "run `pregonero start` with the role whatsapp, and see its log";
  }
  switch (report.state) {
    case "waiting-for-scan":
    case "logged-out":
    case "parked":
      return `pregonero bot link ${botId}`;
    case "stopped":
      return `pregonero bot resume ${botId}`;
    case "conflict":
      return `close the other window, or: pregonero bot use-here ${botId}`;
    case "restricted":
      return "see on the phone what WhatsApp says; nothing is sent until it is lifted";
    case "needs-adapter":
      return "put a newer selector pack in place (docs/whatsapp-web.md), or: pregonero bot screenshot";
    case "starting":
    case "connecting":
    case "ready":
    case "degraded":
      return undefined;
    default:
      return report.state satisfies never;
  }
}

function describe({ name, report, isAttended }: SessionHealth): string {
  if (report === undefined) return `${name}: no process has taken it up`;
  const silent = isAttended ? "" : ", and no process tells of it any more";
  return `${name}: ${report.state} since ${report.since.slice(0, 16)}Z${silent} (${report.evidence})`;
}
