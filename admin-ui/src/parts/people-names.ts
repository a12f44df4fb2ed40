import { useQuery } from "@tanstack/react-query";
import { GET } from "../api/api.ts";
import { useSigned } from "../shell/session.ts";

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

/** Of an actor as the audit names it. */
export function nameOf(actor: string, names: ReadonlyMap<string, string>): string {
  return names.get(actor.replace(/^person:/, "")) ?? actor;
}
