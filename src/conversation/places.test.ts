import { describe, expect, it } from "vitest";
import { createPlaces } from "./places.ts";

const signal = new AbortController().signal;
const soon = () => new Promise(setImmediate);

/** Works that end when they are told to. */
function works(count: number) {
  const inPlace = createPlaces(count);
  const running: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const start = (name: string, own = signal) =>
    inPlace(own, () => {
      running.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
      });
    });
  return { start, running, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

describe("places", () => {
  it("are given in order, as many as there are, also after a failure", async () => {
    const { start, running, end } = works(2);
    const first = start("a");
    const others = ["b", "c", "d"].map((name) => start(name));
    await soon();
    expect(running).toEqual(["a", "b"]);
    end("a", new Error("no"));
    await expect(first).rejects.toThrow("no");
    await soon();
    expect(running).toEqual(["a", "b", "c"]);
    end("b");
    await soon();
    for (const name of ["c", "d"]) end(name);
    expect(await Promise.all(others)).toEqual(["b", "c", "d"]);
    const last = start("e");
    end("e");
    expect(await last).toBe("e");
  });

  it("are not waited for by whoever gives up, who takes none", async () => {
    const { start, running, end } = works(1);
    const first = start("a");
    const abort = new AbortController();
    const second = start("b", abort.signal);
    const third = start("c");
    abort.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    await expect(start("d", abort.signal)).rejects.toThrow("enough");
    end("a");
    await first;
    await soon();
    expect(running).toEqual(["a", "c"]);
    end("c");
    await third;
  });
});
