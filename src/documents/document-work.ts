import type { Clock } from "../core/clock.ts";
import type {
  ClaimedVersion,
  DocumentFiles,
  DocumentQuota,
  DocumentStore,
  ReadDocument,
  VersionState,
  VersionWork,
} from "../core/documents.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { FaultPoint } from "../core/fault-point.ts";
import type { GuardedFetch } from "../core/guarded-fetch.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Extractor } from "../gazette/extract/extractor.ts";
import { segment } from "../gazette/segment/segment.ts";
import type { Convert } from "./convert/converter.ts";
import { cutSections } from "./cut-sections.ts";
import { fetchFile } from "./fetch-file.ts";
import { removeFiles } from "./remove-files.ts";

export interface DocumentWorkPorts {
  readonly store: DocumentStore;
  readonly files: DocumentFiles;
  readonly extractor: Extractor;
  readonly convert: Convert;
  readonly guardedFetch: GuardedFetch;
  readonly quota: DocumentQuota;
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faultPoint: FaultPoint;
}

/** A version that ended as many processes, or failed as often for a passing reason, is given up. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 5_000;
/** The lease is a minute long. */
const KEEP_EVERY_MS = 15_000;
const TELL_EVERY_MS = 1_000;

/**
 * Does what is due, one version after the other, until there is nothing: queued → (fetching →) reading → indexing →
 * ready. Each step may be done again from its beginning by another process when this one dies; the store takes in the
 * result of whoever holds the lease. Also ends removals that were cut off. Returns how many versions it worked on.
 */
export async function doDueWork(ports: DocumentWorkPorts, signal: AbortSignal): Promise<number> {
  for (const { tenantId, id } of await ports.store.listRemovals()) {
    signal.throwIfAborted();
    await removeFiles(ports, tenantId, id);
  }
  for (let worked = 0; ; worked++) {
    signal.throwIfAborted();
    const claimed = await ports.store.claim(ports.owner);
    if (claimed === undefined) return worked;
    await workOn(ports, claimed, signal);
  }
}

async function workOn(
  ports: DocumentWorkPorts,
  claimed: ClaimedVersion,
  stop: AbortSignal,
): Promise<void> {
  const { store, logger, metrics } = ports;
  const { tenantId, versionId, documentId } = claimed;
  const startedAt = performance.now();
  const progress = createProgress(ports, claimed);
  const signal = AbortSignal.any([stop, progress.lost]);
  let outcome = "lost";
  try {
    outcome = await carryOut(ports, claimed, progress, signal);
  } catch (error) {
    // Given back at once when this process stops; whoever else holds it by now goes on.
    if (stop.aborted) await store.postpone(tenantId, versionId, 0);
    else if (!progress.lost.aborted) outcome = await settleFailure(ports, claimed, error);
    stop.throwIfAborted();
  } finally {
    await progress.end();
  }
  metrics.count("document_versions_total", { outcome });
  logger.info("document-worked-on", {
    documentId,
    outcome,
    attempt: claimed.attempts,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  });
}

async function carryOut(
  ports: DocumentWorkPorts,
  claimed: ClaimedVersion,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const { store, clock } = ports;
  const work = await store.readWork(claimed);
  if (work === undefined) return "lost";
  if (work.state === "receiving") throw stoppedComing();
  if (claimed.attempts > MAX_ATTEMPTS) throw givenUp();
  const file =
    work.format === undefined ? await fetchFile(ports, claimed, work, progress, signal) : work;
  if (file === "unchanged" || file === "lost") return file;
  ports.faultPoint("document:file-kept");
  const read = await readFile(ports, { ...work, ...file }, progress, signal);
  progress.tell("indexing", 0, undefined);
  ports.faultPoint("document:read");
  signal.throwIfAborted();
  const stored = await store.storeRead(claimed, ports.owner, read, clock.now());
  if (stored === "overtaken") throw overtaken();
  return stored;
}

async function readFile(
  { files, extractor, convert }: DocumentWorkPorts,
  work: VersionWork,
  progress: Progress,
  signal: AbortSignal,
): Promise<ReadDocument> {
  const { language, fileKey, format } = work;
  const bytes = await files.read(fileKey);
  if (bytes === undefined) throw fileMissing();
  progress.tell("reading", 0, undefined);
  if (format !== "pdf" && format !== undefined) {
    return cutSections(await convert({ format, bytes }, signal));
  }
  const pages = await extractor.extract(bytes, {
    language,
    signal,
    onProgress: ({ done, total }) => progress.tell("reading", done, total),
  });
  const acts = segment(pages, language);
  if (acts.length === 0) {
    throw new PregoneroError(
      "document-no-text",
      `No text was found on its ${pages.length} pages, not even by character recognition. Check that it is the right file.`,
      { status: 400 },
    );
  }
  return {
    acts,
    pages: pages.map((page) => ({
      page: page.page,
      printedPage: page.printedPage,
      width: page.width,
      height: page.height,
      origin: page.origin,
      text: page.lines.map((line) => line.text).join("\n"),
    })),
  };
}

/** What may pass is tried again, later each time; anything else is final, and says why. */
async function settleFailure(
  { store, files, logger }: DocumentWorkPorts,
  { tenantId, versionId, documentId, attempts }: ClaimedVersion,
  error: unknown,
): Promise<string> {
  const isFinal = attempts >= MAX_ATTEMPTS || (isPregoneroError(error) && error.retry === "never");
  if (!isFinal) {
    logger.warn("document-postponed", { documentId, attempt: attempts, error });
    await store.postpone(tenantId, versionId, FIRST_PAUSE_MS * 2 ** (attempts - 1));
    return "postponed";
  }
  const problem = isPregoneroError(error)
    ? { code: error.code, message: error.message }
    : { code: "document-unreadable", message: "The document could not be read." };
  logger.warn("document-failed", { documentId, code: problem.code, error });
  const fileKey = await store.fail(tenantId, versionId, problem);
  if (fileKey !== undefined) {
    await files.remove(fileKey);
    await store.forgetFile(tenantId, versionId);
  }
  return "failed";
}

/** Tells how far it is, keeps the lease meanwhile, and learns when that is lost. */
export interface Progress {
  tell(state: VersionState, done: number, total: number | undefined): void;
  /** Aborted when somebody else holds the version, or the document is being removed. */
  readonly lost: AbortSignal;
  end(): Promise<void>;
}

function createProgress(
  { store, owner }: DocumentWorkPorts,
  { tenantId, versionId }: ClaimedVersion,
): Progress {
  const lost = new AbortController();
  let newest: Parameters<DocumentStore["noteProgress"]>[3] | undefined;
  let toldAt = 0;
  let writing: Promise<void> = Promise.resolve();
  function write(): void {
    toldAt = performance.now();
    writing = writing.then(async () => {
      if (newest === undefined || lost.signal.aborted) return;
      const isHeld = await store
        .noteProgress(tenantId, versionId, owner, newest)
        // A store that is away for a moment takes the lease from nobody.
        .catch(() => true);
      if (!isHeld) lost.abort(new Error("The lease of the version is lost."));
    });
  }
  const keep = setInterval(write, KEEP_EVERY_MS);
  return {
    lost: lost.signal,
    tell(state, done, total) {
      const isStep = newest?.state !== state;
      newest = { state, done, total };
      if (isStep || performance.now() - toldAt >= TELL_EVERY_MS) write();
    },
    async end() {
      clearInterval(keep);
      await writing;
    },
  };
}

function stoppedComing(): PregoneroError {
  return new PregoneroError(
    "document-incomplete",
    "The file stopped coming before its end. Send it again.",
    { status: 400 },
  );
}

function givenUp(): PregoneroError {
  return new PregoneroError(
    "document-unreadable",
    `Reading it was begun ${MAX_ATTEMPTS} times and never ended. Save it anew and send that, or ask the operator to look at the log.`,
    { status: 400 },
  );
}

function overtaken(): PregoneroError {
  return new PregoneroError("document-overtaken", "A later version was ready before this one.");
}

function fileMissing(): PregoneroError {
  return new PregoneroError(
    "document-file-missing",
    "Its file is not in the file store any more. Send it again.",
  );
}
