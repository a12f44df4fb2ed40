import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { EVERYWHERE, GET } from "../api/api.ts";

export type Shedding = Schema<"Shedding">;
export interface WholeHealth {
  readonly checkedAt: string;
  readonly components: readonly Schema<"HealthComponent">[];
}
export type TenantEntry = Schema<"TenantEntry">;
export type Announcement = Schema<"Announcement">;
export type SecurityEventKind = Schema<"SecurityEvent">["kind"];

const LOOK_EVERY_MS = 15_000;
/** Networks and providers are asked each time. */
const EXAMINE_EVERY_MS = 30_000;
const PAGE = 30;
/** Of the whole installation; the tenant that one acts in has queries of its own. */
const headers = EVERYWHERE;

/** Sweden writes ISO 8601. */
const today = () => new Intl.DateTimeFormat("sv-SE").format(Date.now());

export function useWholeHealth() {
  return useQuery({
    queryKey: ["health", "everywhere"],
    refetchInterval: EXAMINE_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/health", { headers })).data,
  });
}

export function useAllQueues() {
  return useQuery({
    queryKey: ["queues", "everywhere"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/queues", { headers })).data.queues,
  });
}

export function useShedding() {
  return useQuery({
    queryKey: ["shedding"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/shedding")).data,
  });
}

export function useSwitches() {
  return useQuery({
    queryKey: ["switches"],
    queryFn: async () => (await GET("/api/v1/switches", { headers })).data,
  });
}

/** What all tenants' bots did today. */
export function useToday() {
  return useQuery({
    queryKey: ["analytics", "everywhere"],
    refetchInterval: 60_000,
    queryFn: async () => {
      const query = { from: today(), to: today(), limit: 1 };
      return (await GET("/api/v1/platform/analytics", { params: { query } })).data.total;
    },
  });
}

export function useTenants() {
  return useInfiniteQuery({
    queryKey: ["tenants"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/tenants", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ tenants }) => tenants),
  });
}

export function usePlans() {
  return useQuery({
    queryKey: ["plans"],
    queryFn: async () => (await GET("/api/v1/plans")).data.plans,
  });
}

export function usePublished() {
  return useInfiniteQuery({
    queryKey: ["announcements", "published"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/platform/announcements", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ announcements }) => announcements),
  });
}

/** `everywhere`: of the whole installation; else of the tenant that one acts in. */
export function useSecurityEvents(
  kind: SecurityEventKind | undefined,
  source: string,
  isEverywhere: boolean,
) {
  return useInfiniteQuery({
    queryKey: ["security-events", isEverywhere, kind, source],
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(kind !== undefined && { kind }),
        ...(source !== "" && { source }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      const init = { params: { query }, ...(isEverywhere && { headers }) };
      return (await GET("/api/v1/security-events", init)).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ securityEvents }) => securityEvents),
  });
}
