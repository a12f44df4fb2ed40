import type { PersonId, SessionId, TenantId } from "./ids.ts";

/**
 * What a person may be in a tenant: `owner` everything; `editor` its business (documents, prompts, assistants);
 * `agent` conversations; `viewer` reads.
 */
export const TENANT_ROLES = ["owner", "editor", "agent", "viewer"] as const;
export type TenantRole = (typeof TENANT_ROLES)[number];

/** What a person may be in the installation: `platform-admin` manages tenants and people; `operator` sees its health. */
export const PLATFORM_ROLES = ["platform-admin", "operator"] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** Nobody with one of these goes on without a second factor. */
export const ROLES_WITH_TOTP: readonly (TenantRole | PlatformRole)[] = [
  "platform-admin",
  "operator",
  "owner",
];

export interface Membership {
  readonly tenantId: TenantId;
  readonly role: TenantRole;
}

/** Where a request comes from, for the audit log and the list of sessions. */
export interface RequestOrigin {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** Who asks, looked up at every request: a session that ended, or a role that changed, counts from the next one on. */
export interface SignedIn {
  readonly sessionId: SessionId;
  readonly personId: PersonId;
  readonly email: string;
  readonly name: string;
  readonly platformRole: PlatformRole | undefined;
  /** Those that are not disabled. */
  readonly memberships: readonly Membership[];
  readonly hasTotp: boolean;
  /** A role demands a second factor that is not there yet: nothing but setting it up is allowed. */
  readonly mustSetUpTotp: boolean;
  /** When password and second factor were last given in this session. */
  readonly provedAt: Date;
}

/** A session that has just begun, or gone on. The token is shown to the browser alone, and works once. */
export interface OpenedSession {
  readonly sessionId: SessionId;
  readonly personId: PersonId;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export type SignInOutcome =
  | ({ readonly kind: "signed-in" } & OpenedSession)
  /** The password is right. `credentialVersion` grows when credentials change, which ends a sign-in under way. */
  | {
      readonly kind: "totp-needed";
      readonly personId: PersonId;
      readonly credentialVersion: number;
    }
  /** Unknown, disabled, or a wrong password: not to be told apart. */
  | { readonly kind: "refused" };

export type RefreshOutcome =
  | ({ readonly kind: "refreshed" } & OpenedSession)
  /** Unknown, expired, ended, or used before, in which case the session has just been ended. */
  | { readonly kind: "refused" };

/** A second factor: six digits of the app, or one of the codes kept for the day that the phone is lost. */
export type SecondFactor =
  | { readonly kind: "totp"; readonly code: string }
  | { readonly kind: "recovery"; readonly code: string };

export interface SessionEntry {
  readonly sessionId: SessionId;
  readonly userAgent: string;
  readonly ip: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** Signing in and staying so. Every change is audited; errors name the field, never whether somebody exists. */
export interface SignIns {
  signIn(email: string, password: string, origin: RequestOrigin): Promise<SignInOutcome>;
  /** Undefined: refused. A code, once taken, is not taken again. */
  finishSignIn(
    pending: { readonly personId: PersonId; readonly credentialVersion: number },
    factor: SecondFactor,
    origin: RequestOrigin,
  ): Promise<OpenedSession | undefined>;
  refresh(refreshToken: string, origin: RequestOrigin): Promise<RefreshOutcome>;
  /** Undefined when the session has ended or expired, or its person is disabled. */
  find(sessionId: SessionId): Promise<SignedIn | undefined>;
  listSessions(personId: PersonId): Promise<readonly SessionEntry[]>;
  /** False: there is no such session of this person. */
  endSession(personId: PersonId, sessionId: SessionId, origin: RequestOrigin): Promise<boolean>;
  /** Ends all of the person's sessions but `except`. Returns how many. */
  endSessions(
    personId: PersonId,
    except: SessionId | undefined,
    origin: RequestOrigin,
  ): Promise<number>;
  /** Asks again for what only the person knows, before what is delicate. False: refused. */
  prove(
    signedIn: SignedIn,
    password: string,
    factor: SecondFactor | undefined,
    origin: RequestOrigin,
  ): Promise<boolean>;
}

/** A person's own password and second factor. */
export interface Credentials {
  /**
   * Ends every session and begins one anew. Undefined: the current password is wrong. Throws `password-refused`
   * (400) with the rule that the new one breaks.
   */
  changePassword(
    signedIn: SignedIn,
    currentPassword: string,
    password: string,
    origin: RequestOrigin,
  ): Promise<OpenedSession | undefined>;
  /** A secret for the authenticator app: it counts from `confirmTotp` on. */
  beginTotp(signedIn: SignedIn): Promise<{ readonly secret: string; readonly url: string }>;
  /**
   * The recovery codes, shown this once; undefined: the code is not of the secret that was begun. Ends the person's
   * other sessions.
   */
  confirmTotp(
    signedIn: SignedIn,
    code: string,
    origin: RequestOrigin,
  ): Promise<readonly string[] | undefined>;
  /** A token for a new password, good for 30 minutes, once. Throws `person-unknown` (404). */
  beginReset(
    personId: PersonId,
    options: { readonly dropsTotp: boolean; readonly actor: string },
  ): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /** Ends every session. False: the token is unknown, used or expired. Throws `password-refused` (400). */
  redeemReset(token: string, password: string, origin: RequestOrigin): Promise<boolean>;
}

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

export interface MemberView {
  readonly personId: PersonId;
  readonly email: string;
  readonly name: string;
  readonly role: TenantRole;
  readonly isDisabled: boolean;
  readonly hasTotp: boolean;
  readonly since: Date;
  readonly lastSignInAt: Date | undefined;
}

export interface InvitationView {
  readonly invitationId: string;
  readonly email: string;
  readonly role: TenantRole | PlatformRole;
  readonly invitedAt: Date;
  readonly expiresAt: Date;
}

/** `next` is the cursor of the following page; undefined: this is the last. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly next: string | undefined;
}

export interface PageRequest {
  /** As an earlier page gave it: the id of its last entry. Unknown: an empty page. */
  readonly cursor: string | undefined;
  readonly limit: number;
}

export interface MemberChange {
  readonly role?: TenantRole | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** Who belongs to what. */
export interface Members {
  /**
   * A token for the first person of an installation; a later one takes the place of an earlier one. Undefined: there
   * is somebody already.
   */
  prepareSetUp(): Promise<string | undefined>;
  /**
   * Makes the platform-admin, who also owns `tenantId`. Undefined: the token is wrong, or somebody was first. Throws
   * `password-refused` (400).
   */
  setUp(
    token: string,
    person: NewPerson,
    tenantId: TenantId,
    origin: RequestOrigin,
  ): Promise<OpenedSession | undefined>;
  /** Throws `already-member` (409). An open invitation of the same address and tenant loses its token. */
  invite(
    tenantId: TenantId | undefined,
    invitation: {
      readonly email: string;
      readonly role: TenantRole | PlatformRole;
      readonly actor: string;
    },
  ): Promise<{ readonly view: InvitationView; readonly token: string }>;
  listInvitations(tenantId: TenantId, page: PageRequest): Promise<Page<InvitationView>>;
  /** False: there is no such open invitation of this tenant. */
  withdrawInvitation(tenantId: TenantId, invitationId: string, actor: string): Promise<boolean>;
  /**
   * Joins with a new password. Undefined: the token is unknown, used, withdrawn or expired. Throws `sign-in-first`
   * (409) when the address is somebody's already, and `password-refused` (400).
   */
  accept(
    token: string,
    person: Omit<NewPerson, "email">,
    origin: RequestOrigin,
  ): Promise<OpenedSession | undefined>;
  /** As above, for somebody who is signed in. False also when the invitation is for another address. */
  acceptAs(signedIn: SignedIn, token: string, origin: RequestOrigin): Promise<boolean>;
  tenantExists(tenantId: TenantId): Promise<boolean>;
  /** By id or slug. */
  findTenant(wanted: string): Promise<TenantId | undefined>;
  list(tenantId: TenantId, page: PageRequest): Promise<Page<MemberView>>;
  find(tenantId: TenantId, personId: PersonId): Promise<MemberView | undefined>;
  /**
   * Ends all sessions of the member. Undefined: there is no such member of this tenant. Throws `last-owner` (409)
   * when nobody would own it any more.
   */
  change(
    tenantId: TenantId,
    personId: PersonId,
    change: MemberChange,
    actor: string,
  ): Promise<MemberView | undefined>;
  /** Whether nothing but this tenant is theirs: then its owner may help them to a new password. */
  belongsOnlyTo(tenantId: TenantId, personId: PersonId): Promise<boolean>;
  /** Of the installation. */
  findByEmail(email: string): Promise<PersonView | undefined>;
  listPeople(): Promise<readonly PersonView[]>;
  /** Ends all sessions. False: there is nobody with this id. Throws `last-admin` (409). */
  setDisabled(personId: PersonId, isDisabled: boolean, actor: string): Promise<boolean>;
}

export interface PersonView {
  readonly personId: PersonId;
  readonly email: string;
  readonly name: string;
  readonly platformRole: PlatformRole | undefined;
  readonly memberships: readonly Membership[];
  readonly isDisabled: boolean;
  readonly hasTotp: boolean;
  readonly lastSignInAt: Date | undefined;
}

export type People = SignIns & Credentials & { readonly members: Members };
