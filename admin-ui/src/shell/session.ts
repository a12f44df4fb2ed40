import { createContext, useContext } from "react";
import type { Person } from "../api/types.ts";

export type Role = Person["memberships"][number]["role"];

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
