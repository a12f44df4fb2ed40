import type { PersonId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { Author } from "./operations.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface AnnouncementText {
  readonly title: string;
  readonly body: string;
}

export interface AnnouncementDraft {
  /** In one language at least; a reader gets their own, else Spanish, else whichever there is. */
  readonly texts: Readonly<Partial<Record<Language, AnnouncementText>>>;
  readonly severity: Severity;
  readonly from: Date;
  /** Undefined: until it is withdrawn. */
  readonly until: Date | undefined;
  /** Undefined: all. */
  readonly tenants: readonly TenantId[] | undefined;
}

export interface Announcement extends AnnouncementDraft {
  readonly id: string;
  /** Grows with each change. From 1. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly withdrawnAt: Date | undefined;
  /** By how many people. */
  readonly readBy: number;
}

/** As a member of the tenants sees it. */
export interface ShownAnnouncement
  extends Pick<Announcement, "id" | "texts" | "severity" | "from" | "until"> {
  readonly readAt: Date | undefined;
}

/** What the platform tells its tenants' people. Every change is audited. */
export interface Announcements {
  /** Newest first, those that are over or withdrawn too. */
  list(page: KeysetRequest): Promise<KeysetPage<Announcement>>;
  find(id: string): Promise<Announcement | undefined>;
  /** Throws `tenant-unknown` (404). */
  publish(draft: AnnouncementDraft, by: Author): Promise<Announcement>;
  /** Undefined: there is none of this id and revision. What was read stays read. Throws `tenant-unknown` (404). */
  change(
    id: string,
    revision: number | undefined,
    draft: AnnouncementDraft,
    by: Author,
  ): Promise<Announcement | undefined>;
  /** False: there is none, or it is withdrawn already. */
  withdraw(id: string, by: Author): Promise<boolean>;
  /** What is shown at this moment to members of these tenants, gravest first. */
  shownTo(
    personId: PersonId,
    tenants: readonly TenantId[],
    now: Date,
  ): Promise<readonly ShownAnnouncement[]>;
  /** False: it is not shown to them. Reading twice keeps the first time. */
  markRead(
    personId: PersonId,
    tenants: readonly TenantId[],
    id: string,
    now: Date,
  ): Promise<boolean>;
}
