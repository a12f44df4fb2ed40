import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { ContactImporter } from "../../contacts/import-file.ts";
import type { CitizenRights } from "../../core/citizen-data.ts";
import type { Clock } from "../../core/clock.ts";
import type { ContactFiles } from "../../core/contact-import.ts";
import type { ContactActor, ContactChange, ContactFilter, Contacts } from "../../core/contacts.ts";
import { asId, type ContactId } from "../../core/ids.ts";
import type { Segments } from "../../core/segments.ts";
import type { Strangers } from "../../core/strangers.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import type { AnswerOnce } from "../idempotency.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import {
  BlockRequest,
  ChangeContactRequest,
  ContactsQuery,
  CreateContactRequest,
  SearchRequest,
} from "./contract.ts";
import { fileRoutes } from "./file-routes.ts";
import { mergeRoutes } from "./merge-routes.ts";
import { segmentRoutes } from "./segment-routes.ts";
import { strangerRoutes } from "./stranger-routes.ts";
import { toContactShape, toDetailShape } from "./views.ts";

export interface ContactRoutePorts {
  readonly contactFeatures: {
    readonly contacts: Contacts;
    readonly segments: Segments;
    readonly strangers: Strangers;
    readonly citizenRights: CitizenRights;
    readonly contactFiles: ContactFiles;
    readonly contactImporter: ContactImporter;
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

const CALLS_PER_MINUTE = 300;

/** A tenant's contacts, segments, and who its bots answer. */
export function contactRoutes(ports: ContactRoutePorts): Router {
  const perTenant = createRateLimit(CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    const requestId = String(response.locals.requestId ?? "");
    return { ...caller, by: { actor: caller.actor, requestId } };
  };
  const router = Router();
  // Before the single contact, whose address would take in theirs.
  router.use(fileRoutes(ports, identify));
  router.use(listRoutes(ports, identify), contactRoute(ports, identify));
  router.use(mergeRoutes(ports, identify), segmentRoutes(ports, identify));
  router.use(strangerRoutes(ports, identify));
  return router;
}

function listRoutes(
  { contactFeatures, answerOnce }: ContactRoutePorts,
  identify: Identify,
): Router {
  const { contacts } = contactFeatures;
  const router = Router();
  router
    .route("/api/v1/contacts")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(ContactsQuery, { ...request.query });
      const page = await contacts.list(tenantId, { filter: toFilter(query) }, keysetOf(query));
      response.json({ contacts: page.entries.map(toContactShape), next: cursorOf(page.next) });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const wanted = parseInput(CreateContactRequest, await readJson(request));
      await answerOnce(request, response, caller, wanted, async () => {
        const id = await contacts.create(caller.tenantId, toChange(wanted), caller.by);
        return { status: 201, body: { id }, headers: { Location: `/api/v1/contacts/${id}` } };
      });
    })
    .all(allowOnly("GET", "POST"));
  // A name or a number is not for addresses, which are written down everywhere.
  router
    .route("/api/v1/contacts/search")
    .post(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(SearchRequest, await readJson(request));
      const page = await contacts.list(tenantId, query, keysetOf(query));
      response.json({ contacts: page.entries.map(toContactShape), next: cursorOf(page.next) });
    })
    .all(allowOnly("POST"));
  return router;
}

function contactRoute({ contactFeatures }: ContactRoutePorts, identify: Identify): Router {
  const { contacts, citizenRights } = contactFeatures;
  const router = Router();
  router
    .route("/api/v1/contacts/:contactId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const detail = await contacts.find(tenantId, contactIdOf(request));
      if (detail === undefined) throw noContact();
      sendRevision(response, detail.revision);
      response.json(toDetailShape(detail));
    })
    .patch(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const change = toChange(parseInput(ChangeContactRequest, await readJson(request)));
      const revision = expectedRevision(request);
      await contacts.change(tenantId, contactIdOf(request), change, revision, by);
      const detail = await contacts.find(tenantId, contactIdOf(request));
      if (detail === undefined) throw noContact();
      sendRevision(response, detail.revision);
      response.json(toDetailShape(detail));
    })
    .delete(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      if (!(await citizenRights.eraseContact(tenantId, contactIdOf(request), by)))
        throw noContact();
      response.status(204).end();
    })
    .all(allowOnly("GET", "PATCH", "DELETE"));
  router
    .route("/api/v1/contacts/:contactId/export")
    .get(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const kept = await citizenRights.exportContact(tenantId, contactIdOf(request), by);
      if (kept === undefined) throw noContact();
      response.setHeader("Content-Disposition", 'attachment; filename="contact.json"');
      response.json(kept);
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/contacts/:contactId/block")
    .put(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { reason } = parseInput(BlockRequest, await readJson(request));
      await contacts.setBlocked(tenantId, contactIdOf(request), { isBlocked: true, reason }, by);
      response.status(204).end();
    })
    .delete(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      await contacts.setBlocked(tenantId, contactIdOf(request), { isBlocked: false }, by);
      response.status(204).end();
    })
    .all(allowOnly("PUT", "DELETE"));
  return router;
}

export function contactIdOf(request: Request): ContactId {
  return asId<ContactId>(String(request.params.contactId).toLowerCase());
}

export function noContact() {
  return notFound("There is no such contact.");
}

function toChange(wanted: z.infer<typeof ChangeContactRequest>): ContactChange {
  const { consent } = wanted;
  return {
    ...wanted,
    consent: consent && { ...consent, givenAt: new Date(consent.givenAt) },
  };
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
