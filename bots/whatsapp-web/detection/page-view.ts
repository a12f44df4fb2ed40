import { choosePack, marksScope } from "./choose-pack.ts";
import { createDrawnTimes, type DrawnTimes } from "./drawn-times.ts";
import type { Collected, CollectRequest } from "./in-page/collected.ts";
import type { SelectorPack } from "./pack-schema.ts";
import type { PageCalls } from "./page-calls.ts";
import type { Drift, PageReaderOptions } from "./page-reader.ts";
import { createPhraseBook, type PhraseBook } from "./phrase-book.ts";
import type { RowReading } from "./read-rows.ts";
import { createRowMemory } from "./row-memory.ts";
import { createTrust } from "./trust.ts";

/** One look at the page, with the pack that reads it. */
export interface View {
  readonly pack: SelectorPack;
  readonly phrases: PhraseBook;
  readonly collected: Collected;
  readonly reading: RowReading;
}

export interface PageView {
  readonly calls: PageCalls;
  /** The pack that read last. */
  pack(): SelectorPack;
  phrases(): PhraseBook;
  readonly times: DrawnTimes;
  /** Fingerprints of the rows that are known. */
  known(): Readonly<Record<string, string>>;
  /** Looks with the pack in use; when another era is found, once more with its pack. */
  look(
    scopes: (pack: SelectorPack) => CollectRequest["scopes"],
    signal?: AbortSignal,
  ): Promise<View>;
}

export function createPageView(
  calls: PageCalls,
  first: SelectorPack,
  options: PageReaderOptions,
): PageView {
  const books = new Map<SelectorPack, PhraseBook>();
  const brokenSeen = new Set<string>();
  const times = createDrawnTimes({
    clock: options.clock,
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  });
  let pack = first;
  let trust = createTrust();
  let memory = createRowMemory();

  function bookOf(each: SelectorPack): PhraseBook {
    const book = books.get(each) ?? createPhraseBook(each.words);
    books.set(each, book);
    return book;
  }

  function onDrift(drift: Omit<Drift, "pack">): void {
    options.onDrift?.({ ...drift, pack: pack.name });
    if (drift.reason === "contradiction") return;
    const { reason, field, strategy } = drift;
    options.logger.warn("detection-drifted", { pack: pack.name, reason, field, strategy });
  }

  function use(next: SelectorPack): void {
    options.logger.info("selector-pack-changed", { from: pack.name, to: next.name });
    pack = next;
    trust = createTrust();
    memory = createRowMemory();
  }

  function noteBroken(collected: Collected): void {
    for (const selector of collected.broken) {
      if (brokenSeen.has(selector)) continue;
      brokenSeen.add(selector);
      options.logger.warn("selector-refused", { pack: pack.name, selector });
      onDrift({ reason: "broken-selector", field: "selector" });
    }
  }

  return {
    calls,
    times,
    known: () => memory.fingerprints(),
    pack: () => pack,
    phrases: () => bookOf(pack),
    async look(scopes, signal) {
      const marks = marksScope(options.packs);
      let collected = await calls.collect({ ...scopes(pack), marks }, signal);
      const fitting = choosePack(collected, options.packs, pack);
      if (fitting !== pack) {
        use(fitting);
        collected = await calls.collect({ ...scopes(pack), marks }, signal);
      }
      noteBroken(collected);
      const phrases = bookOf(pack);
      const ownNames = options.ownNames ?? [];
      return {
        pack,
        phrases,
        collected,
        reading: { pack, phrases, ownNames, trust, times, memory, onDrift },
      };
    },
  };
}
