import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { GazetteDate } from "../../core/gazette.ts";
import type { Locator, SourceOwner } from "../../core/newsroom.ts";
import type { Trouble } from "./edition-states.ts";
import { fillAddress, matchesPattern } from "./fill-address.ts";

export interface WatchedFolderPorts {
  /** `SOURCES_DIR`; undefined: nothing of this machine's is read. */
  readonly root: string | undefined;
  /** Resolves after so long, or rejects with the signal's reason. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface FolderFile {
  readonly name: string;
  /** `folder:/path/name.pdf`. */
  readonly url: string;
  /** Undefined: it is gone by now, or no plain file any more. */
  read(maxBytes: number): Promise<Buffer | "too-large" | undefined>;
}

export type FolderLook =
  | { readonly kind: "files"; readonly files: readonly FolderFile[] }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

export interface WatchedFolders {
  /** The files of one day, once none of them grows any more. Rejects only with the signal's reason. */
  find(
    owner: SourceOwner,
    locator: Extract<Locator, { kind: "folder" }>,
    date: GazetteDate,
    signal: AbortSignal,
  ): Promise<FolderLook>;
}

/** A file whose size and time are the same after so long is written to its end. */
const STABLE_MS = 2_000;
/** As listings name at most. */
const MAX_FILES = 1_000;
/** Folders of the path, without dots at their beginning: none leads upwards. */
const PATH = /^[\p{L}\p{N}_-][\p{L}\p{N} ._-]*(?:\/[\p{L}\p{N}_-][\p{L}\p{N} ._-]*)*$/u;

export function isFolderPath(given: string): boolean {
  return given.length <= 200 && PATH.test(given);
}

/**
 * Folders below one that the operator named; a tenant's are below the one that is called as its id, so that no tenant
 * reads what was put there for another. What leads out of it by a link is not followed.
 */
export function createWatchedFolders({ root, wait }: WatchedFolderPorts): WatchedFolders {
  return {
    async find(owner, locator, date, signal) {
      if (root === undefined) {
        return failed("no-folders", "Folders are watched where SOURCES_DIR names their place.");
      }
      const base = owner === undefined ? root : path.join(root, owner);
      const folder = await insideOf(base, locator.path);
      if (folder === undefined) {
        return failed("folder-missing", `There is no folder ${locator.path} to be watched.`);
      }
      const pattern = fillAddress(locator.names, date);
      const names = (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isFile() && matchesPattern(entry.name, pattern))
        .map(({ name }) => name)
        .sort()
        .slice(0, MAX_FILES);
      if (names.length > 0 && !(await isStable(folder, names, () => wait(STABLE_MS, signal)))) {
        const detail = `${locator.path} is still being written to.`;
        return {
          kind: "trouble",
          trouble: { kind: "absent", reason: { code: "still-growing", detail } },
        };
      }
      return { kind: "files", files: names.map((name) => fileOf(folder, locator.path, name)) };
    },
  };
}

/** Where it really is, when that is inside of `base`. */
async function insideOf(base: string, given: string): Promise<string | undefined> {
  if (!isFolderPath(given)) return undefined;
  const [real, of] = await Promise.all([
    realpath(path.join(base, given)).catch(() => undefined),
    realpath(base).catch(() => undefined),
  ]);
  if (real === undefined || of === undefined) return undefined;
  return real === of || real.startsWith(`${of}${path.sep}`) ? real : undefined;
}

async function isStable(
  folder: string,
  names: readonly string[],
  wait: () => Promise<void>,
): Promise<boolean> {
  const look = () =>
    Promise.all(
      names.map(async (name) => {
        const found = await stat(path.join(folder, name)).catch(() => undefined);
        return `${found?.size} ${found?.mtimeMs}`;
      }),
    );
  const before = await look();
  await wait();
  const after = await look();
  return before.every((each, index) => each === after[index]);
}

function fileOf(folder: string, shown: string, name: string): FolderFile {
  return {
    name,
    url: `folder:/${[...shown.split("/"), name].map(encodeURIComponent).join("/")}`,
    async read(maxBytes) {
      const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
      const handle = await open(path.join(folder, name), flags).catch(() => undefined);
      if (handle === undefined) return undefined;
      try {
        const found = await handle.stat();
        if (!found.isFile()) return undefined;
        return found.size > maxBytes ? "too-large" : await handle.readFile();
      } finally {
        await handle.close();
      }
    },
  };
}

function failed(code: string, detail: string): FolderLook {
  return { kind: "trouble", trouble: { kind: "failed", reason: { code, detail } } };
}
