import { randomUUID } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { BegunAttempt, HeldSource } from "../../core/collection.ts";
import { isPregoneroError } from "../../core/errors.ts";
import type { GazetteDate } from "../../core/gazette.ts";
import type { FileStore } from "../../core/gazette-store.ts";
import type { EditionId } from "../../core/ids.ts";
import type {
  CollectedDocument,
  Evidence,
  Locator,
  Reason,
  SourceOwner,
} from "../../core/newsroom.ts";
import { hashBytes } from "../../gazette/hash-bytes.ts";
import type { Ingest } from "../../gazette/ingest.ts";
import { problemOf } from "./check-pdf.ts";
import type { Found, Trouble } from "./edition-states.ts";
import { isGraver, nothingYet, otherDate } from "./edition-troubles.ts";
import { type PoliteAnswer, placeOf } from "./fetch-answers.ts";
import { documentNameAt, fillAddress, numbersIn } from "./fill-address.ts";
import { type FindPorts, findAddresses } from "./find-addresses.ts";
import type { WatchedFolders } from "./watched-folders.ts";

export interface CollectPorts extends FindPorts {
  readonly watchedFolders: WatchedFolders;
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
  readonly evidence: Evidence | undefined;
}

/** As the extractor takes at most (`DEFAULT_LIMITS`). */
const MAX_BYTES = 50 * 1024 * 1024;
/** More than any day has, whatever a site answers to every number. */
const MAX_NUMBERS = 50;
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
  const { locator } = held.settings;
  if (locator.kind === "folder") await run.takeFiles(locator);
  if (locator.kind === "numbered") await run.fetchNumbers(locator, begun.earlierUrls);
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
  const outcomes = new Map<string, "stored" | "corrected" | "read-anew" | "unchanged">();
  let byteCount = 0;
  let step: string | undefined;
  let evidence: Evidence | undefined;
  /** The first of the gravest kind is what the edition is told by. */
  let trouble: Trouble | undefined;
  const blame = (found: Trouble, at: string) => {
    if (trouble !== undefined && !isGraver(found, trouble)) return;
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
      // A person asked that what is stored be read anew: its date was checked, or accepted, then.
      const { editionId: insteadOf } = document;
      const checksDate =
        settings.checksDate && document.state !== "accepted" && insteadOf === undefined;
      const result = await ports.ingest(
        {
          document: { bytes },
          source,
          publishedOn,
          documentName: document.documentName,
          refusesOtherDate: checksDate,
          ...(insteadOf !== undefined && { insteadOf }),
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
      const correction = insteadOf === undefined ? "corrected" : "read-anew";
      const became = outcome === "superseded-older" ? correction : outcome;
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

  function knownAs(documentName: string): readonly CollectedDocument[] {
    return [...documents.values()].filter((each) => each.documentName === documentName);
  }

  /** A first collection that goes on after a failure asks only for what it lacks. */
  function isEnough(known: readonly CollectedDocument[]): boolean {
    const current = currentOf(known);
    if (current === undefined || isRecheck) return false;
    if (!outcomes.has(current.documentName)) outcomes.set(current.documentName, "unchanged");
    return true;
  }

  /** That the site still has it says nothing against what was read of it just now. */
  function noteUnchanged(documentName: string): void {
    if (!outcomes.has(documentName)) outcomes.set(documentName, "unchanged");
  }

  /** What was at that address. */
  async function fetchAndRead(url: string): Promise<PoliteAnswer["kind"]> {
    const documentName = documentNameAt(url);
    const known = knownAs(documentName);
    if (isEnough(known)) return "ok";
    const current = currentOf(known);
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
    if (answer.kind === "not-modified") noteUnchanged(documentName);
    else if (answer.kind === "ok") await take(answer, { url, documentName, at, known });
    // What a listing names should be there: the edition is not whole without it.
    else if (answer.kind === "absent" && settings.locator.kind === "listing") {
      blame({ kind: "failed", reason: answer.reason }, at);
    } else blame(answer, at);
    return answer.kind;
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
      const found = await findAddresses(ports, { settings, publishedOn, signal });
      if (found.kind === "addresses") return found.addresses;
      blame(found.trouble, found.step);
      evidence = found.evidence;
      return [];
    },

    /** From the number after the last that is known, until so many lead nowhere. */
    async fetchNumbers(
      { url, firstNumber, maxMisses }: Extract<Locator, { kind: "numbered" }>,
      earlierUrls: readonly string[],
    ): Promise<void> {
      const own = numbersIn(
        url,
        [...documents.values()].flatMap((each) => each.url ?? []),
      );
      const earlier = numbersIn(url, earlierUrls);
      const last = Math.max(firstNumber - 1, ...own, ...earlier);
      for (const number of own) await fetchAndRead(fillAddress(url, publishedOn, number));
      let misses = 0;
      for (let number = last + 1; misses < maxMisses && number <= last + MAX_NUMBERS; number++) {
        signal.throwIfAborted();
        const was = await fetchAndRead(fillAddress(url, publishedOn, number));
        // A site that is in trouble is not asked for the next one.
        if (was === "failed") return;
        misses = was === "absent" ? misses + 1 : 0;
      }
    },

    async takeFiles(locator: Extract<Locator, { kind: "folder" }>): Promise<void> {
      const at = `folder ${locator.path}`;
      const look = await ports.watchedFolders.find(source.tenantId, locator, publishedOn, signal);
      if (look.kind === "trouble") {
        blame(look.trouble, at);
        return;
      }
      for (const { name, url, read: readFile } of look.files) {
        signal.throwIfAborted();
        const documentName = documentNameAt(url);
        const known = knownAs(documentName);
        if (isEnough(known)) continue;
        const body = await readFile(MAX_BYTES);
        if (body === undefined) continue;
        if (body === "too-large") {
          const detail = `${name} has more than ${MAX_BYTES / 1024 / 1024} MiB.`;
          blame({ kind: "failed", reason: { code: "too-large", detail } }, at);
          continue;
        }
        const answer = { body, contentType: "", etag: undefined, lastModified: undefined, url };
        await take({ kind: "ok", ...answer }, { url, documentName, at: `take ${name}`, known });
      }
    },

    fetchAndRead,

    end(addressCount: number): Collected {
      const documentCount = outcomes.size;
      const told = { step, byteCount, documentCount, evidence };
      // What a person sent stands for what is not at its address.
      if (trouble !== undefined && (documentCount === 0 || trouble.kind !== "absent")) {
        return { ...told, found: trouble };
      }
      if (documentCount === 0) return { ...told, found: nothingYet(held, addressCount) };
      const became = new Set(outcomes.values());
      const isCorrection = became.has("corrected") || (isRecheck && became.has("stored"));
      const isFound = became.has("stored") || became.has("corrected") || became.has("read-anew");
      return { ...told, found: isFound ? { kind: "found", isCorrection } : { kind: "unchanged" } };
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
      noteUnchanged(file.documentName);
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

function currentOf(known: readonly CollectedDocument[]): CollectedDocument | undefined {
  return known.findLast((each) => each.state === "stored");
}
