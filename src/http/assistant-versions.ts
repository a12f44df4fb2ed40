import type { Request, Response, Router } from "express";
import type { AssistantAdmin } from "../core/assistant.ts";
import { isPregoneroError } from "../core/errors.ts";
import type { TenantCaller } from "./access/authorise.ts";
import { expectedRevision, sendRevision, staleRevision } from "./etag.ts";
import { allowOnly, notFound } from "./problem.ts";

/** What an assistant was at its revisions, and the way back to one of them. */
export function addVersions(
  router: Router,
  assistants: Pick<AssistantAdmin, "versions" | "version" | "restore">,
  identify: (request: Request, response: Response) => Promise<TenantCaller>,
): void {
  router
    .route("/api/v1/assistants/:name/versions")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const versions = await assistants.versions(tenantId, request.params.name);
      response.json({
        versions: versions.map(({ revision, savedBy, savedAt, restoredFrom }) => ({
          revision,
          savedBy,
          savedAt: savedAt.toISOString(),
          restoredFrom: restoredFrom ?? null,
        })),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/assistants/:name/versions/:revision")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json(await assistants.version(tenantId, request.params.name, revisionIn(request)));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/assistants/:name/versions/:revision/restore")
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { name } = request.params;
      const [revision, expected] = [revisionIn(request), expectedRevision(request)];
      try {
        const restored = await assistants.restore(tenantId, name, revision, expected, actor);
        sendRevision(response, restored.revision);
        response.json(restored);
      } catch (error) {
        throw isPregoneroError(error, "assistant-changed") ? staleRevision() : error;
      }
    })
    .all(allowOnly("POST"));
}

/** What is no number is no version's. */
function revisionIn(request: Request): number {
  const given = String(request.params.revision);
  if (!/^[1-9]\d{0,8}$/.test(given)) throw notFound("There is no such version.");
  return Number(given);
}
