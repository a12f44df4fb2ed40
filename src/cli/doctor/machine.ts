import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile, stat, statfs, unlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import type { MachineFacts } from "./ports.ts";

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The machine that this process runs on. */
export function thisMachine(options: {
  readonly neededNode: string;
  /** PATH of the environment. */
  readonly searchPath: string;
}): MachineFacts {
  return {
    nodeVersion: process.versions.node,
    neededNode: options.neededNode,
    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(await nearestExisting(folder));
      return bavail * bsize;
    },
    async fileMode(file) {
      return (await stat(file).catch(() => undefined))?.mode;
    },
    async isWritable(folder) {
      const probe = path.join(await nearestExisting(folder), `.pregonero-${randomUUID()}`);
      try {
        await writeFile(probe, "", { flag: "wx" });
        await unlink(probe);
        return true;
      } catch {
        return false;
      }
    },
    lockHolder: readHolder,
    portState,
    async findChromium(chosen) {
      const candidates =
        chosen === undefined
          ? options.searchPath
              .split(path.delimiter)
              .flatMap((folder) => CHROMIUM_NAMES.map((name) => path.join(folder, name)))
          : [chosen];
      for (const file of candidates) {
        const isThere = await access(file, constants.X_OK).then(
          () => true,
          () => false,
        );
        if (isThere) return file;
      }
      return undefined;
    },
  };
}

async function nearestExisting(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  const parent = path.dirname(folder);
  return isThere || parent === folder ? folder : nearestExisting(parent);
}

/** The process that the lock names, if it lives; whether it truly holds is decided by whoever takes the lock. */
async function readHolder(folder: string) {
  try {
    const text = await readFile(path.join(folder, "pregonero.lock"), "utf8");
    const { pid, since } = JSON.parse(text) as { pid: number; since: string };
    process.kill(pid, 0);
    return { pid, since, isUs: pid === process.pid };
  } catch {
    return undefined;
  }
}

function portState(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve("free")));
  });
}
