import type { Role } from "../shell/session.ts";

/** Of a tenant; from the one that may do most. */
export const ROLES = ["owner", "editor", "agent", "viewer"] as const satisfies readonly Role[];

export function roleNamed(name: string | null): Role {
  return ROLES.find((role) => role === name) ?? "viewer";
}
