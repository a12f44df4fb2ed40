import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET, newKey, PATCH, POST } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { useNewsroomRights } from "./queries.ts";

export type Target = Schema<"PublishingTarget">;
export type TargetKind = Target["kind"];
export type TargetRequest = Schema<"PublishingTargetRequest">;
export type TargetChange = Schema<"PublishingTargetChange">;
export type Publication = Schema<"Publication">;
export type PublicationWithPosts = Schema<"PublicationWithPosts">;
export type Post = PublicationWithPosts["posts"][number];
export type PublishRequest = Schema<"PublishRequest">;
export type WhenRequest = Schema<"PublicationRescheduleRequest">;

export const TARGET_KINDS = [
  "x",
  "telegram-channel",
  "whatsapp-template",
  "edition-page",
  "email",
  "webhook",
] as const satisfies readonly TargetKind[];
export const PUBLICATION_STATES = [
  "scheduled",
  "publishing",
  "published",
  "unknown",
  "failed",
  "cancelled",
] as const satisfies readonly Publication["state"][];

const PAGE = 20;
/** While posts go out, people look at it. */
const BUSY_MS = 2_500;
/** What lies a minute ahead is looked at as if it went out. */
const SOON_MS = 60_000;
/** The network itself may take half a minute to answer. */
const CHECK_MS = 45_000;

/** All keys begin with what an event has read again (shell/live-events.tsx). */
export function useTargets() {
  const { mayPublish } = useNewsroomRights();
  return useQuery({
    queryKey: ["publishing-targets"],
    enabled: mayPublish,
    queryFn: async () => (await GET("/api/v1/publishing-targets")).data.targets,
  });
}

export function useAddTarget(onAdded: (target: Target) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, key }: { readonly body: TargetRequest; readonly key: string }) => {
      const params = { header: { "Idempotency-Key": key } };
      return (await POST("/api/v1/publishing-targets", { params, body })).data;
    },
    onSuccess: async (target) => {
      await queries.invalidateQueries({ queryKey: ["publishing-targets"] });
      onAdded(target);
    },
  });
}

/** What is changed was read a moment ago, and is changed as a whole: whatever it has become meanwhile. */
export function useTargetActions({ id: targetId }: Target) {
  const queries = useQueryClient();
  const path = { targetId };
  const after = () => queries.invalidateQueries({ queryKey: ["publishing-targets"] });
  return {
    change: useMutation({
      mutationFn: async (body: TargetChange) => {
        const params = { path, header: { "If-Match": "*" } };
        return (await PATCH("/api/v1/publishing-targets/{targetId}", { params, body })).data;
      },
      onSuccess: after,
    }),
    check: useMutation({
      mutationFn: async () => {
        const params = { path };
        const options = { params, timeoutMs: CHECK_MS };
        return (await POST("/api/v1/publishing-targets/{targetId}/check", options)).data;
      },
      onSettled: after,
      onError: tellFailure,
    }),
    remove: useMutation({
      mutationFn: () => DELETE("/api/v1/publishing-targets/{targetId}", { params: { path } }),
      onError: tellFailure,
      onSuccess: async () => {
        await after();
        await queries.invalidateQueries({ queryKey: ["publications"] });
      },
    }),
  };
}

/** Bots by their kinds, and groups of contacts, for targets that go through them. */
export function useBotChoice() {
  return useQuery({
    queryKey: ["bots"],
    queryFn: async () => (await GET("/api/v1/bots")).data.bots,
  });
}

export function useSegmentChoice(isWanted: boolean) {
  return useQuery({
    queryKey: ["segments"],
    enabled: isWanted,
    queryFn: async () =>
      (await GET("/api/v1/segments", { params: { query: { limit: 100 } } })).data.segments,
  });
}

export interface PublicationsWanted {
  readonly state?: Publication["state"] | undefined;
  readonly targetId?: string | undefined;
  readonly runId?: string | undefined;
}

export function usePublications({ state, targetId, runId }: PublicationsWanted) {
  return useInfiniteQuery({
    queryKey: ["publications", "list", state, targetId, runId],
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(state !== undefined && { state }),
        ...(targetId !== undefined && { targetId }),
        ...(runId !== undefined && { runId }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      return (await GET("/api/v1/publications", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ publications }) => publications.some(isGoing)) ? BUSY_MS : false,
    select: ({ pages }) => pages.flatMap(({ publications }) => publications),
  });
}

const oneKey = (publicationId: string) => ["publications", "one", publicationId];

export function usePublication(publicationId: string) {
  return useQuery({
    queryKey: oneKey(publicationId),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isGoing(data) ? BUSY_MS : false,
    queryFn: async () => {
      const params = { path: { publicationId } };
      return (await GET("/api/v1/publications/{publicationId}", { params })).data;
    },
  });
}

/** Its posts go out, or will in a moment. */
function isGoing({ state, nextAttemptAt }: Pick<Publication, "state" | "nextAttemptAt">): boolean {
  if (state !== "scheduled" && state !== "publishing") return false;
  return nextAttemptAt === null || Date.parse(nextAttemptAt) < Date.now() + SOON_MS;
}

/** What would be posted on each target, word for word. */
export function usePreviews(runId: string) {
  return useQuery({
    queryKey: ["publishing-targets", "preview", runId],
    queryFn: async () =>
      (await POST("/api/v1/publications/preview", { body: { runId } })).data.previews,
  });
}

export function usePublish(onAsked: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, key }: { readonly body: PublishRequest; readonly key: string }) => {
      const params = { header: { "Idempotency-Key": key } };
      return (await POST("/api/v1/publications", { params, body })).data.publications;
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["publications"] });
      onAsked();
    },
  });
}

/** What a person may do with a publication; what comes of it is shown as the server answers it. */
export function usePublicationSteps(publicationId: string) {
  const queries = useQueryClient();
  const path = { publicationId };
  const once = () => ({ params: { path, header: { "Idempotency-Key": newKey() } } });
  const common = {
    onSuccess: ({ data }: { readonly data: PublicationWithPosts }) => {
      queries.setQueryData(oneKey(publicationId), data);
      return queries.invalidateQueries({ queryKey: ["publications", "list"] });
    },
    onError: (error: Error) => {
      tellFailure(error);
      return queries.invalidateQueries({ queryKey: oneKey(publicationId) });
    },
  };
  return {
    cancel: useMutation({
      ...common,
      mutationFn: () => POST("/api/v1/publications/{publicationId}/cancel", once()),
    }),
    retry: useMutation({
      ...common,
      mutationFn: () => POST("/api/v1/publications/{publicationId}/retry", once()),
    }),
    accept: useMutation({
      ...common,
      mutationFn: (body: Schema<"PublicationDoubtRequest">) =>
        POST("/api/v1/publications/{publicationId}/accept", { ...once(), body }),
    }),
    resend: useMutation({
      ...common,
      mutationFn: (body: Schema<"PublicationDoubtRequest">) =>
        POST("/api/v1/publications/{publicationId}/resend", { ...once(), body }),
    }),
    schedule: useMutation({
      onSuccess: common.onSuccess,
      mutationFn: (body: WhenRequest) =>
        POST("/api/v1/publications/{publicationId}/schedule", { params: { path }, body }),
    }),
  };
}
