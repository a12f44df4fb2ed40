import { once } from "node:events";
import type { Response, Router } from "express";
import type { PersonId } from "../../core/ids.ts";
import { allowOnly, notFound } from "../problem.ts";
import type { TenantPorts } from "./routes.ts";
import { toExport } from "./tenant-view.ts";

/** Archives of everything of a tenant. Each is read by the person who asked for it, and by nobody else. */
export function addExports(router: Router, { exports, authorise }: TenantPorts): void {
  router
    .route("/api/v1/tenant/exports")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      const list = await exports.list(tenantId);
      response.json({ exports: list.map(toExport) });
    })
    .post(async (request, response) => {
      const by = await authorise.tenant(request, response);
      const asked = await exports.ask(by.tenantId, requirePerson(by.person?.personId), by);
      response.status(202).json(toExport(asked));
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/tenant/exports/:exportId")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      const found = await exports.find(tenantId, request.params.exportId);
      if (found === undefined) throw noExport();
      response.json(toExport(found));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/tenant/exports/:exportId/archive")
    .get(async (request, response) => {
      const by = await authorise.tenant(request, response);
      const found = await exports.find(by.tenantId, request.params.exportId);
      if (found?.state !== "ready" || found.askedBy !== by.person?.personId) throw noExport();
      response.setHeader("Content-Type", "application/zip");
      response.setHeader(
        "Content-Disposition",
        `attachment; filename="pregonero-${found.exportId}.zip"`,
      );
      response.setHeader("X-Content-Type-Options", "nosniff");
      if (found.bytes !== undefined) response.setHeader("Content-Length", found.bytes);
      await send(response, exports.read(by.tenantId, found.exportId, by));
    })
    .all(allowOnly("GET"));
}

/** No faster than it is taken; ends with the reader. */
async function send(response: Response, pieces: AsyncIterable<Buffer>): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    for await (const piece of pieces) {
      if (gone.signal.aborted) return;
      if (!response.write(piece)) await once(response, "drain", { signal: gone.signal });
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

function requirePerson(personId: PersonId | undefined): PersonId {
  if (personId === undefined) throw noExport();
  return personId;
}

function noExport() {
  return notFound("There is no such archive.");
}
