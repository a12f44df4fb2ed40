import { type Request, Router } from "express";
import type { DocumentPage, Documents } from "../../core/documents.ts";
import { asId, type DocumentId } from "../../core/ids.ts";
import { languageOf } from "../language-of.ts";
import type { PageImages } from "../page-images.ts";
import { notFound } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { sendSitePage } from "../site-page.ts";
import { documentPageView, IMAGE_WIDTH } from "./document-page-view.ts";

const PAGES_PER_CALLER_PER_MINUTE = 240;
const NUMBER = /^[1-9]\d{0,5}$/;

/**
 * What a citation of a document links to, for whoever has the address: pages of public documents. Any other is not
 * there, in the same words.
 */
export function documentPageRoutes(ports: {
  readonly documents: Pick<Documents, "readPublicPage">;
  readonly images: PageImages;
}): Router {
  const { documents, images } = ports;
  const perCaller = createRateLimit("documents-page-per-caller", PAGES_PER_CALLER_PER_MINUTE, 60);
  const router = Router();
  const path = "/documents/:documentId/versions/:version/pages/:page";

  router.get(path, async (request, response) => {
    await perCaller.take(callerOf(request), response);
    const shown = await findPage(documents, request);
    const language = languageOf(request);
    sendSitePage(response, {
      language,
      ...documentPageView(shown, language),
      layout: "wide",
      // What is public today may be taken back tomorrow.
      isPrivate: true,
    });
  });

  router.get(`${path}/image.png`, async (request, response) => {
    await perCaller.take(callerOf(request), response);
    const { contentHash, fileKey, format, page } = await findPage(documents, request);
    if (format !== "pdf") throw notFound();
    const wanted = { contentHash, fileKey, page: page.page, widthPx: IMAGE_WIDTH };
    const image = await images.get(wanted);
    response.setHeader("Cache-Control", "no-store");
    response.type("png").send(image);
  });
  return router;
}

async function findPage(
  documents: Pick<Documents, "readPublicPage">,
  { params, query }: Request,
): Promise<DocumentPage> {
  const version = String(params.version);
  const page = String(params.page);
  if (!NUMBER.test(version) || !NUMBER.test(page)) throw notFound();
  const found = await documents.readPublicPage({
    id: asId<DocumentId>(String(params.documentId)),
    version: Number(version),
    page: Number(page),
    highlight: typeof query.hl === "string" ? query.hl : undefined,
  });
  if (found === undefined) throw notFound();
  return found;
}
