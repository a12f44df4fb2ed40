import type { Parameters } from "./parameters.ts";

/** What goes wrong. "After accepting" means that the message is in the chat, and the caller does not learn it. */
export type FaultEffect =
  /** Answers an error of the Bot API's form. */
  | {
      readonly kind: "refuse";
      readonly code: number;
      readonly description: string;
      readonly parameters?: Readonly<Record<string, number>>;
    }
  /** 500, 502 (with a proxy's HTML) or 504. */
  | { readonly kind: "server-error"; readonly status: number; readonly isAccepted: boolean }
  /** Destroys the connection without an answer. */
  | { readonly kind: "drop"; readonly isAccepted: boolean }
  /** Keeps the connection and never answers. */
  | { readonly kind: "black-hole"; readonly isAccepted: boolean }
  /** Answers, but late. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Accepts, and answers 200 with something that is not JSON. */
  | { readonly kind: "garbage" };

/** Which calls it happens to. Deterministic: no chance is involved. */
export interface Fault {
  readonly method?: string;
  readonly token?: string;
  readonly chatId?: number;
  /** Calls that match and are left alone first; 0 by default. */
  readonly skip?: number;
  /** Calls that it happens to; 1 by default, `Infinity` for ever. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export interface Faults {
  /** Returns the function that takes it away. Earlier ones go first. */
  add(fault: Fault): () => void;
  clear(): void;
}

export function createFaults(): Faults & {
  take(method: string, token: string, parameters: Parameters): FaultEffect | undefined;
} {
  const active: { fault: Fault; skip: number; times: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 };
      active.push(entry);
      return () => {
        const index = active.indexOf(entry);
        if (index !== -1) active.splice(index, 1);
      };
    },
    clear() {
      active.length = 0;
    },
    take(method, token, parameters) {
      if (active.length === 0) return undefined;
      for (const entry of active) {
        const { fault } = entry;
        const isMatch =
          (fault.method === undefined || fault.method.toLowerCase() === method.toLowerCase()) &&
          (fault.token === undefined || fault.token === token) &&
          (fault.chatId === undefined || String(fault.chatId) === parameters.text("chat_id"));
        if (!isMatch || entry.times <= 0) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.times -= 1;
        return fault.effect;
      }
      return undefined;
    },
  };
}
