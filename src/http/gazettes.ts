import { type Request, type Response, Router } from "express";
import type { Edition, GazetteDate } from "../core/gazette.ts";
import type { FileStore, GazetteStore, PlacedPassage } from "../core/gazette-store.ts";
import { asId, type TenantId } from "../core/ids.ts";
import { gazetteDate, sourceSlug } from "./contract.ts";
import { languageOf } from "./language-of.ts";
import { pageData } from "./page-data.ts";
import type { PageImages } from "./page-images.ts";
import { pageView, type ShownPage } from "./page-view.ts";
import { notFound } from "./problem.ts";
import { callerOf, createRateLimit } from "./rate-limit.ts";
import { sendSitePage } from "./site-page.ts";

export interface GazettePorts {
  readonly gazetteStore: GazetteStore;
  readonly fileStore: Pick<FileStore, "get">;
  readonly images: PageImages;
  /** Without a slash at the end; undefined: not known. */
  readonly publicUrl: string | undefined;
}

/** A tenant that nobody is: row security leaves it the public gazettes and nothing else. */
export const PUBLIC_READER = asId<TenantId>("00000000-0000-0000-0000-000000000000");

/** Closed, so that each page is drawn and kept in few sizes. */
const IMAGE_WIDTHS = [800, 1200, 1800] as const;
const DEFAULT_WIDTH = 1200;
/** A page view asks for one image; a reader who leafs quickly stays below. */
const IMAGES_PER_CALLER_PER_MINUTE = 120;

type StoredEdition = Edition & { readonly fileKey: string; readonly actCount: number };

/** The pages of an edition: its PDFs, and each page for people, as data, and as an image. */
export function gazetteRoutes(ports: GazettePorts): Router {
  const { gazetteStore, fileStore, images } = ports;
  const perCaller = createRateLimit("gazettes-per-caller", IMAGES_PER_CALLER_PER_MINUTE, 60);
  const router = Router();

  router.get("/gazettes/:source/:date/pdf", async (request, response) => {
    const edition = await findDocument(gazetteStore, request);
    if (isFresh(request, response, `"${edition.contentHash}"`)) return;
    const pdf = await fileStore.get(edition.fileKey);
    if (pdf === undefined) throw notFound("The PDF of this edition is not in the file store.");
    // The file is a stranger's: its viewer may not run anything in our name.
    response.setHeader("Content-Security-Policy", "default-src 'none'; object-src 'self'; sandbox");
    response.attachment(edition.documentName);
    response.setHeader(
      "Content-Disposition",
      String(response.getHeader("Content-Disposition")).replace(/^attachment/, "inline"),
    );
    response.type("application/pdf").send(pdf);
  });

  router.get("/gazettes/:source/:date/pages/:page", async (request, response) => {
    const shown = await findPage(gazetteStore, request);
    const language = languageOf(request);
    sendSitePage(response, {
      language,
      ...pageView({ ...shown, language, publicUrl: ports.publicUrl }),
      layout: "wide",
      script: "page.js",
    });
  });

  router.get("/gazettes/:source/:date/pages/:page/page.json", async (request, response) => {
    const shown = await findPage(gazetteStore, request);
    response.setHeader("Cache-Control", "public, max-age=60");
    response.setHeader("Vary", "Accept-Language");
    response.json(pageData({ ...shown, language: languageOf(request) }));
  });

  router.get("/gazettes/:source/:date/pages/:page/image.png", async (request, response) => {
    const edition = await findDocument(gazetteStore, request);
    const page = pageNumber(request, edition);
    const widthPx =
      IMAGE_WIDTHS.find((width) => String(width) === request.query.w) ?? DEFAULT_WIDTH;
    if (isFresh(request, response, `"${edition.contentHash}-${page}-${widthPx}"`)) return;
    await perCaller.take(callerOf(request), response);
    const { contentHash, fileKey } = edition;
    const image = await images.get({ contentHash, fileKey, page, widthPx });
    response.type("png").send(image);
  });
  return router;
}

async function findEditions(
  store: GazetteStore,
  request: Request,
): Promise<readonly [StoredEdition, ...StoredEdition[]]> {
  const { source, date } = request.params;
  const slug = sourceSlug.safeParse(source);
  const publishedOn = gazetteDate.safeParse(date);
  if (!slug.success || !publishedOn.success) throw notFound();
  const [first, ...others] = await store.listEditions(
    PUBLIC_READER,
    slug.data,
    publishedOn.data as GazetteDate,
  );
  if (first === undefined) throw notFound("There is no such edition.");
  return [first, ...others];
}

/** The document of `?document=`, else the first of the date. */
async function findDocument(store: GazetteStore, request: Request): Promise<StoredEdition> {
  const editions = await findEditions(store, request);
  const name = request.query.document;
  if (name === undefined) return editions[0];
  const found = editions.find((edition) => edition.documentName === name);
  if (found === undefined) throw notFound("There is no such document.");
  return found;
}

async function findPage(store: GazetteStore, request: Request): Promise<ShownPage> {
  const edition = await findDocument(store, request);
  const number = pageNumber(request, edition);
  const page = await store.getPage(PUBLIC_READER, edition.editionId, number);
  if (page === undefined) throw notFound();
  return { edition, page, cited: await findCited(store, request, edition) };
}

function pageNumber(request: Request, edition: Edition): number {
  const text = String(request.params.page);
  const number = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > edition.pageCount) throw notFound("The edition has no such page.");
  return number;
}

/** The passage of `?hl=`. One that isn't of this edition (it was superseded) highlights nothing. */
async function findCited(
  store: GazetteStore,
  request: Request,
  edition: Edition,
): Promise<PlacedPassage | undefined> {
  const id = request.query.hl;
  if (typeof id !== "string" || !/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await store.getPassage(PUBLIC_READER, asId(id));
  return found?.passage.editionId === edition.editionId ? found : undefined;
}

/** Pages and files never change under their hash, but a corrected edition takes over their address. */
function isFresh(request: Request, response: Response, etag: string): boolean {
  response.setHeader("ETag", etag);
  response.setHeader("Cache-Control", "public, max-age=3600, stale-while-revalidate=86400");
  if (!request.fresh) return false;
  response.status(304).end();
  return true;
}
