import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Memory pages of Linux on x86-64 and on most ARM machines; a kernel with larger ones makes the limit stricter in no case. */
const PAGE_KIB = 4;

/** Resident memory of a process; undefined when the system does not say (Windows) or the process is gone. */
export async function readResidentMiB(pid: number): Promise<number | undefined> {
  if (process.platform === "linux") {
    const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
    const pages = Number(statm.split(" ")[1]);
    return Number.isFinite(pages) ? (pages * PAGE_KIB) / 1024 : undefined;
  }
  if (process.platform === "win32") return undefined;
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], { timeout: 2_000 }, (error, stdout) => {
      const kib = Number(stdout.trim());
      resolve(error === null && kib > 0 ? kib / 1024 : undefined);
    });
  });
}
