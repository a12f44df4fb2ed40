import type { Request, Response } from "express";
import type { z } from "zod";
import type { ContactImporter } from "../../contacts/import-file.ts";
import type { CitizenRights } from "../../core/citizen-data.ts";
import type { Clock } from "../../core/clock.ts";
import type { ContactFiles, ContactImports } from "../../core/contact-import.ts";
import type { ContactActor, ContactFilter, Contacts } from "../../core/contacts.ts";
import { asId, type ContactId } from "../../core/ids.ts";
import type { Segments } from "../../core/segments.ts";
import type { Strangers } from "../../core/strangers.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import type { AnswerOnce } from "../idempotency.ts";
import type { ContactsQuery } from "./contract.ts";

export interface ContactRoutePorts {
  readonly contactFeatures: {
    readonly contacts: Contacts;
    readonly segments: Segments;
    readonly strangers: Strangers;
    readonly citizenRights: CitizenRights;
    readonly contactFiles: ContactFiles;
    readonly contactImporter: ContactImporter;
    readonly contactImports: Pick<ContactImports, "list">;
  };
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
  readonly clock: Clock;
}

/** Whoever asks, and in whose name changes are audited. */
export type Identify = (
  request: Request,
  response: Response,
) => Promise<TenantCaller & { readonly by: ContactActor }>;

export function contactIdOf(request: Request): ContactId {
  return asId<ContactId>(String(request.params.contactId).toLowerCase());
}

export function toFilter(
  query: Omit<z.infer<typeof ContactsQuery>, "cursor" | "limit">,
): ContactFilter | undefined {
  const conditions = [
    query.tag && ({ kind: "tag", tag: query.tag } as const),
    query.channel && ({ kind: "channel", channel: query.channel } as const),
    query.botId && ({ kind: "bot", botId: query.botId } as const),
    query.consent && ({ kind: "consent", consent: query.consent } as const),
    query.blocked !== undefined && ({ kind: "blocked", is: query.blocked } as const),
    query.allowed !== undefined && ({ kind: "allowed", is: query.allowed } as const),
    query.seenAfter && ({ kind: "seen-after", at: query.seenAfter } as const),
    query.seenBefore && ({ kind: "seen-before", at: query.seenBefore } as const),
    query.createdAfter && ({ kind: "created-after", at: query.createdAfter } as const),
    query.createdBefore && ({ kind: "created-before", at: query.createdBefore } as const),
    query.list && ({ kind: "in-list", segmentId: query.list } as const),
  ].filter((condition) => condition !== undefined && condition !== false && condition !== "");
  return conditions.length === 0 ? undefined : { kind: "all", of: conditions };
}
