import { Router } from "express";
import { asId, type ContactId } from "../../core/ids.ts";
import { cursorOf, KeysetQuery, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { MembersRequest, PreviewRequest, SegmentRequest } from "./contract.ts";
import type { ContactRoutePorts, Identify } from "./ports.ts";
import { createSideBySide } from "./side-by-side.ts";
import { toContactShape, toSegmentShape } from "./views.ts";

const PREVIEWED = 20;

/** Segments: filters that are kept, and lists. */
export function segmentRoutes(ports: ContactRoutePorts, identify: Identify): Router {
  const { segments } = ports.contactFeatures;
  const sideBySide = createSideBySide();
  const router = Router();
  router
    .route("/api/v1/segments")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(KeysetQuery, { ...request.query });
      const page = await segments.list(tenantId, keysetOf(query));
      response.json({ segments: page.entries.map(toSegmentShape), next: cursorOf(page.next) });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { name, filter } = parseInput(SegmentRequest, await readJson(request));
      await ports.answerOnce(request, response, caller, { name, filter }, async () => {
        const made = await segments.create(caller.tenantId, { name, filter }, caller.by);
        const headers = { Location: `/api/v1/segments/${made.segmentId}` };
        return { status: 201, body: toSegmentShape(made), headers };
      });
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/segments/preview")
    .post(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { filter } = parseInput(PreviewRequest, await readJson(request));
      const seen = await sideBySide(tenantId, async () => ({
        count: await segments.count(tenantId, filter),
        contacts: await segments.preview(tenantId, filter, PREVIEWED),
      }));
      response.json({ ...seen, contacts: seen.contacts.map(toContactShape) });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/segments/:segmentId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const segment = await segments.find(tenantId, request.params.segmentId);
      if (segment === undefined) throw notFound("There is no such segment.");
      sendRevision(response, segment.revision);
      response.json(toSegmentShape(segment));
    })
    .put(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { name, filter } = parseInput(SegmentRequest, await readJson(request));
      const revision = expectedRevision(request);
      const { segmentId } = request.params;
      const changed = await segments.change(tenantId, segmentId, { name, filter }, revision, by);
      sendRevision(response, changed.revision);
      response.json(toSegmentShape(changed));
    })
    .delete(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      if (!(await segments.remove(tenantId, request.params.segmentId, by))) {
        throw notFound("There is no such segment.");
      }
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
  router
    .route("/api/v1/segments/:segmentId/members")
    .post(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { add, remove } = parseInput(MembersRequest, await readJson(request));
      const toIds = (ids: readonly string[]) => ids.map((id) => asId<ContactId>(id.toLowerCase()));
      const change = { add: toIds(add), remove: toIds(remove) };
      const { segmentId } = request.params;
      response.json({ changed: await segments.changeMembers(tenantId, segmentId, change, by) });
    })
    .all(allowOnly("POST"));
  return router;
}
