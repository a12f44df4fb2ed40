import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { GET, inTenant } from "../api/api.ts";
import { useSigned } from "./session.ts";

/** A tenant that one belongs to: its name, its languages, its clock. */
export function tenantQuery(tenantId: string | undefined) {
  return queryOptions({
    queryKey: ["tenant", tenantId],
    staleTime: 10 * 60_000,
    queryFn:
      tenantId === undefined
        ? skipToken
        : async () => (await GET("/api/v1/tenant", { headers: inTenant(tenantId) })).data,
  });
}

/** The tenant that one acts in. */
export function useTenant() {
  return useQuery(tenantQuery(useSigned().tenantId));
}
