import type { Api } from "grammy";

/** grammY's types name the signal of the `abort-controller` package; at run time it takes any AbortSignal. */
export type GrammySignal = NonNullable<Parameters<Api["raw"]["getMe"]>[0]>;

export function toGrammySignal(signal: AbortSignal): GrammySignal {
  return signal as unknown as GrammySignal;
}
