import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET, PATCH, POST, PUT } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { useSigned } from "../shell/session.ts";

export type Prompt = Schema<"Prompt">;
export type PromptVersion = Schema<"PromptVersion">;
export type PromptRequest = Schema<"PromptRequest">;
export type Run = Schema<"PromptRun">;
export type RunSummary = Schema<"PromptRunSummary">;
export type RunState = Run["state"];
export type RunRequest = Schema<"PromptRunRequest">;
export type Statement = Schema<"PromptStatement">;
export type Citation = Statement["citations"][number];

export const RUN_STATES = [
  "waiting-for-review",
  "held",
  "approved",
  "rejected",
  "queued",
  "mapping",
  "reducing",
  "checking",
  "failed",
  "cancelled",
] as const satisfies readonly RunState[];

/** Nobody has to do anything yet. */
const WORKING: readonly RunState[] = ["queued", "mapping", "reducing", "checking"];
const PAGE = 20;
/** Of a run that is worked on: events tell its states, and nobody tells its steps. */
const BUSY_MS = 2_500;

export const isWorking = ({ state }: Pick<Run, "state">) => WORKING.includes(state);

/** For whom one may change, run and review, publish, and open pages; the API refuses the others all the same. */
export function useNewsroomRights() {
  const { role } = useSigned();
  const isBusiness = role === "owner" || role === "editor";
  return {
    mayChange: isBusiness,
    mayPublish: isBusiness,
    mayRead: isBusiness || role === "viewer",
  };
}

export function usePrompts() {
  return useQuery({
    queryKey: ["prompts", "list"],
    queryFn: async () => (await GET("/api/v1/prompts")).data.prompts,
  });
}

export async function readPrompt(promptId: string) {
  const { data, response } = await GET("/api/v1/prompts/{promptId}", {
    params: { path: { promptId } },
  });
  return { prompt: data, etag: etagOf(response) };
}

export function usePrompt(promptId: string) {
  return useQuery({
    queryKey: ["prompts", "one", promptId],
    queryFn: () => readPrompt(promptId),
  });
}

export function useVersions(promptId: string) {
  return useQuery({
    queryKey: ["prompts", "versions", promptId],
    queryFn: async () => {
      const params = { path: { promptId } };
      return (await GET("/api/v1/prompts/{promptId}/versions", { params })).data.versions;
    },
  });
}

/** Gazettes that are collected, by their slugs; of those that one may see. */
export function useSourceChoice() {
  const { mayRead } = useNewsroomRights();
  return useQuery({
    queryKey: ["gazettes", "sources"],
    enabled: mayRead,
    queryFn: async () => (await GET("/api/v1/sources")).data.sources,
  });
}

export function useAssistantNames() {
  const { mayRead } = useNewsroomRights();
  return useQuery({
    queryKey: ["assistants"],
    enabled: mayRead,
    queryFn: async () => (await GET("/api/v1/assistants")).data.assistants,
    select: (assistants) => assistants.map(({ name }) => name),
  });
}

/** The same key for the same words: sent again after a break, it is one prompt. */
export function useAddPrompt(onAdded: (prompt: Prompt) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, key }: { readonly body: PromptRequest; readonly key: string }) => {
      const header = { "Idempotency-Key": key };
      return (await POST("/api/v1/prompts", { params: { header }, body })).data;
    },
    onSuccess: async (prompt) => {
      await queries.invalidateQueries({ queryKey: ["prompts"] });
      onAdded(prompt);
    },
  });
}

export function usePromptChanges(promptId: string) {
  const queries = useQueryClient();
  const path = { promptId };
  const keep = ({ data, response }: { readonly data: Prompt; readonly response: Response }) => {
    queries.setQueryData(["prompts", "one", promptId], { prompt: data, etag: etagOf(response) });
    return queries.invalidateQueries({ queryKey: ["prompts"] });
  };
  return {
    change: useMutation({
      mutationFn: ({ body, etag }: { readonly body: PromptRequest; readonly etag: string }) =>
        PUT("/api/v1/prompts/{promptId}", {
          params: { path, header: { "If-Match": etag } },
          body,
        }),
      onSuccess: keep,
    }),
    pause: useMutation({
      mutationFn: (isPaused: boolean) =>
        PATCH("/api/v1/prompts/{promptId}", { params: { path }, body: { isPaused } }),
      onSuccess: keep,
      onError: tellFailure,
    }),
  };
}

export function useRemovePrompt(promptId: string, onRemoved: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => DELETE("/api/v1/prompts/{promptId}", { params: { path: { promptId } } }),
    onError: tellFailure,
    // Away first: what is read again is not there any more.
    onSuccess: () => {
      onRemoved();
      return queries.invalidateQueries({ queryKey: ["prompts"] });
    },
  });
}

export interface RunsWanted {
  readonly state?: RunState | undefined;
  readonly promptId?: string | undefined;
  readonly limit?: number;
}

export function useRuns({ state, promptId, limit = PAGE }: RunsWanted) {
  return useInfiniteQuery({
    queryKey: ["prompt-runs", "list", state, promptId, limit],
    queryFn: async ({ pageParam }) => {
      const query = {
        limit,
        ...(state !== undefined && { state }),
        ...(promptId !== undefined && { promptId }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      return (await GET("/api/v1/prompt-runs", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ runs }) => runs.some(isWorking)) ? BUSY_MS : false,
    select: ({ pages }) => pages.flatMap(({ runs }) => runs),
  });
}

const runKey = (runId: string) => ["prompt-runs", "one", runId];

export function useRun(runId: string) {
  return useQuery({
    queryKey: runKey(runId),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isWorking(data.run) ? BUSY_MS : false,
    queryFn: async () => {
      const params = { path: { runId } };
      const { data, response } = await GET("/api/v1/prompt-runs/{runId}", { params });
      return { run: data, etag: etagOf(response) };
    },
  });
}

export function useRunPages(runId: string) {
  return useQuery({
    queryKey: ["prompt-runs", "pages", runId],
    queryFn: async () => {
      const params = { path: { runId } };
      return (await GET("/api/v1/prompt-runs/{runId}/pages", { params })).data.pages;
    },
  });
}

export function useComparison(runId: string, other: string) {
  return useQuery({
    queryKey: ["prompt-runs", "comparison", runId, other],
    queryFn: async () => {
      const params = { path: { runId }, query: { with: other } };
      return (await GET("/api/v1/prompt-runs/{runId}/comparison", { params })).data;
    },
  });
}

/** What would be read and paid, before anything is. */
export function useEstimate(promptId: string, body: RunRequest) {
  return useQuery({
    queryKey: ["prompt-estimate", promptId, body],
    retry: false,
    queryFn: async () => {
      const params = { path: { promptId } };
      return (await POST("/api/v1/prompts/{promptId}/estimate", { params, body })).data;
    },
  });
}

export function useStartRun(promptId: string, onStarted: (run: Run) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, key }: { readonly body: RunRequest; readonly key: string }) => {
      const params = { path: { promptId }, header: { "Idempotency-Key": key } };
      return (await POST("/api/v1/prompts/{promptId}/runs", { params, body })).data;
    },
    onSuccess: async (run) => {
      await queries.invalidateQueries({ queryKey: ["prompt-runs"] });
      onStarted(run);
    },
  });
}

/** What a person may do with a run; what comes of it is shown as the server answers it. */
export function useRunSteps(runId: string) {
  const queries = useQueryClient();
  const path = { runId };
  const common = {
    onSuccess: ({ data, response }: { readonly data: Run; readonly response: Response }) => {
      queries.setQueryData(runKey(runId), { run: data, etag: etagOf(response) });
      return queries.invalidateQueries({ queryKey: ["prompt-runs", "list"] });
    },
    // Somebody else was there before: what stands now is read.
    onError: () => queries.invalidateQueries({ queryKey: runKey(runId) }),
  };
  return {
    edit: useMutation({
      ...common,
      mutationFn: ({
        body,
        etag,
      }: {
        readonly body: Schema<"PromptStatementsRequest">;
        readonly etag: string;
      }) =>
        PUT("/api/v1/prompt-runs/{runId}/statements", {
          params: { path, header: { "If-Match": etag } },
          body,
        }),
    }),
    approve: useMutation({
      ...common,
      mutationFn: ({ etag, ...body }: { etag: string; confirmUnsupported: boolean }) =>
        POST("/api/v1/prompt-runs/{runId}/approval", {
          params: { path, header: { "If-Match": etag } },
          body,
        }),
    }),
    reject: useMutation({
      ...common,
      mutationFn: ({ etag, ...body }: { etag: string; reason: string }) =>
        POST("/api/v1/prompt-runs/{runId}/rejection", {
          params: { path, header: { "If-Match": etag } },
          body,
        }),
    }),
    cancel: useMutation({
      ...common,
      mutationFn: () => POST("/api/v1/prompt-runs/{runId}/cancellation", { params: { path } }),
    }),
    retry: useMutation({
      ...common,
      mutationFn: () => POST("/api/v1/prompt-runs/{runId}/retry", { params: { path } }),
    }),
  };
}

function etagOf(response: Response): string {
  return response.headers.get("etag") ?? "*";
}
