import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { session } from "../api/api.ts";
import type { Person } from "../api/types.ts";

export type Role = Person["memberships"][number]["role"];

/** Whether somebody is signed in, and who. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: session,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in, where they act, and as what. */
export interface Signed {
  readonly person: Person;
  /** Undefined: of the platform alone, in no tenant. */
  readonly tenantId: string | undefined;
  readonly role: Role | undefined;
  switchTenant(tenantId: string): void;
  signOut(): Promise<void>;
}

const SignedContext = createContext<Signed | undefined>(undefined);
export const SignedProvider = SignedContext.Provider;

export function useSigned(): Signed {
  const signed = useContext(SignedContext);
  if (signed === undefined) throw new Error("Only who is signed in sees this.");
  return signed;
}

const KEPT_AS = "pregonero-tenant";

/** The tenant that was chosen last, when it is still theirs; else the first. */
export function chosenTenant(person: Person): string | undefined {
  const kept = localStorage.getItem(KEPT_AS);
  const ids = person.memberships.map(({ tenantId }) => tenantId);
  return ids.find((id) => id === kept) ?? ids[0];
}

export function keepTenant(tenantId: string): void {
  localStorage.setItem(KEPT_AS, tenantId);
}
