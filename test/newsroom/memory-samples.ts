import { readFile } from "node:fs/promises";
import { readResidentMiB } from "../../src/gazette/extract/resident-memory.ts";

const SAMPLE_EVERY_MS = 50;

export interface MemorySummary {
  /** Of any child, whatever it does. */
  readonly peakMiB: number;
  /** Of the process that reads the text layer, while it reads. */
  readonly firstHalfMiB: number;
  readonly secondHalfMiB: number;
  /** The peak in each tenth of the pages, by where that tenth ends. */
  readonly samples: readonly { readonly share: number; readonly miB: number }[];
}

/**
 * Looks at what the children of this process take, until told to end. `at` says which share of the pages is read. On
 * systems that do not tell, there are no samples.
 */
export function watchMemory() {
  const tenths: number[] = [];
  let share = 0;
  let peakMiB = 0;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const at = share;
    const taken = await Promise.all((await listChildren()).map(readResidentMiB));
    const largest = Math.max(0, ...taken.map((miB) => miB ?? 0));
    peakMiB = Math.max(peakMiB, largest);
    if (at === 0) return;
    const tenth = Math.min(9, Math.floor(at * 10));
    tenths[tenth] = Math.max(tenths[tenth] ?? 0, largest);
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, SAMPLE_EVERY_MS);
  return {
    /** 0: it reads no more. */
    at(read: number): void {
      share = read;
    },
    async end(): Promise<MemorySummary> {
      clearInterval(timer);
      await looking;
      const samples = tenths.flatMap((miB, tenth) =>
        miB > 0 ? [{ share: (tenth + 1) / 10, miB }] : [],
      );
      const peakOf = (half: readonly { readonly miB: number }[]) =>
        Math.max(0, ...half.map(({ miB }) => miB));
      return {
        peakMiB,
        firstHalfMiB: peakOf(samples.filter((sample) => sample.share <= 0.5)),
        secondHalfMiB: peakOf(samples.filter((sample) => sample.share > 0.5)),
        samples,
      };
    },
  };
}

async function listChildren(): Promise<readonly number[]> {
  const listed = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").catch(
    () => "",
  );
  return listed.split(" ").filter(Boolean).map(Number);
}
