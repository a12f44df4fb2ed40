import type { FaultPoint } from "../../core/fault-point.ts";
import type { Logger } from "../../core/logger.ts";
import type { Metrics } from "../../core/metrics.ts";
import type { ApprovedTexts } from "../../core/prompts.ts";
import type { PublicationLedger } from "../../core/publishing-work.ts";
import type { AdapterSet } from "./adapter-set.ts";

/** Longer than a call may take: its process is gone. */
export const LEASE_MS = 120_000;

export interface PublisherPorts {
  readonly ledger: PublicationLedger;
  readonly texts: Pick<ApprovedTexts, "find">;
  readonly adapters: AdapterSet;
  /** Our own address, without a slash at the end; undefined: not known yet. */
  readonly publicUrl: () => string | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faultPoint: FaultPoint;
  /** How long a post in doubt is left before it is looked for. Default 20,000 ms. */
  readonly settlingMs?: number;
}
