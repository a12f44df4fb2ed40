/** Messages in one second over a number, in and out (Cloud API, "Throughput"). */
const PER_SECOND = { coexistence: 20, STANDARD: 80, HIGH: 1_000 } as const;
/** To one person: one in 6 s, of which 45 may come at once and are then waited for ("Pair rate limits"). */
const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;

/** Counts what the Cloud API counts. `spend…` false: over the limit, and nothing was spent. */
export function createLimits(now: () => number) {
  const seconds = new Map<string, { second: number; count: number }>();
  const pairs = new Map<string, { tokens: number; atMs: number }>();
  return {
    spendThroughput(phoneNumberId: string, level: keyof typeof PER_SECOND): boolean {
      const second = Math.floor(now() / 1000);
      const spent = seconds.get(phoneNumberId);
      const count = spent?.second === second ? spent.count : 0;
      if (count >= PER_SECOND[level]) return false;
      seconds.set(phoneNumberId, { second, count: count + 1 });
      return true;
    },
    spendPair(phoneNumberId: string, phone: string): boolean {
      const key = `${phoneNumberId} ${phone}`;
      const pair = pairs.get(key) ?? { tokens: PAIR_BURST, atMs: now() };
      const gained = (now() - pair.atMs) / PAIR_INTERVAL_MS;
      const tokens = Math.min(PAIR_BURST, pair.tokens + gained);
      pairs.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: now() });
      return tokens >= 1;
    },
  };
}
