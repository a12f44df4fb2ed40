import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { EVERYWHERE, GET } from "../api/api.ts";
import { useSigned } from "../shell/session.ts";
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

/** Names of the tenant's people by their ids, for its owner; others read ids. */
export function usePeopleNames(): ReadonlyMap<string, string> {
  const { role, person } = useSigned();
  const members = useQuery({
    queryKey: ["members", "names"],
    enabled: role === "owner",
    staleTime: 5 * 60_000,
    queryFn: async () => (await GET("/api/v1/members")).data.members,
  });
  return new Map([
    ...(members.data ?? []).map(({ id, name }) => [id, name] as const),
    [person.id, person.name],
  ]);
}
