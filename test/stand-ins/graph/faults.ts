/** What goes wrong. "After accepting" means that the message is in the chat, and the caller does not learn it. */
export type FaultEffect =
  /** Answers Graph's error; the status is that of the code when not said. */
  | {
      readonly kind: "refuse";
      readonly code: number;
      readonly status?: number;
      readonly details?: string;
      readonly subcode?: number;
      readonly retryAfterSeconds?: number;
    }
  /** Answers 5xx: Graph's own error, or with 502 a proxy's page. */
  | { readonly kind: "server-error"; readonly status: number; readonly isAccepted: boolean }
  /** Destroys the connection without an answer. */
  | { readonly kind: "drop"; readonly isAccepted: boolean }
  /** Keeps the connection and never answers. */
  | { readonly kind: "black-hole"; readonly isAccepted: boolean }
  /** Answers, but late. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Accepts, and answers 200 with something that is not JSON. */
  | { readonly kind: "garbage" }
  /** Accepts, and reports the message as failed later. */
  | { readonly kind: "fail-later"; readonly code: number };

/** What calls are for, as faults and records name them. */
export type CallKind =
  | "message"
  | "typing"
  | "upload"
  | "media"
  | "download"
  | "number"
  | "configure"
  | "subscribe";

/** Which calls it happens to. Deterministic: no chance is involved. */
export interface Fault {
  /** `message` when not said. */
  readonly call?: CallKind;
  readonly phoneNumberId?: string;
  /** Of whom the message is for: the phone or the id that the call names. */
  readonly to?: string | undefined;
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
  take(call: CallKind, phoneNumberId: string, to: unknown): FaultEffect | undefined;
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
    take(call, phoneNumberId, to) {
      for (const entry of active) {
        const { fault } = entry;
        const isMatch =
          (fault.call ?? "message") === call &&
          (fault.phoneNumberId === undefined || fault.phoneNumberId === phoneNumberId) &&
          (fault.to === undefined || fault.to === to);
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
