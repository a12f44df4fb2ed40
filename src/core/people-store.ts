import type { PersonId, SessionId, TenantId } from "./ids.ts";
import type {
  InvitationView,
  Membership,
  MemberView,
  Page,
  PageRequest,
  PersonView,
  PlatformRole,
  RequestOrigin,
  SessionEntry,
  TenantRole,
} from "./people.ts";

/** SHA-256 of a random token of 256 bits; the token itself is nowhere. */
export type TokenHash = Buffer;

/** A person as the domain sees them, credentials included. */
export interface StoredPerson extends PersonView {
  /** PHC string of argon2id. */
  readonly passwordHash: string;
  /** Base32. */
  readonly totpSecret: string | undefined;
  /** Begun, not confirmed. */
  readonly pendingTotpSecret: string | undefined;
  /** Grows with each change of password or second factor. */
  readonly credentialVersion: number;
}

export interface StoredSession {
  readonly sessionId: SessionId;
  readonly personId: PersonId;
  readonly provedAt: Date;
  readonly expiresAt: Date;
  /** The identity provider asked for a second factor: ours is not demanded besides. */
  readonly hasOutsideFactor: boolean;
}

export interface NewSession {
  readonly sessionId: SessionId;
  readonly tokenHash: TokenHash;
  readonly expiresAt: Date;
  /** Ends when it is not refreshed until then. */
  readonly idleAt: Date;
}

export interface AuditEntry {
  /** Undefined: of the installation. */
  readonly tenantId?: TenantId | undefined;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly origin?: RequestOrigin;
}

export type Rotation =
  | { readonly kind: "rotated" | "repeated"; readonly session: StoredSession }
  /** An old token came again: the session is ended. */
  | { readonly kind: "reused"; readonly session: StoredSession }
  | { readonly kind: "unknown" };

export interface PersonRecord {
  readonly personId: PersonId;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * People at rest: addresses, names and secrets encrypted, tokens hashed. Each call is one transaction that writes
 * its audit entry too. Times are given, not taken from the database.
 */
export interface PeopleStore {
  findByEmail(email: string): Promise<StoredPerson | undefined>;
  findPerson(personId: PersonId): Promise<StoredPerson | undefined>;
  listPeople(): Promise<readonly PersonView[]>;
  note(entry: AuditEntry): Promise<void>;

  openSession(
    personId: PersonId,
    session: NewSession,
    now: Date,
    origin: RequestOrigin,
  ): Promise<void>;
  /** Undefined when it has ended or expired, or the person is disabled. */
  findSession(
    sessionId: SessionId,
    now: Date,
  ): Promise<{ readonly session: StoredSession; readonly person: StoredPerson } | undefined>;
  /**
   * Uses up `token` and puts `child` in its place. Within `graceMs` of its use, and while the child is unused, the
   * same token is answered `repeated`; later it is `reused`.
   */
  rotate(
    token: TokenHash,
    child: TokenHash,
    times: { readonly now: Date; readonly graceMs: number; readonly idleAt: Date },
    origin: RequestOrigin,
  ): Promise<Rotation>;
  listSessions(personId: PersonId, now: Date): Promise<readonly SessionEntry[]>;
  endSession(
    personId: PersonId,
    sessionId: SessionId,
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;
  endSessions(
    personId: PersonId,
    except: SessionId | undefined,
    reason: string,
    now: Date,
    origin: RequestOrigin,
  ): Promise<number>;
  proveSession(sessionId: SessionId, now: Date, origin: RequestOrigin): Promise<void>;

  /** False: a code of this step, or of a later one, was taken before. */
  takeTotpStep(personId: PersonId, step: number): Promise<boolean>;
  /** False: there is no such code, or it was used. */
  takeRecoveryCode(personId: PersonId, codeHash: Buffer, origin: RequestOrigin): Promise<boolean>;
  savePendingTotp(personId: PersonId, secret: string): Promise<void>;
  /** The pending secret, if it is still `secret`, becomes the one that counts; other sessions than `except` end. */
  confirmTotp(
    personId: PersonId,
    confirmed: {
      readonly secret: string;
      readonly step: number;
      readonly recoveryCodeHashes: readonly Buffer[];
      readonly except: SessionId;
    },
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;
  /** Same password under stronger parameters: nothing else changes. */
  rehash(personId: PersonId, from: string, to: string): Promise<void>;
  /** Ends every session, and opens `session`. */
  changePassword(
    personId: PersonId,
    passwordHash: string,
    session: NewSession,
    now: Date,
    origin: RequestOrigin,
  ): Promise<void>;
  saveReset(
    personId: PersonId,
    reset: { readonly tokenHash: TokenHash; readonly expiresAt: Date; readonly dropsTotp: boolean },
    actor: string,
  ): Promise<boolean>;
  /** Ends every session. False: unknown, used or expired. */
  redeemReset(
    tokenHash: TokenHash,
    passwordHash: string,
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;
  /** Whose password it would be; undefined: unknown, used or expired. */
  findReset(
    tokenHash: TokenHash,
    now: Date,
  ): Promise<{ readonly email: string; readonly name: string } | undefined>;

  /** False: there is somebody already. */
  saveSetUp(tokenHash: TokenHash, now: Date): Promise<boolean>;
  /** Whether `setUp` with this token would be the first; asked before the password is hashed for nothing. */
  isSetUpOpen(tokenHash: TokenHash): Promise<boolean>;
  /** False: wrong token, or somebody was first. */
  setUp(
    tokenHash: TokenHash,
    person: PersonRecord,
    tenantId: TenantId,
    session: NewSession,
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;

  readonly members: MemberStore;
}

export interface StoredInvitation extends InvitationView {
  readonly tenantId: TenantId | undefined;
}

export interface MemberStore {
  tenantExists(tenantId: TenantId): Promise<boolean>;
  findTenant(wanted: string): Promise<TenantId | undefined>;
  saveInvitation(
    invitation: {
      readonly invitationId: string;
      readonly tenantId: TenantId | undefined;
      readonly email: string;
      readonly role: TenantRole | PlatformRole;
      readonly tokenHash: TokenHash;
      readonly expiresAt: Date;
    },
    now: Date,
    actor: string,
  ): Promise<void>;
  /** Open ones only. */
  findInvitation(tokenHash: TokenHash, now: Date): Promise<StoredInvitation | undefined>;
  listInvitations(tenantId: TenantId, page: PageRequest, now: Date): Promise<Page<InvitationView>>;
  withdrawInvitation(
    tenantId: TenantId,
    invitationId: string,
    now: Date,
    actor: string,
  ): Promise<boolean>;
  /** Makes the person and the membership. False: the invitation was used meanwhile. Throws `sign-in-first` (409). */
  acceptAsNew(
    tokenHash: TokenHash,
    person: PersonRecord,
    session: NewSession,
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;
  acceptAs(
    tokenHash: TokenHash,
    personId: PersonId,
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;
  list(tenantId: TenantId, page: PageRequest): Promise<Page<MemberView>>;
  find(tenantId: TenantId, personId: PersonId): Promise<MemberView | undefined>;
  membershipsOf(personId: PersonId): Promise<readonly Membership[]>;
  change(
    tenantId: TenantId,
    personId: PersonId,
    change: { readonly role?: TenantRole | undefined; readonly isDisabled?: boolean | undefined },
    now: Date,
    actor: string,
  ): Promise<boolean>;
  setDisabled(personId: PersonId, isDisabled: boolean, now: Date, actor: string): Promise<boolean>;
}
