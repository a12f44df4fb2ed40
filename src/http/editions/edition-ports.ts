import type { BotRegistry } from "../../core/bot-registry.ts";
import type { EntityIndex } from "../../core/entities.ts";
import type { EditionSearch, GazetteArchive } from "../../core/gazette-archive.ts";
import type { GazetteStore } from "../../core/gazette-store.ts";
import type { TenantId } from "../../core/ids.ts";
import type { PublishedDigests } from "../../core/publishing.ts";

export interface EditionPorts {
  readonly gazetteStore: Pick<GazetteStore, "findSource" | "listSources" | "listEditions">;
  readonly gazetteArchive: GazetteArchive;
  readonly editionSearch: EditionSearch;
  readonly publishedDigests: PublishedDigests;
  readonly entityIndex: EntityIndex;
  readonly registry: Pick<BotRegistry, "list">;
  /** Whose bots anybody may write to; undefined: nobody's. */
  readonly openTenantId: TenantId | undefined;
  /** Without a slash at the end. */
  readonly publicUrl: string | undefined;
}
