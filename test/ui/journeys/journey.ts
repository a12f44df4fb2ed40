import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";

/** What somebody comes for, from its beginning to its end, in a product that was just started. */
export interface Journey {
  /** Of its folder of pictures. */
  readonly name: string;
  readonly what: string;
  /** Rejects where it does not go on. */
  run(stage: Stage): Promise<void>;
}

export interface Stage {
  readonly browser: Browser;
  /** Keeps how a step looks, for people to look at. */
  picture(page: Page, step: string): Promise<void>;
}

export const DESKTOP = { viewport: { width: 1366, height: 820 } } as const;
export const QUESTION = "¿Qué establece la orden sobre la Oficina Consular en El Calafate?";
/** For what the server, a browser and a language model's stand-in do on a busy machine. */
export const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 400;

/** Rejects the journey with what should have been so. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not so: ${what}`);
}

/** Resolves with the first answer that is one; for states that stay once they are there. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await wait(LOOK_EVERY_MS);
  }
}
