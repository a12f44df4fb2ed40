import { Router } from "express";
import type { z } from "zod";
import type { Announcement, AnnouncementDraft } from "../../core/announcements.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import { cursorOf, KeysetQuery, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision, staleRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, InvalidInput, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { AnnouncementRequest, type AnnouncementShape } from "./contract.ts";
import type { Desk, Identify } from "./routes.ts";

/** What the platform tells its tenants' people: written by the platform, read by each. */
export function announcementRoutes(desk: Desk, identify: Identify): Router {
  const { announcements } = desk.operations;
  const router = Router();
  router
    .route("/api/v1/announcements")
    .get(async (request, response) => {
      const { personId, memberships } = await identify.person(request, response);
      const tenants = memberships.map(({ tenantId }) => tenantId);
      const shown = await announcements.shownTo(personId, tenants, desk.clock.now());
      response.json({
        announcements: shown.map((each) => ({
          ...each,
          from: each.from.toISOString(),
          until: each.until?.toISOString() ?? null,
          readAt: each.readAt?.toISOString() ?? null,
        })),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/announcements/:announcementId/reading")
    .put(async (request, response) => {
      const { personId, memberships } = await identify.person(request, response);
      const tenants = memberships.map(({ tenantId }) => tenantId);
      const id = request.params.announcementId;
      if (!(await announcements.markRead(personId, tenants, id, desk.clock.now()))) throw none();
      response.status(204).end();
    })
    .all(allowOnly("PUT"));
  addPlatforms(router, desk, identify);
  return router;
}

function addPlatforms(router: Router, { operations, clock }: Desk, identify: Identify): void {
  const { announcements } = operations;
  const readDraft = async (request: Parameters<typeof readJson>[0]) =>
    toDraft(parseInput(AnnouncementRequest, await readJson(request)), clock.now());
  router
    .route("/api/v1/platform/announcements")
    .get(async (request, response) => {
      await identify.platform(request, response);
      const page = keysetOf(parseInput(KeysetQuery, { ...request.query }));
      const { entries, next } = await announcements.list(page);
      response.json({ announcements: entries.map(toShape), next: cursorOf(next) });
    })
    .post(async (request, response) => {
      const author = await identify.platform(request, response);
      const made = await announcements.publish(await readDraft(request), author);
      sendRevision(response, made.revision);
      response
        .status(201)
        .location(`/api/v1/platform/announcements/${made.id}`)
        .json(toShape(made));
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/platform/announcements/:announcementId")
    .get(async (request, response) => {
      await identify.platform(request, response);
      const found = await announcements.find(request.params.announcementId);
      if (found === undefined) throw none();
      sendRevision(response, found.revision);
      response.json(toShape(found));
    })
    .put(async (request, response) => {
      const author = await identify.platform(request, response);
      const id = request.params.announcementId;
      const revision = expectedRevision(request);
      const draft = await readDraft(request);
      const changed = await announcements.change(id, revision, draft, author);
      if (changed === undefined) {
        const found = await announcements.find(id);
        throw found === undefined || found.withdrawnAt !== undefined ? none() : staleRevision();
      }
      sendRevision(response, changed.revision);
      response.json(toShape(changed));
    })
    .delete(async (request, response) => {
      const author = await identify.platform(request, response);
      if (!(await announcements.withdraw(request.params.announcementId, author))) throw none();
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
}

function none() {
  return notFound("There is no such announcement.");
}

function toDraft(asked: z.infer<typeof AnnouncementRequest>, now: Date): AnnouncementDraft {
  const from = asked.from === undefined ? now : new Date(asked.from);
  const until = asked.until === null ? undefined : new Date(asked.until);
  if (until !== undefined && until <= from) {
    throw new InvalidInput([{ field: "until", problem: "must be after `from`" }]);
  }
  const { es, pt, en } = asked.texts;
  return {
    texts: { ...(es && { es }), ...(pt && { pt }), ...(en && { en }) },
    severity: asked.severity,
    from,
    until,
    tenants: asked.tenants?.map((id) => asId<TenantId>(id)),
  };
}

function toShape(announcement: Announcement): z.infer<typeof AnnouncementShape> {
  return {
    ...announcement,
    from: announcement.from.toISOString(),
    until: announcement.until?.toISOString() ?? null,
    tenants: announcement.tenants === undefined ? null : [...announcement.tenants],
    createdAt: announcement.createdAt.toISOString(),
    withdrawnAt: announcement.withdrawnAt?.toISOString() ?? null,
  };
}
