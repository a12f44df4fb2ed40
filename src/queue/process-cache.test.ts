import { expect, it } from "vitest";
import { createProcessCache } from "./process-cache.ts";

it("keeps what was used last, up to its bytes", async () => {
  const cache = createProcessCache({ maxBytes: 3_000 });
  const value = "x".repeat(400);
  for (const key of ["a", "b"]) cache.set(key, value, 60_000);
  await cache.get("a");
  cache.set("c", value, 60_000);
  expect(await cache.get("b")).toBeUndefined();
  expect(await cache.get("a")).toBe(value);
  cache.set("huge", "x".repeat(4_000), 60_000);
  expect(await cache.get("huge")).toBeUndefined();
  expect(await cache.get("c")).toBe(value);
});

it("asks the next level once for what it does not have, and writes to both", async () => {
  const next = createProcessCache({ maxBytes: 10_000 });
  const one = createProcessCache({ maxBytes: 10_000, next });
  const other = createProcessCache({ maxBytes: 10_000, next });
  one.set("a", "1", 60_000);
  expect(await other.get("a")).toBe("1");
  next.set("a", "2", 60_000);
  expect(await other.get("a")).toBe("1");
});
