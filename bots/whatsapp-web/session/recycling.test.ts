import { describe, expect, it } from "vitest";
import { reasonToRecycle } from "./recycling.ts";

const HOUR_MS = 3_600_000;
const idle = {
  nowMs: 30 * HOUR_MS,
  openedAtMs: 29 * HOUR_MS,
  lastTrafficMs: 0,
  mostMegabytes: 900,
};

describe("a browser that runs for long", () => {
  it("is opened anew when it has grown, unless somebody is talking", () => {
    expect(reasonToRecycle({ ...idle, megabytes: 901 })).toContain("901 MB");
    expect(reasonToRecycle({ ...idle, megabytes: 900 })).toBeUndefined();
    const talking = { ...idle, megabytes: 901, lastTrafficMs: idle.nowMs - 59_000 };
    expect(reasonToRecycle(talking)).toBeUndefined();
  });

  it("is opened anew after a day", () => {
    const old = { ...idle, megabytes: 100, openedAtMs: 5 * HOUR_MS };
    expect(reasonToRecycle(old)).toContain("a day old");
    expect(reasonToRecycle({ ...old, openedAtMs: 7 * HOUR_MS })).toBeUndefined();
  });
});
