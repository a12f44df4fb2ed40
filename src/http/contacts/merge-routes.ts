import { Router } from "express";
import { asId, type ContactId } from "../../core/ids.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { MergeRequest } from "./contract.ts";
import { type ContactRoutePorts, contactIdOf, type Identify } from "./ports.ts";
import { toMergeShape } from "./views.ts";

/** Two contacts that are one person, and the way back. */
export function mergeRoutes({ contactFeatures }: ContactRoutePorts, identify: Identify): Router {
  const { contacts } = contactFeatures;
  const router = Router();
  router
    .route("/api/v1/contacts/:contactId/merges")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const merges = await contacts.listMerges(tenantId, contactIdOf(request));
      response.json({ merges: merges.map(toMergeShape) });
    })
    .post(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { from } = parseInput(MergeRequest, await readJson(request));
      const pair = { from: asId<ContactId>(from.toLowerCase()), into: contactIdOf(request) };
      response.status(201).json(toMergeShape(await contacts.merge(tenantId, pair, by)));
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/contact-merges/:mergeId")
    .delete(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      if (!(await contacts.undoMerge(tenantId, request.params.mergeId, by))) {
        throw notFound("There is no such merge, or it is undone.");
      }
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
  return router;
}
