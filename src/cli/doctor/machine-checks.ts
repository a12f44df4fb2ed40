import path from "node:path";
import { type Check, failed, note, ok, warning } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

const GIB = 1024 ** 3;

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB free`;
}

/** Node, disk, files and ports of this machine. */
export const machineChecks: readonly Check<DoctorPorts>[] = [
  {
    name: "node-version",
    remedy: "Install the current long-term version of Node from https://nodejs.org.",
    examine({ machine: { nodeVersion, neededNode } }) {
      const isOld = neededNode.localeCompare(nodeVersion, undefined, { numeric: true }) > 0;
      const evidence = `Node ${nodeVersion}; ${neededNode} or newer is needed`;
      return isOld ? failed(evidence) : ok(evidence);
    },
  },
  {
    name: "secret-key",
    remedy: "Only its owner may read the key: chmod 600 secret.key in the data directory.",
    async examine({ config, machine }) {
      const file = path.join(config.dataDirectory, "secret.key");
      const mode = await machine.fileMode(file);
      if (mode === undefined) return ok("from SECRET_KEY");
      const octal = (mode & 0o777).toString(8);
      if ((mode & 0o077) !== 0) return warning(`${file} has mode ${octal}: others can read it`);
      return ok(
        `${file}, mode ${octal}; keep a copy elsewhere: without it nothing can be decrypted`,
      );
    },
  },
  {
    name: "data-directory",
    remedy: "Give the user that runs Pregonero the right to write there, or set DATA_DIR.",
    async examine({ config, machine }) {
      for (const folder of new Set([config.dataDirectory, config.filesDirectory])) {
        if (!(await machine.isWritable(folder))) return failed(`${folder} cannot be written`);
      }
      return ok(config.dataDirectory);
    },
  },
  {
    name: "directory-holder",
    remedy: "Stop the process named, or give this one another DATA_DIR.",
    async examine({ config, machine }) {
      if (config.mode === "server") return undefined;
      const holder = await machine.lockHolder(config.dataDirectory);
      if (holder === undefined) return ok("no process has the embedded database open");
      const who = `process ${holder.pid}, since ${holder.since}`;
      return holder.isUs ? ok(`held by ${who}: this one`) : note(`held by ${who}`);
    },
  },
  {
    name: "disk-space",
    remedy: "Free space on that disk: a full one stops ingestion and, embedded, the database.",
    async examine({ config, machine }) {
      const free = await machine.freeBytes(config.dataDirectory);
      // An edition of 400 pages takes some 40 MB with its index; 0.2 GiB is the last few of them.
      if (free < 0.2 * GIB) return failed(gib(free));
      return free < GIB ? warning(gib(free)) : ok(gib(free));
    },
  },
  {
    name: "port",
    remedy: "Stop what listens there, or set PORT to another one.",
    async examine({ config, machine, fetchStatus }, signal) {
      if (config.port === 0 || !config.roles.includes("api")) return undefined;
      const place = `${config.host}:${config.port}`;
      const state = await machine.portState(config.host, config.port);
      if (state === "free") return ok(`${place} is free`);
      const host = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
      const status = await fetchStatus(`http://${host}:${config.port}/livez`, {}, signal).catch(
        () => 0,
      );
      if (status === 200) return ok(`${place} answers: a running server`);
      return failed(`${place} cannot be used (${state}), and what is there is not Pregonero`);
    },
  },
];
