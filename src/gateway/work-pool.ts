/**
 * Work under way, bounded. `look` of a hop takes only as much as there is room for, and a slow item
 * holds one place, not the batch it was claimed with.
 */
export interface WorkPool {
  readonly room: number;
  /** Starts without waiting. `work` must not reject. */
  start(work: () => Promise<void>): void;
  /** Resolves when at least one place is free. */
  untilRoom(): Promise<void>;
  /** Resolves when nothing is under way. */
  untilIdle(): Promise<void>;
}

export function createWorkPool(capacity: number): WorkPool {
  const underWay = new Set<Promise<void>>();
  return {
    get room() {
      return capacity - underWay.size;
    },
    start(work) {
      const running = work().finally(() => underWay.delete(running));
      underWay.add(running);
    },
    async untilRoom() {
      while (underWay.size >= capacity) await Promise.race(underWay);
    },
    async untilIdle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
