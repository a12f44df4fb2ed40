import { Router } from "express";
import type { z } from "zod";
import type { ContactChange } from "../../core/contacts.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
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
import { type ContactRoutePorts, contactIdOf, type Identify, toFilter } from "./ports.ts";
import { segmentRoutes } from "./segment-routes.ts";
import { createSideBySide } from "./side-by-side.ts";
import { strangerRoutes } from "./stranger-routes.ts";
import { toContactShape, toDetailShape } from "./views.ts";

const CALLS_PER_MINUTE = 300;

/** A tenant's contacts, segments, and who its bots answer. */
export function contactRoutes(ports: ContactRoutePorts): Router {
  const perTenant = createRateLimit("contacts-per-tenant", CALLS_PER_MINUTE, 60);
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
  const sideBySide = createSideBySide();
  const router = Router();
  router
    .route("/api/v1/contacts")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(ContactsQuery, { ...request.query });
      const page = await sideBySide(tenantId, () =>
        contacts.list(tenantId, { filter: toFilter(query) }, keysetOf(query)),
      );
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
      const page = await sideBySide(tenantId, () =>
        contacts.list(tenantId, query, keysetOf(query)),
      );
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

function noContact() {
  return notFound("There is no such contact.");
}

function toChange(wanted: z.infer<typeof ChangeContactRequest>): ContactChange {
  const { consent } = wanted;
  return {
    ...wanted,
    consent: consent && { ...consent, givenAt: new Date(consent.givenAt) },
  };
}
