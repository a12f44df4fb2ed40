import type { TargetKind } from "../../core/publishing.ts";
import type { TargetAdapter } from "../../core/publishing-work.ts";

/** One adapter of each kind. */
export interface AdapterSet {
  /** Settings decide the kind: an adapter is given those of its own kind alone. */
  of(kind: TargetKind): TargetAdapter;
}

export type Adapters = { readonly [Kind in TargetKind]: TargetAdapter<Kind> };

export function createAdapterSet(adapters: Adapters): AdapterSet {
  return {
    // Each adapter takes its own settings only; their kind is what it was found by.
    of: (kind) => adapters[kind] as unknown as TargetAdapter,
  };
}
