import type { Request, Router } from "express";
import { z } from "zod";
import { asId, type DocumentId } from "../../core/ids.ts";
import type { KnowledgeSet, KnowledgeSetDraft } from "../../core/knowledge.ts";
import { expectedRevisionIfAny, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { KnowledgeSetRequest, knowledgeSetName } from "./contract.ts";
import type { DocumentRoutePorts, Identify } from "./routes.ts";

const NameInPath = z.strictObject({ name: knowledgeSetName });

export function addKnowledgeSets(
  router: Router,
  { knowledgeSets }: Pick<DocumentRoutePorts, "knowledgeSets">,
  identify: Identify,
): void {
  router
    .route("/api/v1/knowledge-sets")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json({ knowledgeSets: await knowledgeSets.list(tenantId) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/knowledge-sets/:name")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const found = await knowledgeSets.find(tenantId, nameOf(request));
      if (found === undefined) throw missing();
      sendRevision(response, found.revision);
      response.json(found satisfies KnowledgeSet);
    })
    .put(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { name } = parseInput(NameInPath, { name: request.params.name });
      const expected = expectedRevisionIfAny(request);
      const given = parseInput(KnowledgeSetRequest, await readJson(request));
      const draft: KnowledgeSetDraft = {
        ...given,
        documents:
          given.documents === "all" ? "all" : given.documents.map((id) => asId<DocumentId>(id)),
      };
      const saved = await knowledgeSets.save(tenantId, name, draft, expected, actor);
      sendRevision(response, saved.revision);
      response.json(saved);
    })
    .delete(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      if (!(await knowledgeSets.remove(tenantId, nameOf(request), actor))) throw missing();
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
}

function nameOf(request: Request): string {
  return String(request.params.name);
}

function missing() {
  return notFound("There is no such knowledge set.");
}
