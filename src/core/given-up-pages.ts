import type { ActDraft, PageDraft } from "./gazette-store.ts";
import type { EditionId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";

/** Pages of one edition that were given up, taken to be read again. */
export interface TakenPages {
  readonly editionId: EditionId;
  /** Undefined: the edition is public. */
  readonly tenantId: TenantId | undefined;
  readonly fileKey: string;
  readonly language: Language;
  readonly pages: readonly {
    /** From 1. */
    readonly page: number;
    /** This one among them. */
    readonly tries: number;
  }[];
}

/**
 * Pages that were given up, and are tried again a bounded number of times. What is taken counts as tried: a process
 * that dies leaves it to the next time, and no two processes read the same page at once.
 */
export interface GivenUpPages {
  /** Some pages of one edition that are due; undefined: none are. After each try it is longer until the next one. */
  take(): Promise<TakenPages | undefined>;
  /**
   * Pages as they were read now, or given up again. The acts that were found on them come behind those of the
   * edition, which is indexed anew: citations, and what was told of it, stay as they are. False: they were read
   * meanwhile, or a correction took the edition's place, and nothing was changed.
   */
  keep(
    taken: TakenPages,
    read: { readonly pages: readonly PageDraft[]; readonly acts: readonly ActDraft[] },
  ): Promise<boolean>;
}
