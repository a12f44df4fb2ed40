import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { Documents, DocumentView } from "../../core/documents.ts";
import { asId, type DocumentId } from "../../core/ids.ts";
import type { KnowledgeSets } from "../../core/knowledge.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { allowSlowBody } from "../body-time.ts";
import { cursorOf, KeysetQuery, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import {
  ChangeDocumentRequest,
  CreateDocumentRequest,
  type DocumentTextShape,
  DownloadQuery,
  PageInPath,
  UploadQuery,
} from "./contract.ts";
import { addKnowledgeSets } from "./knowledge-routes.ts";
import { sendFile } from "./send-file.ts";

export interface DocumentRoutePorts {
  readonly documents: Documents;
  readonly knowledgeSets: KnowledgeSets;
  readonly authorise: Pick<Authorise, "tenant">;
}

const CALLS_PER_MINUTE = 240;

export type Identify = (request: Request, response: Response) => Promise<TenantCaller>;

/** A tenant's own documents and knowledge sets, for members and for API keys with scope `documents`. */
export function documentRoutes(ports: DocumentRoutePorts): Router {
  const perTenant = createRateLimit("documents-per-tenant", CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const router = Router();
  addDocuments(router, ports, identify);
  addContent(router, ports, identify);
  addRereading(router, ports, identify);
  addKnowledgeSets(router, ports, identify);
  return router;
}

function addDocuments(router: Router, { documents }: DocumentRoutePorts, identify: Identify): void {
  router
    .route("/api/v1/documents")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(KeysetQuery, { ...request.query });
      const page = await documents.list(tenantId, keysetOf(query));
      response.json({ documents: page.entries, next: cursorOf(page.next) });
    })
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const draft = parseInput(CreateDocumentRequest, await readJson(request));
      const made = await documents.create(tenantId, { ...draft, url: draft.url }, actor);
      response.setHeader("Location", `/api/v1/documents/${made.id}`);
      send(response.status(201), made);
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/document-usage")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json(await documents.usage(tenantId));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/documents/:documentId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      send(response, await documents.find(tenantId, idOf(request)));
    })
    .patch(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const expected = expectedRevision(request);
      const { title, isPublic } = parseInput(ChangeDocumentRequest, await readJson(request));
      const change = {
        ...(title === undefined ? {} : { title }),
        ...(isPublic === undefined ? {} : { isPublic }),
      };
      send(response, await documents.change(tenantId, idOf(request), change, expected, actor));
    })
    .delete(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      if (!(await documents.remove(tenantId, idOf(request), actor))) throw missing();
      response.status(204).end();
    })
    .all(allowOnly("GET", "PATCH", "DELETE"));
}

function addContent(router: Router, { documents }: DocumentRoutePorts, identify: Identify): void {
  router
    .route("/api/v1/documents/:documentId/content")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { version } = parseInput(DownloadQuery, { ...request.query });
      const file = await documents.download(tenantId, idOf(request), version);
      if (file === undefined) throw missing();
      sendFile(response, file);
    })
    .put(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { fileName } = parseInput(UploadQuery, { ...request.query });
      allowSlowBody(request);
      const length = request.get("content-length");
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      const received = await documents.receive(
        tenantId,
        idOf(request),
        {
          fileName,
          content: request,
          byteCount: length === undefined ? undefined : Number(length),
          signal: gone.signal,
        },
        actor,
      );
      response.status(received.outcome === "queued" ? 202 : 200).json(received);
    })
    .all(allowOnly("GET", "PUT"));
  router
    .route("/api/v1/documents/:documentId/versions/:version/pages/:page")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { version, page } = parseInput(PageInPath, {
        version: request.params.version,
        page: request.params.page,
      });
      const place = { id: idOf(request), version, page, highlight: undefined };
      const found = await documents.readPage(tenantId, place);
      if (found === undefined) throw notFound("There is no such page.");
      response.json({
        documentId: found.document.id,
        title: found.document.title,
        version,
        page,
        pages: found.pageCount,
        printedPage: found.page.printedPage ?? null,
        section: found.section,
        text: found.page.text,
      } satisfies z.infer<typeof DocumentTextShape>);
    })
    .all(allowOnly("GET"));
}

function addRereading(router: Router, { documents }: DocumentRoutePorts, identify: Identify): void {
  router
    .route("/api/v1/documents/:documentId/reindex")
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const queued = await documents.reread(tenantId, idOf(request), "reindex", actor);
      send(response.status(202), queued);
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/documents/:documentId/refetch")
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const queued = await documents.reread(tenantId, idOf(request), "refetch", actor);
      send(response.status(202), queued);
    })
    .all(allowOnly("POST"));
}

function send(response: Response, document: DocumentView | undefined): void {
  if (document === undefined) throw missing();
  sendRevision(response, document.revision);
  response.json(document);
}

function idOf(request: Request): DocumentId {
  return asId<DocumentId>(String(request.params.documentId));
}

function missing() {
  return notFound("There is no such document.");
}
