import { randomUUID } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { BegunAttempt, HeldSource } from "../../core/collection.ts";
import { isPregoneroError } from "../../core/errors.ts";
import type { GazetteDate } from "../../core/gazette.ts";
import type { FileStore } from "../../core/gazette-store.ts";
import type { EditionId } from "../../core/ids.ts";
import type { CollectedDocument, Reason, SourceOwner } from "../../core/newsroom.ts";
import { hashBytes } from "../../gazette/hash-bytes.ts";
import type { Ingest } from "../../gazette/ingest.ts";
import { problemOf } from "./check-pdf.ts";
import type { Found } from "./edition-states.ts";
import { type PoliteAnswer, type PoliteFetch, placeOf } from "./fetch-answers.ts";
import { documentNameAt, fillAddress } from "./fill-address.ts";
import { findLinks } from "./find-links.ts";

export interface CollectPorts {
  readonly politeFetch: PoliteFetch;
  readonly ingest: Ingest;
  readonly fileStore: FileStore;
  /** The date of an edition that is stored; undefined: there is none. */
  readonly dateOf: (owner: SourceOwner, editionId: EditionId) => Promise<GazetteDate | undefined>;
  readonly clock: Clock;
}

export interface Collected {
  readonly found: Found;
  readonly step: string | undefined;
  readonly byteCount: number;
  readonly documentCount: number;
}

/** As the extractor takes at most (`DEFAULT_LIMITS`). */
const MAX_BYTES = 50 * 1024 * 1024;
const MAX_LISTING_BYTES = 20 * 1024 * 1024;
const GOOD: ReadonlySet<string> = new Set(["collected", "corrected"]);

type Note = (document: CollectedDocument) => Promise<void>;

/**
 * Has one edition's files, as far as they are there, and reads them: find → fetch → check → keep → read. Each file is
 * noted when it is kept and when it is read, so that whoever comes after a crash goes on there: nothing is fetched
 * twice, and what was read before is recognised by its bytes. Rejects only with the signal's reason, or when the
 * ledger does.
 */
export async function collectEdition(
  ports: CollectPorts,
  held: HeldSource,
  begun: BegunAttempt,
  options: { readonly note: Note; readonly signal: AbortSignal },
): Promise<Collected> {
  const run = createRun(ports, held, begun, options);
  for (const document of begun.documents) {
    if (document.state === "fetched" || document.state === "accepted") await run.readKept(document);
  }
  const addresses = await run.findAddresses();
  for (const address of addresses) {
    options.signal.throwIfAborted();
    await run.fetchAndRead(address);
  }
  return run.end(addresses.length);
}

function createRun(
  ports: CollectPorts,
  held: HeldSource,
  begun: BegunAttempt,
  { note, signal }: { readonly note: Note; readonly signal: AbortSignal },
) {
  const { source, settings } = held;
  const { publishedOn } = begun.expectation;
  const isRecheck = GOOD.has(begun.before);
  /** As they are by now: what an earlier try kept, and what this one does. */
  const documents = new Map(begun.documents.map((each) => [each.id, each]));
  const outcomes = new Map<string, "stored" | "corrected" | "unchanged">();
  let byteCount = 0;
  let step: string | undefined;
  /** The first of the gravest kind is what the edition is told by. */
  let trouble: Exclude<Found, { kind: "found" | "unchanged" | "interrupted" }> | undefined;
  const blame = (found: NonNullable<typeof trouble>, at: string) => {
    if (trouble !== undefined && GRAVITY[trouble.kind] >= GRAVITY[found.kind]) return;
    trouble = found;
    step = at;
  };

  async function keep(document: CollectedDocument): Promise<void> {
    await note(document);
    documents.set(document.id, document);
  }

  async function read(document: CollectedDocument, bytes: Uint8Array): Promise<void> {
    const at = `read ${document.documentName}`;
    try {
      const checksDate = settings.checksDate && document.state !== "accepted";
      const result = await ports.ingest(
        {
          document: { bytes },
          source,
          publishedOn,
          documentName: document.documentName,
          refusesOtherDate: checksDate,
        },
        { signal },
      );
      const { editionId, outcome } = result;
      // The same bytes are known as the edition of another day: its site still shows that one.
      const other =
        outcome === "unchanged" ? await ports.dateOf(source.tenantId, editionId) : undefined;
      if (checksDate && other !== undefined && other !== publishedOn) {
        await hold(document, at, otherDate(document, other));
        return;
      }
      await keep({ ...document, state: "stored", editionId });
      const became = outcome === "superseded-older" ? "corrected" : outcome;
      outcomes.set(document.documentName, became);
    } catch (error) {
      signal.throwIfAborted();
      if (isPregoneroError(error, "date-mismatch")) {
        await hold(document, at, { code: "date-mismatch", detail: error.message });
        return;
      }
      const known = isPregoneroError(error);
      if (known && error.retry !== "never") throw error;
      const detail = known ? error.message : `${document.documentName} could not be read.`;
      blame({ kind: "failed", reason: { code: known ? error.code : "unreadable", detail } }, at);
    }
  }

  async function hold(document: CollectedDocument, at: string, reason: Reason): Promise<void> {
    await keep({ ...document, state: "held" });
    blame({ kind: "held", reason }, at);
  }

  return {
    /** What was fetched before, by an attempt that did not come to read it, or sent by a person. */
    async readKept(document: CollectedDocument): Promise<void> {
      const bytes = await ports.fileStore.get(document.fileKey);
      if (bytes === undefined) {
        const detail = `${document.documentName} is not in the file store any more.`;
        blame({ kind: "failed", reason: { code: "file-missing", detail } }, "read");
        return;
      }
      await read(document, bytes);
    },

    /** Empty also when a listing could not be had: `end` tells. */
    async findAddresses(): Promise<readonly string[]> {
      const { locator } = settings;
      if (locator.kind === "upload") return [];
      const url = fillAddress(locator.url, publishedOn);
      if (locator.kind === "address") return [url];
      const at = `listing ${placeOf(url)}`;
      const answer = await ports.politeFetch({
        url,
        hosts: settings.hosts,
        pauseSeconds: settings.pauseSeconds,
        accept: "application/json, text/html;q=0.9, application/xml;q=0.8, */*;q=0.5",
        maxBytes: MAX_LISTING_BYTES,
        signal,
      });
      if (answer.kind !== "ok") {
        if (answer.kind !== "not-modified") blame(answer, at);
        return [];
      }
      const patterns = locator.links.map((pattern) => fillAddress(pattern, publishedOn));
      const found = findLinks(answer, { selector: locator.selector, patterns });
      if (found.kind === "links") return found.links;
      blame({ kind: "layout-changed", reason: found.reason }, at);
      return [];
    },

    async fetchAndRead(url: string): Promise<void> {
      const documentName = documentNameAt(url);
      const known = [...documents.values()].filter((each) => each.documentName === documentName);
      const current = known.findLast((each) => each.state === "stored");
      // A first collection that goes on after a failure asks only for what it lacks.
      if (current !== undefined && !isRecheck) {
        if (!outcomes.has(documentName)) outcomes.set(documentName, "unchanged");
        return;
      }
      const at = `download ${placeOf(url)}`;
      const answer = await ports.politeFetch({
        url,
        hosts: settings.hosts,
        pauseSeconds: settings.pauseSeconds,
        accept: "application/pdf",
        maxBytes: MAX_BYTES,
        isInParts: true,
        ...(current?.url === url && {
          known: { etag: current.etag, lastModified: current.lastModified },
        }),
        signal,
      });
      if (answer.kind === "not-modified") outcomes.set(documentName, "unchanged");
      else if (answer.kind === "ok") await take(answer, { url, documentName, at, known });
      // What a listing names should be there: the edition is not whole without it.
      else if (answer.kind === "absent" && settings.locator.kind === "listing") {
        blame({ kind: "failed", reason: answer.reason }, at);
      } else blame(answer, at);
    },

    end(addressCount: number): Collected {
      const documentCount = outcomes.size;
      const told = { step, byteCount, documentCount };
      // What a person sent stands for what is not at its address.
      if (trouble !== undefined && (documentCount === 0 || trouble.kind !== "absent")) {
        return { ...told, found: trouble };
      }
      if (documentCount === 0) return { ...told, found: nothingYet(held, addressCount) };
      const became = new Set(outcomes.values());
      if (!became.has("stored") && !became.has("corrected")) {
        return { ...told, found: { kind: "unchanged" } };
      }
      return {
        ...told,
        found: { kind: "found", isCorrection: became.has("corrected") || isRecheck },
      };
    },
  };

  async function take(
    answer: Extract<PoliteAnswer, { kind: "ok" }>,
    file: {
      readonly url: string;
      readonly documentName: string;
      readonly at: string;
      readonly known: readonly CollectedDocument[];
    },
  ): Promise<void> {
    const { body } = answer;
    byteCount += body.length;
    const wrong = problemOf(answer);
    if (wrong !== undefined) {
      blame({ kind: "failed", reason: wrong }, file.at);
      return;
    }
    const contentHash = hashBytes(body);
    const same = file.known.find((each) => each.contentHash === contentHash);
    if (same?.state === "stored") {
      await keep({ ...same, etag: answer.etag, lastModified: answer.lastModified });
      outcomes.set(file.documentName, "unchanged");
      return;
    }
    if (same?.state === "rejected") {
      const detail = `${file.documentName} is still the file that was rejected.`;
      blame({ kind: "absent", reason: { code: "still-rejected", detail } }, file.at);
      return;
    }
    if (same?.state === "held") {
      const detail = `${file.documentName} still names another date.`;
      blame(
        { kind: "held", reason: begun.expectation.reason ?? { code: "date-mismatch", detail } },
        file.at,
      );
      return;
    }
    const fileKey = `editions/${contentHash.slice(0, 2)}/${contentHash}.pdf`;
    await ports.fileStore.put(fileKey, body);
    const document: CollectedDocument = {
      id: randomUUID(),
      url: file.url,
      documentName: file.documentName,
      state: "fetched",
      contentHash,
      fileKey,
      byteCount: body.length,
      etag: answer.etag,
      lastModified: answer.lastModified,
      editionId: undefined,
      fetchedAt: ports.clock.now(),
    };
    await keep(document);
    await read(document, body);
  }
}

/** What a person must look at outweighs what passes, and that what is simply not there yet. */
const GRAVITY = { absent: 0, failed: 1, "layout-changed": 2, held: 3 } as const;

function nothingYet({ settings }: HeldSource, addressCount: number): Found {
  if (settings.locator.kind === "upload") {
    const detail = "Nobody has sent it yet.";
    return { kind: "absent", reason: { code: "not-sent", detail } };
  }
  const detail =
    addressCount === 0 ? "The listing does not name it yet." : "It is not at its address yet.";
  return { kind: "absent", reason: { code: "not-there", detail } };
}

function otherDate({ documentName }: CollectedDocument, date: GazetteDate): Reason {
  return {
    code: "same-as-another-date",
    detail: `${documentName} is, byte for byte, the edition of ${date}.`,
  };
}
