import { type Request, type Response, Router } from "express";
import type { Edition } from "../../core/gazette.ts";
import type { GazetteArchive } from "../../core/gazette-archive.ts";
import type { GazetteStore } from "../../core/gazette-store.ts";
import { asId, type EditionId, type TenantId } from "../../core/ids.ts";
import type { Authorise } from "../access/authorise.ts";
import { PUBLIC_READER } from "../gazettes.ts";
import type { PageImages } from "../page-images.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { ImageQuery, PageInPath } from "./contract.ts";
import { viewEdition, viewPage } from "./views.ts";

export interface EditionPagePorts {
  readonly gazetteStore: Pick<GazetteStore, "getEdition" | "getPage">;
  readonly gazetteArchive: Pick<GazetteArchive, "listActs" | "listPages" | "listPassages">;
  readonly images: PageImages;
  readonly authorise: Pick<Authorise, "anywhere">;
}

type StoredEdition = Edition & { readonly fileKey: string };
interface Asked {
  readonly tenantId: TenantId;
  readonly edition: StoredEdition;
}
type Find = (request: Request, response: Response) => Promise<Asked>;

/** Who leafs quickly asks for the page and its picture, of this page and the next. */
const CALLS_PER_MINUTE = 480;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How editions were read, for people of a tenant (its own, and public ones) and for who operates the installation. */
export function editionPageRoutes(ports: EditionPagePorts): Router {
  const { gazetteStore, gazetteArchive, images, authorise } = ports;
  const perCaller = createRateLimit("edition-pages-per-caller", CALLS_PER_MINUTE, 60);
  const find: Find = async (request, response) => {
    const caller = await authorise.anywhere(request, response);
    await perCaller.take(caller.tenantId ?? caller.actor, response);
    const tenantId = caller.tenantId ?? PUBLIC_READER;
    const id = String(request.params.editionId).toLowerCase();
    const edition = UUID.test(id)
      ? await gazetteStore.getEdition(tenantId, asId<EditionId>(id))
      : undefined;
    if (edition === undefined) throw notFound("There is no such edition.");
    return { tenantId, edition };
  };
  const router = Router();
  router
    .route("/api/v1/editions/:editionId")
    .get(async (request, response) => {
      const { tenantId, edition } = await find(request, response);
      const { editionId } = edition;
      const pages = await gazetteArchive.listPages(tenantId, editionId);
      const acts = await gazetteArchive.listActs(tenantId, [editionId]);
      response.json(viewEdition(edition, pages, acts.get(editionId) ?? []));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/editions/:editionId/pages/:page")
    .get(async (request, response) => {
      const { tenantId, edition } = await find(request, response);
      const { editionId } = edition;
      const page = await gazetteStore.getPage(tenantId, editionId, pageOf(request, edition));
      if (page === undefined) throw notFound("The edition has no such page.");
      const passages = await gazetteArchive.listPassages(tenantId, editionId, page.page);
      response.json(viewPage(page, passages));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/editions/:editionId/pages/:page/image")
    .get(async (request, response) => {
      const { edition } = await find(request, response);
      const { width } = parseInput(ImageQuery, { ...request.query });
      const { contentHash, fileKey } = edition;
      const page = pageOf(request, edition);
      const image = await images.get({ contentHash, fileKey, page, widthPx: Number(width) });
      response.type("png").send(image);
    })
    .all(allowOnly("GET"));
  return router;
}

function pageOf(request: Request, { pageCount }: Edition): number {
  const page = PageInPath.safeParse(request.params.page);
  if (!page.success || page.data > pageCount) throw notFound("The edition has no such page.");
  return page.data;
}
