import type { TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

/** What looks like an attack, or is one. Each is refused where it is seen: these are for people to know. */
export const SECURITY_EVENT_KINDS = [
  /** Wrong address or password. */
  "sign-in-refused",
  /** A wrong code, or one that was used. */
  "second-factor-refused",
  /** A refresh token that was used before, or is over. */
  "session-refused",
  /** A link of invitation, reset or set-up that is void. */
  "link-refused",
  /** Sign-ins beyond the limit. */
  "attempts-throttled",
  /** Requests beyond a limit. */
  "requests-throttled",
  /** No CSRF token, or not that of the session. */
  "csrf-refused",
  /** A page of another site. */
  "cross-site-refused",
  /** A key that nobody has made. */
  "api-key-unknown",
  /** A key that was good once. */
  "api-key-revoked",
  /** Somebody known asks for what their role or key does not allow. */
  "permission-refused",
  /** An id of another tenant, where that is known. */
  "foreign-id-refused",
  /** A webhook without its secret, or with a wrong one. */
  "webhook-forged",
  /** Text of a message, page or document that speaks to a language model. */
  "injection-seen",
  /** An outward address that leads inward (SSRF). */
  "address-refused",
  /** A file that is not what it says, or tries to leave its folder. */
  "upload-refused",
] as const;
export type SecurityEventKind = (typeof SECURITY_EVENT_KINDS)[number];

export interface SecurityEvent {
  readonly kind: SecurityEventKind;
  /** Whose it is; undefined: nobody's, or not known. A tenant's owner sees their own. */
  readonly tenantId?: TenantId | undefined;
  /** Whence: an IP address (of IPv6 the /64), or `key:ID`, `person:ID`, `conversation:ID`. Stored encrypted. */
  readonly source: string;
  /** What it was about: a route's pattern, or the id of a bot or document. No text of anybody, no secret. */
  readonly subject: string;
}

/** Where security events are told. */
export interface SecurityEvents {
  /**
   * Never throws and never waits: counted here, written within seconds, one row for each minute, kind, source and
   * subject. A flood from ever new sources ends as one row "many sources".
   */
  note(event: SecurityEvent): void;
}

export const noSecurityEvents: SecurityEvents = { note() {} };

/** As counted: so many of them in one minute. */
export interface SecurityEventCount extends SecurityEvent {
  readonly id: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface SecurityEventFilter {
  readonly kind?: SecurityEventKind | undefined;
  readonly source?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Security events at rest. */
export interface SecurityEventLog {
  /** Adds to what is counted already. */
  add(events: readonly Omit<SecurityEventCount, "id">[]): Promise<void>;
  /** Newest first. Without a tenant: of the whole installation. */
  list(
    tenantId: TenantId | undefined,
    filter: SecurityEventFilter,
    page: KeysetRequest,
  ): Promise<KeysetPage<SecurityEventCount>>;
  /** Returns how many rows went. */
  forgetBefore(before: Date): Promise<number>;
}
