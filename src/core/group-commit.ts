import { isPregoneroError } from "./errors.ts";

/**
 * Commits what arrives while a commit is under way together with the next one: one transaction for many
 * callers under load, none of whom waits for a timer. Each caller's promise settles only after its own
 * item is committed. When a batch fails for a reason that may lie in one of its items, each is tried alone.
 */
export function createGroupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
  options: { readonly maxItems: number },
): (item: Item) => Promise<Result> {
  interface Waiting {
    readonly item: Item;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let isCommitting = false;

  async function commitBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await commit(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => {
        entry.resolve(results[index] as Result);
      });
    } catch (error) {
      // With the store away, each alone would only wait as long again.
      if (batch.length === 1 || isPregoneroError(error, "store-unavailable")) {
        for (const entry of batch) entry.reject(error);
        return;
      }
      for (const entry of batch) await commitBatch([entry]);
    }
  }

  async function run(): Promise<void> {
    isCommitting = true;
    while (waiting.length > 0) await commitBatch(waiting.splice(0, options.maxItems));
    isCommitting = false;
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // `commitBatch` settles its callers and never rejects.
      if (!isCommitting) void run();
    });
}
