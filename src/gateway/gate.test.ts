import { expect, it } from "vitest";
import { createGate } from "./gate.ts";

it("lets no more than its capacity run, in the order they came, also past one that failed", async () => {
  const gate = createGate(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const works = Array.from({ length: 20 }, (_, index) =>
    gate(async () => {
      running += 1;
      most = Math.max(most, running);
      order.push(index);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (index === 3) throw new Error("3 fails");
    }),
  );
  const settled = await Promise.allSettled(works);
  expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(1);
  expect(most).toBe(2);
  expect(order).toEqual([...order].sort((one, other) => one - other));
});
