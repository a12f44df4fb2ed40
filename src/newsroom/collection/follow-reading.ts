import type { Clock } from "../../core/clock.ts";
import type { GazetteDate } from "../../core/gazette.ts";
import type { SourceId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { ReadingProgress, SourceOwner } from "../../core/newsroom.ts";
import type { Ingest, IngestProgress } from "../../gazette/ingest.ts";

export interface FollowPorts {
  readonly note: (
    owner: SourceOwner,
    edition: { readonly sourceId: SourceId; readonly publishedOn: GazetteDate },
    progress: ReadingProgress,
  ) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "warn">;
}

/** Nobody reads faster, and a bulletin has hundreds of pages. */
const NOTE_EVERY_MS = 1_000;

/**
 * Reads as `ingest` does, and notes how far it is, at most once a second: the page of an edition shows it. What could
 * not be noted is left out; when it ends, nothing is noted any more.
 */
export function followReading(ingest: Ingest, { note, clock, logger }: FollowPorts): Ingest {
  return async (request, options) => {
    const { source, publishedOn, documentName = "PDF" } = request;
    if (typeof source === "string" || publishedOn === undefined) return ingest(request, options);
    const edition = { sourceId: source.sourceId, publishedOn };
    let notedAt = Number.NEGATIVE_INFINITY;
    let noting: Promise<void> = Promise.resolve();
    let isBusy = false;
    const onProgress = (progress: IngestProgress) => {
      options.onProgress?.(progress);
      const now = clock.now().getTime();
      const told = progressOf(progress, documentName);
      if (told === undefined || isBusy || now - notedAt < NOTE_EVERY_MS) return;
      notedAt = now;
      isBusy = true;
      noting = note(source.tenantId, edition, told)
        .catch((error: unknown) => logger.warn("reading-progress-not-noted", { error }))
        .finally(() => {
          isBusy = false;
        });
    };
    try {
      return await ingest(request, { ...options, onProgress });
    } finally {
      await noting;
    }
  };
}

/** Dividing it into acts, and storing them, takes less than a second: the pages are what people wait for. */
function progressOf(progress: IngestProgress, documentName: string): ReadingProgress | undefined {
  if (!("done" in progress)) return undefined;
  const { step, done, total } = progress;
  return { step: `${step} ${documentName}`, done, total };
}
