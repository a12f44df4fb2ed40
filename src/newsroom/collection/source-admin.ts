import { Temporal } from "temporal-polyfill";
import type { Clock } from "../../core/clock.ts";
import type { SourceStore } from "../../core/collection.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { GazetteDate, Source } from "../../core/gazette.ts";
import type { FileStore } from "../../core/gazette-store.ts";
import type { SourceId } from "../../core/ids.ts";
import type {
  Backfill,
  CollectedSource,
  CollectionSettings,
  Expectation,
  ExpectationHistory,
  SourceOwner,
} from "../../core/newsroom.ts";
import type { Author } from "../../core/operations.ts";
import { isGazetteDate } from "../../gazette/edition-facts.ts";
import { checkHeader } from "../../gazette/extract/pdf-document.ts";
import { hashBytes } from "../../gazette/hash-bytes.ts";
import { settingsProblems } from "./check-settings.ts";
import {
  countDays,
  dayAfter,
  daysOfMonth,
  expectedDays,
  planEdition,
  todayIn,
} from "./expected-days.ts";
import { documentNameAt, fillAddress } from "./fill-address.ts";
import { COLLECTION_PRESETS, type CollectionPreset, presetNamed } from "./source-presets.ts";

export interface SourceAdminPorts {
  readonly store: SourceStore;
  readonly fileStore: FileStore;
  /** Throws `url-refused` for an address that is never fetched. */
  readonly checkUrl: (url: string) => void;
  readonly clock: Clock;
}

/** What a form says of a source; what it leaves out is as the preset has it. */
export interface SourceRequest {
  readonly preset?: string | undefined;
  readonly source?: Omit<Source, "sourceId" | "tenantId"> | undefined;
  readonly settings?: Partial<CollectionSettings> | undefined;
  /** Undefined: from today on. */
  readonly since?: GazetteDate | undefined;
  readonly isPaused?: boolean | undefined;
}

export interface CalendarDay {
  readonly date: GazetteDate;
  /** Whether an edition comes on such a day. */
  readonly isExpected: boolean;
  /** Undefined: nobody has looked for one yet. */
  readonly edition: Expectation | undefined;
}

export interface SourceAdmin {
  presets(): readonly CollectionPreset[];
  add(owner: SourceOwner, asked: SourceRequest, by: Author): Promise<CollectedSource>;
  list(owner: SourceOwner): Promise<readonly CollectedSource[]>;
  /** All but `list` throw `not-found` (404) for what is not there for this owner, or only to read. */
  find(owner: SourceOwner, sourceId: SourceId): Promise<CollectedSource>;
  /** Throws `stale` (412) when it has another revision by now. */
  change(
    owner: SourceOwner,
    sourceId: SourceId,
    asked: {
      readonly settings?: Partial<CollectionSettings> | undefined;
      readonly pause?: { readonly isPaused: boolean; readonly reason: string | undefined };
    },
    revision: number | undefined,
    by: Author,
  ): Promise<CollectedSource>;
  /** Nothing of it is looked for any more, and it is listed no more; what was collected stays, and is answered from. */
  archive(owner: SourceOwner, sourceId: SourceId, by: Author): Promise<void>;
  /** `month` as `2026-11`. */
  calendar(owner: SourceOwner, sourceId: SourceId, month: string): Promise<readonly CalendarDay[]>;
  history(owner: SourceOwner, sourceId: SourceId, date: GazetteDate): Promise<ExpectationHistory>;
  /** What was kept of the last listing that was laid out otherwise: its beginning, or a PNG of it. */
  evidence(
    owner: SourceOwner,
    sourceId: SourceId,
    date: GazetteDate,
    what: "page" | "screenshot",
  ): Promise<Buffer>;
  collectNow(owner: SourceOwner, sourceId: SourceId, date: GazetteDate, by: Author): Promise<void>;
  /** Throws `edition-state` (409) when nothing of it was read, or it is being collected. */
  readAnew(owner: SourceOwner, sourceId: SourceId, date: GazetteDate, by: Author): Promise<void>;
  upload(
    owner: SourceOwner,
    sourceId: SourceId,
    file: {
      readonly date: GazetteDate;
      readonly fileName: string | undefined;
      readonly bytes: Buffer;
    },
    by: Author,
  ): Promise<void>;
  /** Throws `edition-state` (409) when nothing of the kind is to be decided. */
  decide(
    owner: SourceOwner,
    sourceId: SourceId,
    date: GazetteDate,
    decision: "accept" | "reject" | "not-published",
    by: Author,
  ): Promise<void>;
  backfill(
    owner: SourceOwner,
    sourceId: SourceId,
    range: { readonly from: GazetteDate; readonly until: GazetteDate },
    by: Author,
  ): Promise<Backfill>;
  listBackfills(owner: SourceOwner, sourceId: SourceId): Promise<readonly Backfill[]>;
  cancelBackfill(owner: SourceOwner, sourceId: SourceId, id: string, by: Author): Promise<void>;
}

/** A year at a time: whoever wants more asks again. */
const MAX_BACKFILL_DAYS = 366;

export function createSourceAdmin(ports: SourceAdminPorts): SourceAdmin {
  const { store, clock } = ports;
  async function find(owner: SourceOwner, sourceId: SourceId): Promise<CollectedSource> {
    const found = await store.find(owner, sourceId);
    if (found === undefined) throw missing("There is no such source.");
    return found;
  }
  async function history(
    owner: SourceOwner,
    sourceId: SourceId,
    date: GazetteDate,
  ): Promise<ExpectationHistory> {
    requireDate(date);
    const found = await store.history(owner, sourceId, date);
    if (found === undefined) throw missing(`Nobody has looked for an edition of ${date}.`);
    return found;
  }
  /** When an edition of that day is due; throws for a day that is none, or lies ahead. */
  function planOf({ source, settings }: CollectedSource, date: GazetteDate) {
    requireDate(date);
    if (date > todayIn(source.timeZone, clock.now())) throw ahead(date);
    return planEdition(settings, source.timeZone, date);
  }
  return {
    presets: () => COLLECTION_PRESETS,
    list: (owner) => store.list(owner),
    find,

    async add(owner, asked, by) {
      const preset = presetOf(asked);
      const source = asked.source ?? preset?.source;
      if (source === undefined) throw refused("Name a preset, or say what the source is called.");
      requireTimeZone(source.timeZone);
      const settings = complete(preset?.settings, asked.settings);
      check(settings, ports.checkUrl);
      const now = clock.now();
      const since = asked.since ?? todayIn(source.timeZone, now);
      requireDate(since);
      if (since > todayIn(source.timeZone, now)) throw ahead(since);
      if (countDays(since, todayIn(source.timeZone, now)) > MAX_BACKFILL_DAYS) throw tooMany();
      // Settings of a person's own are what somebody looked up.
      const doubt = asked.settings?.locator === undefined ? preset?.doubt : undefined;
      const isPaused = asked.isPaused ?? doubt !== undefined;
      const pauseReason = isPaused ? doubt : undefined;
      const added = { source, settings, preset: preset?.name, isPaused, pauseReason, since };
      return store.add(owner, added, now, by);
    },

    async change(owner, sourceId, asked, revision, by) {
      const found = await find(owner, sourceId);
      const settings = asked.settings && complete(found.settings, asked.settings);
      if (settings !== undefined) check(settings, ports.checkUrl);
      const { pause } = asked;
      const change = { settings, ...(pause && { pause }) };
      // What is merged is what was read: settings of another revision would be overwritten unseen.
      const expected = revision ?? (settings === undefined ? undefined : found.revision);
      const changed = await store.change(owner, sourceId, change, expected, clock.now(), by);
      if (changed === undefined) {
        if (found.source.tenantId !== owner) throw missing("There is no such source of yours.");
        throw new PregoneroError(
          "stale",
          "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
          { status: 412 },
        );
      }
      return changed;
    },

    async archive(owner, sourceId, by) {
      if (await store.archive(owner, sourceId, clock.now(), by)) return;
      throw missing("There is no such source of yours.");
    },

    async calendar(owner, sourceId, month) {
      const { settings } = await find(owner, sourceId);
      const { from, until } = daysOfMonth(month);
      const editions = await store.calendar(owner, sourceId, from, until);
      const expected = new Set(expectedDays(settings, from, until));
      return Array.from({ length: countDays(from, until) }, (_, index) => {
        const date = dayAfter(from, index);
        return {
          date,
          isExpected: expected.has(date),
          edition: editions.find(({ publishedOn }) => publishedOn === date),
        };
      });
    },

    history,

    async evidence(owner, sourceId, date, what) {
      const { attempts } = await history(owner, sourceId, date);
      const key = attempts
        .map(({ evidence }) => (what === "page" ? evidence?.pageKey : evidence?.screenshotKey))
        .find((kept) => kept !== undefined);
      const bytes = key === undefined ? undefined : await ports.fileStore.get(key);
      if (bytes === undefined) throw missing(`Nothing was kept of the listing of ${date}.`);
      return bytes;
    },

    async collectNow(owner, sourceId, date, by) {
      const planned = planOf(await find(owner, sourceId), date);
      await store.collectNow(owner, sourceId, planned, clock.now(), by);
    },

    async readAnew(owner, sourceId, date, by) {
      const planned = planOf(await find(owner, sourceId), date);
      if (await store.readAnew(owner, sourceId, planned, clock.now(), by)) return;
      throw new PregoneroError(
        "edition-state",
        `Nothing of the edition of ${date} can be read anew now: none of its files was read yet, or it is being collected.`,
        { status: 409 },
      );
    },

    async upload(owner, sourceId, { date, fileName, bytes }, by) {
      const collected = await find(owner, sourceId);
      const planned = planOf(collected, date);
      checkHeader(bytes);
      const contentHash = hashBytes(bytes);
      const fileKey = `editions/${contentHash.slice(0, 2)}/${contentHash}.pdf`;
      await ports.fileStore.put(fileKey, bytes);
      const document = {
        url: undefined,
        documentName: nameOf(collected, date, fileName),
        contentHash,
        fileKey,
        byteCount: bytes.length,
        etag: undefined,
        lastModified: undefined,
        fetchedAt: clock.now(),
      };
      await store.upload(owner, sourceId, planned, document, by);
    },

    async decide(owner, sourceId, date, decision, by) {
      requireDate(date);
      await find(owner, sourceId);
      if (!(await store.decide(owner, sourceId, date, decision, clock.now(), by))) {
        throw new PregoneroError(
          "edition-state",
          `The edition of ${date} stands so that "${decision}" cannot be said of it.`,
          { status: 409 },
        );
      }
    },

    async backfill(owner, sourceId, { from, until }, by) {
      const { source, settings } = await find(owner, sourceId);
      requireDate(from);
      requireDate(until);
      if (until > todayIn(source.timeZone, clock.now())) throw ahead(until);
      if (from > until) throw refused(`A range from ${from} to ${until} has no day.`);
      if (countDays(from, until) > MAX_BACKFILL_DAYS) throw tooMany();
      const planned = expectedDays(settings, from, until).map((day) =>
        planEdition(settings, source.timeZone, day),
      );
      return store.backfill(owner, sourceId, { from, until }, planned, clock.now(), by);
    },

    async listBackfills(owner, sourceId) {
      await find(owner, sourceId);
      return store.listBackfills(owner, sourceId);
    },

    async cancelBackfill(owner, sourceId, id, by) {
      if (await store.cancelBackfill(owner, sourceId, id, clock.now(), by)) return;
      throw missing("There is no such back-fill that goes on.");
    },
  };
}

function presetOf({ preset }: SourceRequest): CollectionPreset | undefined {
  if (preset === undefined) return undefined;
  const found = presetNamed(preset);
  if (found !== undefined) return found;
  const known = COLLECTION_PRESETS.map(({ name }) => name).join(", ");
  throw refused(`There is no preset "${preset}". Known ones: ${known}.`);
}

function complete(
  base: CollectionSettings | undefined,
  given: Partial<CollectionSettings> = {},
): CollectionSettings {
  const { locator, hosts = [], ...rest } = { ...DEFAULT_SETTINGS, ...base, ...given };
  if (locator === undefined) throw refused("Say in `locator` where its editions are.");
  return { ...rest, locator, hosts };
}

/** As the presets begin; hours and patience are ours. */
export const DEFAULT_SETTINGS: Omit<CollectionSettings, "locator" | "hosts"> &
  Partial<Pick<CollectionSettings, "locator" | "hosts">> = {
  weekdays: [1, 2, 3, 4, 5],
  expectedAt: "06:00",
  holidays: [],
  lateAfterMinutes: 240,
  missingAfterMinutes: 2_160,
  lookEveryMinutes: 15,
  pauseSeconds: 2,
  recheckDays: 3,
  checksDate: true,
};

function check(settings: CollectionSettings, checkUrl: (url: string) => void): void {
  const [first] = settingsProblems(settings);
  if (first !== undefined) throw refused(`${first.field} ${first.problem}.`);
  const { locator } = settings;
  if ("url" in locator) checkUrl(fillAddress(locator.url, "2026-11-20", 1));
}

/** What takes the place of the file at the source's own address is called as that is: a correction, not a second one. */
function nameOf(
  { settings: { locator } }: CollectedSource,
  date: GazetteDate,
  given: string | undefined,
) {
  if (locator.kind === "address") return documentNameAt(fillAddress(locator.url, date));
  return (
    (given ?? `${date}.pdf`).replace(/[^\p{L}\p{N}._ -]/gu, "_").slice(0, 150) || `${date}.pdf`
  );
}

function requireTimeZone(timeZone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch {
    throw refused(
      `"${timeZone.slice(0, 60)}" is no time zone of the IANA list, such as America/Costa_Rica.`,
    );
  }
}

function requireDate(date: GazetteDate): void {
  if (!isGazetteDate(date))
    throw refused(`"${date.slice(0, 20)}" is not a date. Write it as 2026-11-20.`);
}

function ahead(date: GazetteDate): PregoneroError {
  return refused(`${date} lies ahead: no edition can be there yet.`);
}

function tooMany(): PregoneroError {
  return refused(`At most ${MAX_BACKFILL_DAYS} days at a time: ask for the rest after these.`);
}

function refused(message: string): PregoneroError {
  return new PregoneroError("source-refused", message, { status: 400 });
}

function missing(message: string): PregoneroError {
  return new PregoneroError("not-found", message, { status: 404 });
}
