import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Schema } from "../../../client/index.ts";
import { DELETE, EVERYWHERE, GET, isProblem, PATCH, POST, PUT } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { useLiveEvents } from "../shell/live-events.tsx";
import { useSigned } from "../shell/session.ts";
import { type CalendarDay, recentMonths, todayIn } from "./calendar-grid.ts";

export type Source = Schema<"Source">;
export type Preset = Schema<"SourcePreset">;
export type Edition = Schema<"ExpectedEdition">;
export type Backfill = Schema<"Backfill">;
export type EditionReading = Schema<"EditionReading">;
export type PageReading = Schema<"PageReading">;

/** As long as the server gives a file to arrive. */
const UPLOAD_MS = 15 * 60_000;
/** While something is being read, people look at it. */
const BUSY_MS = 1_500;
/** Of who belongs to no tenant, whom nobody tells what happens. */
const UNTOLD_MS = 10_000;
const USUAL_MS = 60_000;
/** A page and its picture never change under their id. */
const READ_ONCE = { staleTime: Number.POSITIVE_INFINITY, gcTime: 5 * 60_000 } as const;

/** Public sources are changed as who operates the installation; a tenant's own as its member. */
export function ownerOf({ isPublic }: Pick<Source, "isPublic">) {
  return isPublic ? { headers: EVERYWHERE } : {};
}

/** For whom one may add sources, and which one may change; the API refuses the others all the same. */
export function useRights() {
  const { role, person } = useSigned();
  const mayOwn = role === "owner" || role === "editor";
  const mayPublic = person.platformRole !== null;
  return {
    mayOwn,
    mayPublic,
    mayChange: ({ isPublic }: Pick<Source, "isPublic">) => (isPublic ? mayPublic : mayOwn),
  };
}

export function useSources() {
  return useQuery({
    queryKey: ["gazettes", "sources"],
    refetchInterval: USUAL_MS,
    queryFn: async () => (await GET("/api/v1/sources")).data.sources,
  });
}

export function usePresets() {
  return useQuery({
    queryKey: ["gazettes", "presets"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await GET("/api/v1/source-presets")).data.presets,
  });
}

export async function readSource(sourceId: string) {
  const { data, response } = await GET("/api/v1/sources/{sourceId}", {
    params: { path: { sourceId } },
  });
  return { source: data, etag: response.headers.get("etag") ?? "" };
}

export function useSource(sourceId: string) {
  return useQuery({
    queryKey: ["gazettes", "source", sourceId],
    queryFn: () => readSource(sourceId),
  });
}

function calendarOptions(sourceId: string, month: string) {
  return queryOptions({
    queryKey: ["gazettes", "calendar", sourceId, month],
    queryFn: async () => {
      const params = { path: { sourceId }, query: { month } };
      return (await GET("/api/v1/sources/{sourceId}/calendar", { params })).data;
    },
  });
}

export function useCalendar(source: Source, month: string) {
  const { tenantId } = useSigned();
  return useQuery({
    ...calendarOptions(source.id, month),
    refetchInterval: ({ state }) => {
      if (state.data?.days.some(({ edition }) => isBusy(source, edition))) return BUSY_MS;
      return tenantId === undefined ? UNTOLD_MS : USUAL_MS;
    },
  });
}

/** The days of late of each source, by its id; a source is absent until they are there. */
export function useRecentDays(
  sources: readonly Source[],
): ReadonlyMap<string, readonly CalendarDay[]> {
  const now = Date.now();
  const wanted = sources.flatMap(({ id, timeZone }) =>
    recentMonths(todayIn(timeZone, now)).map((month) => ({ id, month })),
  );
  return useQueries({
    queries: wanted.map(({ id, month }) => ({
      ...calendarOptions(id, month),
      refetchInterval: USUAL_MS,
    })),
    combine: (results) => {
      const days = new Map<string, CalendarDay[]>();
      results.forEach(({ data }, at) => {
        const id = wanted[at]?.id;
        if (id === undefined || data === undefined) return;
        days.set(id, [...(days.get(id) ?? []), ...data.days]);
      });
      return days;
    },
  });
}

const editionKey = (sourceId: string, date: string) => ["gazettes", "edition", sourceId, date];

/** Null: nobody has looked for one yet. */
export function useEdition(source: Source, date: string) {
  return useQuery({
    queryKey: editionKey(source.id, date),
    refetchInterval: ({ state: { data = null } }) => (isBusy(source, data) ? BUSY_MS : false),
    queryFn: async () => {
      const path = "/api/v1/sources/{sourceId}/editions/{date}";
      try {
        return (await GET(path, { params: { path: { sourceId: source.id, date } } })).data;
      } catch (error) {
        if (isProblem(error) && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** Somebody is at it, or will be in a moment. */
function isBusy(
  { isPaused }: Pick<Source, "isPaused">,
  edition: Pick<Edition, "state" | "nextAttemptAt"> | null,
): boolean {
  if (edition === null || isPaused) return false;
  if (edition.state === "collecting") return true;
  return edition.nextAttemptAt !== null && Date.parse(edition.nextAttemptAt) <= Date.now();
}

export function useBackfills(sourceId: string) {
  return useQuery({
    queryKey: ["gazettes", "backfills", sourceId],
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? BUSY_MS : false),
    queryFn: async () => {
      const params = { path: { sourceId } };
      return (await GET("/api/v1/sources/{sourceId}/backfills", { params })).data.backfills;
    },
  });
}

export function isRunning({ cancelledAt, settled, total }: Backfill): boolean {
  return cancelledAt === null && settled < total;
}

/** Reads again what an event says has changed; of many in a row, once. */
export function useGazetteEvents(): void {
  const queries = useQueryClient();
  const changed = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvents(({ kind, data }) => {
    if (kind !== "source-changed" && kind !== "edition-changed" && kind !== "edition-alert") return;
    changed.current.add(String(data.sourceId));
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const ids = [...changed.current];
      changed.current.clear();
      for (const id of ids) void readAgain(queries, id);
    }, BUSY_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** Everything that is told of a source but the pages of its editions, which stay as they were read. */
function readAgain(queries: QueryClient, sourceId: string): Promise<unknown> {
  return queries.invalidateQueries({
    predicate: ({ queryKey: [all, what, id] }) =>
      all === "gazettes" && (what === "sources" || id === sourceId),
  });
}

export function useAddSource(onAdded: (source: Source) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({
      body,
      isPublic,
    }: {
      readonly body: Schema<"SourceRequest">;
      readonly isPublic: boolean;
    }) => (await POST("/api/v1/sources", { ...ownerOf({ isPublic }), body })).data,
    onSuccess: async (source) => {
      await queries.invalidateQueries({ queryKey: ["gazettes", "sources"] });
      onAdded(source);
    },
  });
}

/** Without `etag`, whatever it has become: to pause in a hurry. */
export function useChangeSource(source: Source) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({
      body,
      etag,
    }: {
      readonly body: Schema<"SourceChange">;
      readonly etag?: string;
    }) =>
      PATCH("/api/v1/sources/{sourceId}", {
        ...ownerOf(source),
        params: {
          path: { sourceId: source.id },
          ...(etag !== undefined && { header: { "If-Match": etag } }),
        },
        body,
      }),
    onSuccess: () => readAgain(queries, source.id),
  });
}

export function useRemoveSource(source: Source, onRemoved: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      DELETE("/api/v1/sources/{sourceId}", {
        ...ownerOf(source),
        params: { path: { sourceId: source.id } },
      }),
    onError: tellFailure,
    // Away first: what is read again is not there any more.
    onSuccess: () => {
      onRemoved();
      return queries.invalidateQueries({ queryKey: ["gazettes", "sources"] });
    },
  });
}

/** What one may do about one edition; what comes of it is shown as the server answers it. */
export function useEditionActions(source: Source, date: string) {
  const queries = useQueryClient();
  const params = { path: { sourceId: source.id, date } };
  const common = {
    onSuccess: async (edition: Edition) => {
      queries.setQueryData(editionKey(source.id, date), edition);
      await readAgain(queries, source.id);
    },
    onError: tellFailure,
  };
  return {
    lookNow: useMutation({
      ...common,
      mutationFn: async () => {
        const path = "/api/v1/sources/{sourceId}/editions/{date}/collect";
        return (await POST(path, { ...ownerOf(source), params })).data;
      },
    }),
    readAnew: useMutation({
      ...common,
      mutationFn: async () => {
        const path = "/api/v1/sources/{sourceId}/editions/{date}/reading";
        return (await POST(path, { ...ownerOf(source), params })).data;
      },
    }),
    upload: useMutation({
      ...common,
      mutationFn: async (file: File) => {
        const path = "/api/v1/sources/{sourceId}/editions/{date}/content";
        const sent = await PUT(path, {
          ...ownerOf(source),
          params: { ...params, query: { fileName: file.name.slice(-150) } },
          body: file.slice(0, file.size, "application/pdf"),
          timeoutMs: UPLOAD_MS,
        });
        return sent.data;
      },
    }),
    decide: useMutation({
      ...common,
      mutationFn: async (decision: Schema<"EditionDecision">["decision"]) => {
        const path = "/api/v1/sources/{sourceId}/editions/{date}/decision";
        return (await POST(path, { ...ownerOf(source), params, body: { decision } })).data;
      },
    }),
  };
}

export function useBackfillActions(source: Source) {
  const queries = useQueryClient();
  const after = () => readAgain(queries, source.id);
  return {
    ask: useMutation({
      mutationFn: async (body: Schema<"BackfillRequest">) =>
        POST("/api/v1/sources/{sourceId}/backfills", {
          ...ownerOf(source),
          params: { path: { sourceId: source.id } },
          body,
        }),
      onSuccess: after,
    }),
    cancel: useMutation({
      mutationFn: (backfillId: string) =>
        DELETE("/api/v1/sources/{sourceId}/backfills/{backfillId}", {
          ...ownerOf(source),
          params: { path: { sourceId: source.id, backfillId } },
        }),
      onError: tellFailure,
      onSettled: after,
    }),
  };
}

/** Of the last look that found the site laid out otherwise. */
export function useScreenshot(sourceId: string, date: string, isWanted: boolean) {
  return useQuery({
    queryKey: ["gazettes", "screenshot", sourceId, date],
    enabled: isWanted,
    queryFn: async () => {
      const path = "/api/v1/sources/{sourceId}/editions/{date}/screenshot";
      return (await GET(path, { params: { path: { sourceId, date } }, parseAs: "blob" })).data;
    },
  });
}

export function useEditionReading(editionId: string) {
  return useQuery({
    queryKey: ["gazettes", "reading", editionId],
    ...READ_ONCE,
    queryFn: async () => {
      const params = { path: { editionId } };
      return (await GET("/api/v1/editions/{editionId}", { params })).data;
    },
  });
}

function pageOptions(editionId: string, page: number) {
  return queryOptions({
    queryKey: ["gazettes", "page", editionId, page],
    ...READ_ONCE,
    queryFn: async () => {
      const params = { path: { editionId, page: String(page) } };
      return (await GET("/api/v1/editions/{editionId}/pages/{page}", { params })).data;
    },
  });
}

function imageOptions(editionId: string, page: number) {
  return queryOptions({
    queryKey: ["gazettes", "image", editionId, page],
    ...READ_ONCE,
    queryFn: async () => {
      const path = "/api/v1/editions/{editionId}/pages/{page}/image";
      const params = { path: { editionId, page: String(page) }, query: { width: "1200" as const } };
      return (await GET(path, { params, parseAs: "blob" })).data;
    },
  });
}

export function usePageReading(editionId: string, page: number) {
  return useQuery(pageOptions(editionId, page));
}

export function usePageImage(editionId: string, page: number) {
  return useQuery(imageOptions(editionId, page));
}

/** So that leafing on shows it at once. Drawing takes the server about a second. */
export function useReadAhead(editionId: string, page: number | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (page === undefined) return;
    void queries.prefetchQuery(pageOptions(editionId, page));
    void queries.prefetchQuery(imageOptions(editionId, page));
  }, [queries, editionId, page]);
}
