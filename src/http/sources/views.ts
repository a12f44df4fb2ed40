import type { z } from "zod";
import type {
  Backfill,
  CollectedSource,
  Expectation,
  ExpectationHistory,
  Reason,
} from "../../core/newsroom.ts";
import type { CalendarDay } from "../../newsroom/collection/source-admin.ts";
import type { CollectionPreset } from "../../newsroom/collection/source-presets.ts";
import type {
  BackfillShape,
  CalendarShape,
  EditionShape,
  PresetsShape,
  SettingsShape,
  SourceShape,
} from "./contract.ts";

export function viewSource(collected: CollectedSource): z.infer<typeof SourceShape> {
  const { source, settings } = collected;
  return {
    id: source.sourceId,
    isPublic: source.tenantId === undefined,
    slug: source.slug,
    name: source.name,
    language: source.language,
    country: source.country,
    timeZone: source.timeZone,
    preset: collected.preset ?? null,
    settings: viewSettings(settings),
    isPaused: collected.isPaused,
    pauseReason: collected.pauseReason ?? null,
    since: collected.since,
    lastCollectedOn: collected.lastCollectedOn ?? null,
  };
}

function viewSettings(settings: CollectedSource["settings"]): z.infer<typeof SettingsShape> {
  return {
    ...settings,
    locator: { ...settings.locator },
    hosts: [...settings.hosts],
    weekdays: [...settings.weekdays],
    holidays: [...settings.holidays],
  };
}

export function viewPreset(
  preset: CollectionPreset,
): z.infer<typeof PresetsShape>["presets"][number] {
  return {
    name: preset.name,
    title: preset.source.name,
    country: preset.source.country,
    timeZone: preset.source.timeZone,
    settings: viewSettings(preset.settings),
    doubt: preset.doubt ?? null,
  };
}

export function viewCalendar(
  month: string,
  timeZone: string,
  days: readonly CalendarDay[],
): z.infer<typeof CalendarShape> {
  return {
    month,
    timeZone,
    days: days.map(({ date, isExpected, edition }) => ({
      date,
      isExpected,
      edition: edition === undefined ? null : viewExpectation(edition),
    })),
  };
}

function viewExpectation(edition: Expectation) {
  return {
    state: edition.state,
    reason: viewReason(edition.reason),
    attempts: edition.attempts,
    expectedAt: edition.expectedAt.toISOString(),
    lateAt: edition.lateAt.toISOString(),
    closesAt: edition.closesAt.toISOString(),
    nextAttemptAt: edition.nextAttemptAt?.toISOString() ?? null,
    alertedAt: edition.alertedAt?.toISOString() ?? null,
    changedAt: edition.changedAt.toISOString(),
  };
}

export function viewHistory(history: ExpectationHistory): z.infer<typeof EditionShape> {
  const { expectation, documents, attempts, changes } = history;
  return {
    date: expectation.publishedOn,
    ...viewExpectation(expectation),
    documents: documents.map((document) => ({
      id: document.id,
      url: document.url ?? null,
      documentName: document.documentName,
      state: document.state,
      contentHash: document.contentHash,
      byteCount: document.byteCount,
      editionId: document.editionId ?? null,
      fetchedAt: document.fetchedAt.toISOString(),
    })),
    tries: attempts.map((attempt) => ({
      number: attempt.number,
      owner: attempt.owner,
      startedAt: attempt.startedAt.toISOString(),
      endedAt: attempt.endedAt?.toISOString() ?? null,
      outcome: attempt.outcome ?? null,
      reason: viewReason(attempt.reason),
      step: attempt.step ?? null,
      pages: attempt.pages ?? null,
      byteCount: attempt.byteCount,
      documentCount: attempt.documentCount,
      evidence: attempt.evidence
        ? { hasScreenshot: attempt.evidence.screenshotKey !== undefined }
        : null,
    })),
    changes: changes.map(({ from, to, reason, at }) => ({
      from: from ?? null,
      to,
      reason: viewReason(reason),
      at: at.toISOString(),
    })),
  };
}

function viewReason(reason: Reason | undefined): Reason | null {
  return reason === undefined ? null : { code: reason.code, detail: reason.detail };
}

export function viewBackfill(backfill: Backfill): z.infer<typeof BackfillShape> {
  return {
    id: backfill.id,
    from: backfill.from,
    until: backfill.until,
    askedBy: backfill.askedBy,
    askedAt: backfill.askedAt.toISOString(),
    cancelledAt: backfill.cancelledAt?.toISOString() ?? null,
    counts: { ...backfill.counts },
    total: backfill.total,
    settled: backfill.settled,
  };
}
