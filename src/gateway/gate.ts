/** Lets at most `capacity` works run at a time; the others wait their turn, first come, first served. */
export function createGate(
  capacity: number,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = capacity;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
