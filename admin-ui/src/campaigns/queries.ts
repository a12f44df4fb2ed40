import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { GET, newKey, POST } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";

export type Campaign = Schema<"Campaign">;
export type CampaignState = Campaign["state"];
export type RecipientState = keyof Campaign["counts"];
export const STATES = [
  "draft",
  "awaiting-approval",
  "scheduled",
  "sending",
  "paused",
  "done",
  "cancelled",
] as const satisfies readonly CampaignState[];
export const RECIPIENT_STATES = [
  "pending",
  "queued",
  "sent",
  "delivered",
  "read",
  "failed",
  "unknown",
  "skipped",
] as const satisfies readonly RecipientState[];

const PAGE = 30;

/** All keys begin with `campaigns`, which `campaign-changed` has read again (shell/live-events.tsx). */
export const oneKey = (id: string) => ["campaigns", "one", id] as const;

export function useCampaigns(state: CampaignState | undefined) {
  return useInfiniteQuery({
    queryKey: ["campaigns", "list", state],
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(state !== undefined && { state }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      return (await GET("/api/v1/campaigns", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ campaigns }) => campaigns),
  });
}

export function useCampaign(campaignId: string) {
  return useQuery({
    queryKey: oneKey(campaignId),
    queryFn: async () => {
      const params = { path: { campaignId } };
      const { data, response } = await GET("/api/v1/campaigns/{campaignId}", { params });
      return { campaign: data, etag: response.headers.get("etag") ?? "" };
    },
  });
}

export function useThreshold() {
  return useQuery({
    queryKey: ["campaign-policy"],
    queryFn: async () => (await GET("/api/v1/campaign-policy")).data.approvalAbove,
  });
}

/** Bots by the names of their lines, which every role may read. */
export function useLines() {
  return useQuery({
    queryKey: ["queues", "names"],
    queryFn: async () => (await GET("/api/v1/queues")).data.queues,
    select: (queues) => queues.map(({ botId, name, channel }) => ({ botId, name, channel })),
  });
}

/** What may be done with a campaign that is not a draft; the page follows by the events. */
export function useSteps(campaignId: string) {
  const queries = useQueryClient();
  const params = { path: { campaignId } };
  const options = {
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ["campaigns"] }),
  };
  return {
    unschedule: useMutation({
      ...options,
      mutationFn: () => POST("/api/v1/campaigns/{campaignId}/unschedule", { params }),
    }),
    pause: useMutation({
      ...options,
      mutationFn: () => POST("/api/v1/campaigns/{campaignId}/pause", { params }),
    }),
    resume: useMutation({
      ...options,
      mutationFn: () => POST("/api/v1/campaigns/{campaignId}/resume", { params }),
    }),
    cancel: useMutation({
      ...options,
      mutationFn: () => POST("/api/v1/campaigns/{campaignId}/cancel", { params }),
    }),
    judge: useMutation({
      ...options,
      mutationFn: ({ approved, etag }: { approved: boolean; etag: string }) =>
        POST("/api/v1/campaigns/{campaignId}/approval", {
          params: { ...params, header: { "If-Match": etag } },
          body: { approved },
        }),
    }),
    retryFailed: useMutation({
      ...options,
      mutationFn: () =>
        POST("/api/v1/campaigns/{campaignId}/retry-failed", {
          params: { ...params, header: { "Idempotency-Key": newKey() } },
          body: {},
        }),
    }),
    resendUnknown: useMutation({
      ...options,
      mutationFn: (recipients: readonly string[]) =>
        POST("/api/v1/campaigns/{campaignId}/resend-unknown", {
          params: { ...params, header: { "Idempotency-Key": newKey() } },
          body: { recipients: [...recipients] },
        }),
    }),
  };
}

export function totalOf({ counts }: Campaign): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
