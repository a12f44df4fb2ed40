import { expect, it } from "vitest";
import { randomFromPool } from "./random-pool.ts";

it("never gives the same bytes twice, nor changes what it gave", () => {
  const given = Array.from({ length: 5_000 }, (_, at) => randomFromPool(12 + (at % 5)));
  const copies = given.map((bytes) => bytes.toString("hex"));
  for (let drawn = 0; drawn < 2_000; drawn++) randomFromPool(16);
  expect(new Set(copies.map((hex) => hex.slice(0, 24))).size).toBe(given.length);
  expect(given.map((bytes) => bytes.toString("hex"))).toEqual(copies);
  expect(given.every((bytes, at) => bytes.length === 12 + (at % 5))).toBe(true);
});
