import { describe, expect, it } from "vitest";
import type { AlertMatch } from "../../core/subscriptions.ts";
import { goThroughSteps } from "./match-steps.ts";

const untilTheEnd = new AbortController().signal;
const LAST = 5;

/** Steps "0" to "5", each with as many matches as its number; what happens is listed in its order. */
function createEdition() {
  const happened: string[] = [];
  let place: string | undefined = "0";
  let underWay = 0;
  const takeTime = async () => {
    underWay += 1;
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
  };
  return {
    happened,
    /** As another process would. */
    take: (next: string | undefined) => {
      place = next;
    },
    countUnderWay: () => underWay,
    ports: {
      begin: async () => place,
      read: async (from: string) => {
        happened.push(`read ${from}`);
        await takeTime();
        return { candidates: [], next: from === String(LAST) ? undefined : String(+from + 1) };
      },
      match: async () => {
        happened.push("match");
        return [] as AlertMatch[];
      },
      commit: async ({ from, next }: { from: string; next: string | undefined }) => {
        await takeTime();
        if (place !== from) return false;
        place = next;
        happened.push(`wrote ${from}`);
        return true;
      },
    },
  };
}

describe("the steps of matching an edition", () => {
  it("are written one after the other, each while the next is compared and the one after that is read", async () => {
    const { ports, happened } = createEdition();
    await goThroughSteps(ports, "0", untilTheEnd);
    expect(happened.filter((event) => event.startsWith("wrote"))).toEqual(
      Array.from({ length: LAST + 1 }, (_, step) => `wrote ${step}`),
    );
    expect(happened.indexOf("read 1")).toBeLessThan(happened.indexOf("match"));
    expect(happened.indexOf("read 2")).toBeLessThan(happened.indexOf("wrote 1"));
  });

  it("go on behind what another process took meanwhile", async () => {
    const { ports, happened, take } = createEdition();
    const match = async () => {
      if (happened.filter((event) => event === "match").length === 2) take("4");
      return ports.match();
    };
    await goThroughSteps({ ...ports, match }, "0", untilTheEnd);
    expect(happened.filter((event) => event.startsWith("wrote")).slice(-2)).toEqual([
      "wrote 4",
      "wrote 5",
    ]);
    expect(new Set(happened.filter((event) => event.startsWith("wrote"))).size).toBe(
      happened.filter((event) => event.startsWith("wrote")).length,
    );
  });

  it.each(["read", "match", "commit"] as const)("fail as one when %s does", async (port) => {
    const { ports, happened, countUnderWay } = createEdition();
    const fail = async () => {
      throw new Error(`${port} failed`);
    };
    const isLate = () => happened.includes("wrote 1");
    const failing = {
      ...ports,
      read: (from: string) => (port === "read" && isLate() ? fail() : ports.read(from)),
      match: () => (port === "match" && isLate() ? fail() : ports.match()),
      ...(port === "commit" ? { commit: fail } : {}),
    };
    await expect(goThroughSteps(failing, "0", untilTheEnd)).rejects.toThrow(`${port} failed`);
    expect(countUnderWay()).toBe(0);
  });

  it("end where they are when the work is to stop", async () => {
    const { ports, happened } = createEdition();
    const stop = new AbortController();
    const match = async () => {
      stop.abort();
      return ports.match();
    };
    await goThroughSteps({ ...ports, match }, "0", stop.signal);
    expect(happened.filter((event) => event.startsWith("wrote"))).toEqual(["wrote 0"]);
  });
});
