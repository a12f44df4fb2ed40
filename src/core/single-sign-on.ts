import type { PersonId, TenantId } from "./ids.ts";
import type {
  Membership,
  PlatformRole,
  RequestOrigin,
  SignInOutcome,
  TenantRole,
} from "./people.ts";
import type { AuditEntry, NewSession, PersonRecord } from "./people-store.ts";
import type { Requester } from "./tenants.ts";

/** Whom a domain's addresses may become without an invitation: never an owner. */
export const DOMAIN_ROLES = ["editor", "agent", "viewer"] as const satisfies readonly TenantRole[];
export type DomainRole = (typeof DOMAIN_ROLES)[number];

/** An OpenID Connect provider as we know it: of the installation, or of one tenant. */
export interface IdentityProvider {
  /** As its discovery document says, without `/.well-known/…`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Undefined: the installation's. */
  readonly tenantId: TenantId | undefined;
  /** Lower case; addresses of these join `tenantId` without an invitation. */
  readonly domains: readonly string[];
  readonly domainRole: DomainRole;
}

/** Tenants' own providers at rest, their secrets encrypted. Every change is audited. */
export interface IdentityProviders {
  find(
    tenantId: TenantId,
  ): Promise<{ readonly provider: IdentityProvider; readonly revision: number } | undefined>;
  /**
   * Without `clientSecret` the one saved with the same issuer and client is kept. Throws `stale` (412), or
   * `secret-needed` (400) when there is none to be kept.
   */
  save(
    tenantId: TenantId,
    draft: Omit<IdentityProvider, "tenantId" | "clientSecret"> & {
      readonly clientSecret?: string | undefined;
    },
    expectedRevision: number | undefined,
    by: Requester,
  ): Promise<void>;
  /** False: there was none. */
  remove(tenantId: TenantId, by: Requester): Promise<boolean>;
}

/** Whom a provider says that it is, once its word was checked. */
export interface OutsideIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly name: string;
  /** The provider asked for more than one factor. */
  readonly hasSecondFactor: boolean;
  /** When they last proved there who they are; undefined: it does not say. */
  readonly authenticatedAt: Date | undefined;
}

/** What a browser keeps of a sign-in that is under way at the provider. */
export interface SsoChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** They were to prove anew who they are. */
  readonly isProof: boolean;
}

/** The protocol: authorization code with PKCE, state and nonce. */
export interface OpenIdConnect {
  /** Where to send the browser. Throws `sso-provider-away` (502). */
  begin(
    provider: IdentityProvider,
    redirectUri: string,
    isProof: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly url: string; readonly checks: SsoChecks }>;
  /** `returned`: the address that it came back to. Throws `sso-refused` (401) or `sso-provider-away` (502). */
  finish(
    provider: IdentityProvider,
    returned: URL,
    checks: SsoChecks,
    signal: AbortSignal,
  ): Promise<OutsideIdentity>;
}

/** Lets people in whom a provider vouches for. */
export interface SingleSignOn {
  /** Throws `sso-not-invited` (403), `sso-email-unverified` (403) or `sso-belongs-elsewhere` (403); each is audited. */
  enter(
    identity: OutsideIdentity,
    provider: IdentityProvider,
    origin: RequestOrigin,
  ): Promise<Exclude<SignInOutcome, { readonly kind: "refused" }>>;
}

export interface FoundPerson {
  readonly personId: PersonId;
  readonly isDisabled: boolean;
  readonly hasTotp: boolean;
  readonly credentialVersion: number;
  readonly platformRole: PlatformRole | undefined;
  /** Those that are disabled too. */
  readonly memberships: readonly (Membership & { readonly isDisabled: boolean })[];
  /** Found by the provider's id of them, and not by the address alone. */
  readonly isLinked: boolean;
}

/** What an address is asked to become. Without an id: by its domain. */
export interface Admission {
  readonly invitationId?: string;
  /** Undefined: of the installation. */
  readonly tenantId: TenantId | undefined;
  readonly role: TenantRole | PlatformRole;
}

export type IdentityKey = Pick<OutsideIdentity, "issuer" | "subject">;

/** Who people are at their providers, at rest. Each call is one transaction that writes its audit entry too. */
export interface IdentityStore {
  /** By the provider's id of them, else by the address. */
  find(key: IdentityKey, email: string): Promise<FoundPerson | undefined>;
  /** Of this address that is open, in the tenant; without a tenant, in any: the oldest. */
  findInvitation(
    email: string,
    tenantId: TenantId | undefined,
    now: Date,
  ): Promise<Admission | undefined>;
  link(key: IdentityKey, personId: PersonId, now: Date, origin: RequestOrigin): Promise<void>;
  /** False: the invitation was used meanwhile, or somebody has the address by now. */
  join(
    key: IdentityKey,
    person: PersonRecord,
    into: Admission,
    now: Date,
    origin: RequestOrigin,
  ): Promise<boolean>;
  openSession(
    personId: PersonId,
    session: NewSession,
    told: { readonly hasSecondFactor: boolean; readonly provedAt: Date },
    now: Date,
    origin: RequestOrigin,
  ): Promise<void>;
  note(entry: AuditEntry): Promise<void>;
}
