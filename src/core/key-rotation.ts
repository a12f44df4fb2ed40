/** How many envelopes of a column stand under which key. */
export interface SealedColumnState {
  /** `table.column`. */
  readonly column: string;
  readonly current: number;
  /** Under another key, by its id: 8 hexadecimal digits. */
  readonly others: readonly {
    readonly keyId: string;
    readonly count: number;
    readonly isKnown: boolean;
  }[];
}

export interface RotationReport {
  readonly resealed: number;
  /** Under a key that is not there, or damaged: left as they were. */
  readonly unreadable: readonly { readonly column: string; readonly count: number }[];
}

/** Seals under the current key what stands under another. Every step commits by itself: killed, it goes on where it was. */
export interface KeyRotation {
  /** 8 hexadecimal digits. */
  readonly currentKeyId: string;
  status(signal: AbortSignal): Promise<readonly SealedColumnState[]>;
  rotate(
    signal: AbortSignal,
    onProgress: (done: { readonly column: string; readonly resealed: number }) => void,
  ): Promise<RotationReport>;
}
