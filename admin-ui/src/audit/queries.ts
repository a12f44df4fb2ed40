import { useInfiniteQuery } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { EVERYWHERE, GET } from "../api/api.ts";
import { type AuditFilter, toAuditQuery } from "./filter.ts";

export type AuditEntry = Schema<"AuditEntry">;

const PAGE = 50;

export function useAudit(filter: AuditFilter, isEverywhere: boolean) {
  return useInfiniteQuery({
    queryKey: ["audit", isEverywhere, filter],
    queryFn: async ({ pageParam }) => {
      const query = {
        ...toAuditQuery(filter),
        limit: PAGE,
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      const init = { params: { query }, ...(isEverywhere && { headers: EVERYWHERE }) };
      return (await GET("/api/v1/audit", init)).data;
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => (next === null ? undefined : Number(next)),
    select: ({ pages }) => pages.flatMap(({ entries }) => entries),
  });
}
