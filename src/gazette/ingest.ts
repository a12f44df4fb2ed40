import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { GazetteDate, Source } from "../core/gazette.ts";
import type { EditionDraft, FileStore, GazetteStore } from "../core/gazette-store.ts";
import type { EditionId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { findDateInName, findPublicationDate, isGazetteDate } from "./edition-facts.ts";
import { READING_VERSION, readActs } from "./entities/read-act.ts";
import type { ExtractedPage } from "./extract/child-protocol.ts";
import type { ExtractProgress } from "./extract/extract-options.ts";
import type { Extractor } from "./extract/extractor.ts";
import { DEFAULT_LIMITS } from "./extract/limits.ts";
import { hashBytes } from "./hash-bytes.ts";
import { toPageDraft } from "./page-draft.ts";
import { segment } from "./segment/segment.ts";
import { presetOf, SOURCE_PRESETS } from "./sources.ts";

export interface IngestPorts {
  readonly gazetteStore: GazetteStore;
  readonly fileStore: FileStore;
  readonly extractor: Extractor;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface IngestRequest {
  /** The PDF, or where it lies. */
  readonly document: { readonly bytes: Uint8Array } | { readonly filePath: string };
  /** A source, or the slug of a known public one (`SOURCE_PRESETS`). */
  readonly source: Source | string;
  /** Undefined: as the document's name or its mastheads say. */
  readonly publishedOn?: GazetteDate;
  /** Throws `date-mismatch` when the mastheads say another date than `publishedOn`. Default false: `publishedOn` is right. */
  readonly refusesOtherDate?: boolean;
  /** Tells the documents of one source and date apart. Undefined: the file's name, else the hash. */
  readonly documentName?: string;
  readonly number?: string;
  /** Its bytes are read although they are known as this edition, whose place the reading takes. */
  readonly insteadOf?: EditionId;
}

export interface IngestResult {
  readonly editionId: EditionId;
  readonly outcome: "stored" | "unchanged" | "superseded-older";
  readonly publishedOn: GazetteDate | undefined;
  /** This and the next two are 0 when the outcome is `unchanged`: nothing was read. */
  readonly pageCount: number;
  readonly ocrPageCount: number;
  readonly actCount: number;
  readonly seconds: number;
}

export interface IngestOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

export type IngestProgress = ExtractProgress | { readonly step: "segment" | "store" };

export type Ingest = (request: IngestRequest, options: IngestOptions) => Promise<IngestResult>;

/**
 * check → extract → segment → store. Nothing is changed unless all of it succeeds: the file is kept
 * under its hash before the edition is committed, so a crash in between leaves a file without an
 * edition, which the next attempt reuses. The same bytes are recognised before they are read.
 */
export function createIngest(ports: IngestPorts): Ingest {
  const { gazetteStore, fileStore, extractor, clock, logger } = ports;
  return async (request, { signal, onProgress }) => {
    const startedAt = clock.now().getTime();
    const secondsSince = () => (clock.now().getTime() - startedAt) / 1_000;
    const bytes = await readDocument(request);
    const contentHash = hashBytes(bytes);
    checkDate(request.publishedOn);
    const source = await findSource(gazetteStore, request.source);
    const known = await gazetteStore.findEditionByHash(source.sourceId, contentHash);
    if (known !== undefined && known !== request.insteadOf) {
      logger.info("edition-unchanged", { source: source.slug, editionId: known });
      const counts = { pageCount: 0, ocrPageCount: 0, actCount: 0 };
      return {
        editionId: known,
        outcome: "unchanged",
        publishedOn: request.publishedOn,
        ...counts,
        seconds: secondsSince(),
      };
    }
    const pages = await extractor.extract(bytes, {
      language: source.language,
      signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    onProgress?.({ step: "segment" });
    const segmented = draftEdition(request, source, contentHash, pages, clock.now());
    const ofActs = await readActs(segmented.acts, source, signal);
    const draft = { ...segmented, readings: { version: READING_VERSION, ofActs } };
    signal.throwIfAborted();
    onProgress?.({ step: "store" });
    await fileStore.put(draft.fileKey, bytes);
    const { editionId, outcome } = await gazetteStore.storeEdition(draft);
    const result = {
      editionId,
      outcome,
      publishedOn: draft.publishedOn,
      pageCount: draft.pages.length,
      ocrPageCount: draft.pages.filter((page) => page.origin === "ocr").length,
      actCount: draft.acts.length,
      seconds: secondsSince(),
    };
    logger.info("edition-ingested", { source: source.slug, ...result });
    return result;
  };
}

async function readDocument({ document }: IngestRequest): Promise<Uint8Array> {
  if ("bytes" in document) return document.bytes;
  const { filePath } = document;
  try {
    const { size } = await stat(filePath);
    if (size > DEFAULT_LIMITS.maxBytes) {
      throw new PregoneroError(
        "pdf-too-large",
        `${path.basename(filePath)} has ${Math.round(size / 1024 / 1024)} MiB; at most ${DEFAULT_LIMITS.maxBytes / 1024 / 1024} MiB are read. Split it and ingest the parts.`,
        { status: 413 },
      );
    }
    return await readFile(filePath);
  } catch (error) {
    if (error instanceof PregoneroError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new PregoneroError(
      "file-unreadable",
      `The file ${filePath} cannot be read (${reason}). Check the path.`,
      {
        cause: error,
      },
    );
  }
}

async function findSource(store: GazetteStore, source: Source | string): Promise<Source> {
  if (typeof source !== "string") return source;
  const preset = presetOf(source);
  if (preset === undefined) {
    const known = SOURCE_PRESETS.map(({ slug }) => slug).join(", ");
    throw new PregoneroError(
      "source-unknown",
      `There is no source "${source}". Known ones: ${known}.`,
      { status: 404 },
    );
  }
  const { slug, name, language, country, timeZone } = preset;
  return store.ensurePublicSource({ slug, name, language, country, timeZone });
}

function checkDate(date: GazetteDate | undefined): void {
  if (date === undefined || isGazetteDate(date)) return;
  throw new PregoneroError("date-invalid", `"${date}" is not a date. Write it as 2014-11-14.`, {
    status: 400,
  });
}

function draftEdition(
  request: IngestRequest,
  source: Source,
  contentHash: string,
  pages: readonly ExtractedPage[],
  now: Date,
): EditionDraft {
  const fileName =
    "filePath" in request.document ? path.basename(request.document.filePath) : undefined;
  const documentName = request.documentName ?? fileName ?? `${contentHash.slice(0, 12)}.pdf`;
  const opening = pages
    .slice(0, 5)
    .flatMap((page) => [...page.furniture, ...page.lines.map((line) => line.text)])
    .join("\n");
  if (request.refusesOtherDate === true) requireDate(request, documentName, opening);
  const publishedOn =
    request.publishedOn ?? findDateInName(documentName) ?? findPublicationDate(opening);
  if (publishedOn === undefined) {
    throw new PregoneroError(
      "date-missing",
      `No date was found in ${documentName}. Say when it was published, for example --date 2014-11-14.`,
      { status: 400 },
    );
  }
  const acts = segment(pages, source.language);
  if (acts.length === 0) {
    throw new PregoneroError(
      "pdf-no-text",
      `No text was found on the ${pages.length} pages of ${documentName}, not even by character recognition. Check that it is the right file.`,
      { status: 400 },
    );
  }
  return {
    source,
    publishedOn,
    number: request.number ?? presetOf(source.slug)?.numberPattern?.exec(opening)?.[1],
    documentName,
    contentHash,
    fileKey: `editions/${contentHash.slice(0, 2)}/${contentHash}.pdf`,
    pages: pages.map((page) => toPageDraft(page, { tries: 1, now })),
    acts,
    ...(request.insteadOf !== undefined && { insteadOf: request.insteadOf }),
  };
}

/** A document that names no date is what it was taken for. */
function requireDate({ publishedOn }: IngestRequest, documentName: string, opening: string): void {
  const named = findPublicationDate(opening);
  if (publishedOn === undefined || named === undefined || named === publishedOn) return;
  throw new PregoneroError(
    "date-mismatch",
    `${documentName} says that it was published on ${named}, not on ${publishedOn}.`,
    { status: 409 },
  );
}
