import { useQuery } from "@tanstack/react-query";
import { GET } from "../api/api.ts";
import { useSigned } from "./session.ts";

/** The tenant that one acts in: its name, its languages, its clock. */
export function useTenant() {
  const { tenantId } = useSigned();
  return useQuery({
    queryKey: ["tenant", tenantId],
    enabled: tenantId !== undefined,
    staleTime: 10 * 60_000,
    queryFn: async () => (await GET("/api/v1/tenant")).data,
  });
}
