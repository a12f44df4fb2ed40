import type { PlatformRole, TenantRole } from "../core/people.ts";
import type { CommandContext } from "./ports.ts";

/** What the command line can do with people; part of `CommandPorts`. */
export interface UserPorts {
  addUser(input: AddUserInput, context: CommandContext): Promise<LinkView>;
  listUsers(input: Record<string, never>, context: CommandContext): Promise<readonly UserView[]>;
  setUserDisabled(
    input: { readonly email: string; readonly isDisabled: boolean },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  resetUserPassword(
    input: { readonly email: string; readonly dropsTotp: boolean },
    context: CommandContext,
  ): Promise<LinkView>;
}

export interface AddUserInput {
  readonly email: string;
  readonly role: TenantRole | PlatformRole;
  /** Id or slug; absent: the tenant that the command line acts for. */
  readonly tenant?: string | undefined;
}

/** Whoever has it can use it, once. */
export interface LinkView {
  readonly url: string;
  readonly expiresAt: string;
}

export interface UserView {
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly isDisabled: boolean;
  readonly hasTotp: boolean;
  readonly lastSignInAt: string | undefined;
}
