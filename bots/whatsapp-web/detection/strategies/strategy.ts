import type { FoundItem } from "../found.ts";
import type { Probe } from "../in-page/collected.ts";
import type { SelectorPack } from "../pack-schema.ts";
import type { MessageRowKind, StrategyName, Tick } from "../page-reader.ts";
import type { PhraseBook } from "../phrase-book.ts";

/** What one strategy reads in a row. A field is absent where it has no opinion: never a guess. */
export interface Opinion {
  readonly direction?: "in" | "out";
  /** The direction is likely, not stated: another strategy must agree before the row is called ours. */
  readonly isLikely?: true;
  readonly kind?: MessageRowKind;
  readonly text?: string;
  /** As the page names the sender. */
  readonly sender?: string;
  /** As drawn, with the date when it is there. */
  readonly time?: string;
  readonly tick?: Exclude<Tick, "unknown">;
  readonly edited?: "edited";
}

export interface RowContext {
  readonly pack: SelectorPack;
  readonly phrases: PhraseBook;
  /** Of the conversation: left, top, width, height. */
  readonly conversation: readonly [number, number, number, number];
  readonly isRightToLeft: boolean;
  /** Folded. */
  readonly ownNames: readonly string[];
}

/**
 * One way of reading a message row. Each stands on its own evidence and knows nothing of the others, so that what breaks
 * one (test ids removed, another language, a new layout) leaves the rest.
 */
export interface Strategy {
  readonly name: StrategyName;
  /** Names must be unique over the strategies. */
  probes(pack: SelectorPack): Readonly<Record<string, Probe>>;
  read(row: FoundItem, context: RowContext): Opinion;
}
