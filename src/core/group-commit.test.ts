import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { PregoneroError } from "./errors.ts";
import { createGroupCommit } from "./group-commit.ts";

/** A commit that the test ends by hand. */
function manualCommit() {
  const batches: { items: readonly number[]; end: (error?: Error) => void }[] = [];
  const submit = createGroupCommit<number, string>(
    (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) =>
          error === undefined ? resolve(items.map((item) => `committed ${item}`)) : reject(error);
        batches.push({ items, end });
      }),
    { maxItems: 3 },
  );
  const batch = (index: number) => vi.waitUntil(() => batches[index], { interval: 1 });
  return { batches, batch, submit };
}

describe("createGroupCommit", () => {
  it("commits the first at once and those that come meanwhile together, at most maxItems", async () => {
    const { batches, batch, submit } = manualCommit();
    const results = [1, 2, 3, 4, 5].map((item) => submit(item));
    for (const index of [0, 1, 2]) (await batch(index)).end();
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5].map((item) => `committed ${item}`));
  });

  it("tells nobody of success before the commit that holds their item ended", async () => {
    const { batch, submit } = manualCommit();
    const first = submit(1);
    let isSecondDone = false;
    const second = submit(2).then(() => {
      isSecondDone = true;
    });
    (await batch(0)).end();
    await first;
    const { end } = await batch(1);
    expect(isSecondDone).toBe(false);
    end();
    await second;
  });

  it("tries each alone when a batch fails, so that one bad item does not take the others with it", async () => {
    const submit = createGroupCommit<number, number>(
      async (items) => {
        if (items.includes(13)) throw new Error("13 cannot be stored");
        return items;
      },
      { maxItems: 10 },
    );
    const settled = await Promise.allSettled([1, 13, 2].map((item) => submit(item)));
    expect(settled.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("does not try each alone while the store is away", async () => {
    let calls = 0;
    const away = new PregoneroError("store-unavailable", "away", { retry: "backoff" });
    const submit = createGroupCommit<number, number>(
      async () => {
        calls++;
        throw away;
      },
      { maxItems: 10 },
    );
    const settled = await Promise.allSettled([1, 2, 3].map((item) => submit(item)));
    expect(settled.every((result) => result.status === "rejected")).toBe(true);
    // The first went alone because nothing was under way; the other two shared one call.
    expect(calls).toBe(2);
  });

  it("gives every caller the result of its own item, in whatever order they come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer()),
        fc.integer({ min: 1, max: 5 }),
        async (items, maxItems) => {
          const submit = createGroupCommit<number, number>(
            async (batch) => batch.map((item) => item * 2),
            { maxItems },
          );
          expect(await Promise.all(items.map((item) => submit(item)))).toEqual(
            items.map((item) => item * 2),
          );
        },
      ),
    );
  });
});
