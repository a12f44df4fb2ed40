import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Request, type Response, Router } from "express";
import { languageOf } from "../language-of.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createBundleReader } from "./bundle.ts";
import { bundlePage, waitingPage } from "./page.ts";

export interface AdminUiPorts {
  /** Where it is built into; see scripts/build-ui.mjs. */
  readonly adminUiFolder: string;
  /** Whether people of this installation sign in with its identity provider. */
  readonly hasSso: boolean;
  /** Whether somebody may be signed in: only they are shown a view. */
  readonly keepsSession: (request: Request) => boolean;
}

/** As the build names them: a hash of the content is part of the name. */
const ASSET = /^[A-Za-z0-9._-]+-[A-Za-z0-9_-]{8}\.(js|css)$/;
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/** The admin interface: one page at every address under `/admin`, and what it loads. */
export function adminUiRoutes({ adminUiFolder, hasSso, keepsSession }: AdminUiPorts): Router {
  const readBundle = createBundleReader(adminUiFolder);
  const router = Router();
  router
    .route("/admin/assets/:file")
    .get((request, response) => sendAsset(request, response, path.join(adminUiFolder, "assets")))
    .all(allowOnly("GET"));
  router
    .route(["/admin", "/admin/*path"])
    .get(async (request, response) => {
      const bundle = await readBundle();
      const language = languageOf(request);
      response.setHeader("Vary", "Accept-Language");
      // Each answer has its own nonce, and names the files of now.
      response.setHeader("Cache-Control", "no-store");
      if (bundle === undefined) {
        response.type("html").send(waitingPage(language).markup);
        return;
      }
      const nonce = randomBytes(16).toString("base64");
      response.setHeader("Content-Security-Policy", policy(nonce));
      const view = keepsSession(request) ? bundle.viewAt(request.path, language) : [];
      const preload = [...bundle.wordsIn(language), ...view];
      response.type("html").send(bundlePage(bundle, { nonce, language, hasSso, preload }).markup);
    })
    .all(allowOnly("GET"));
  return router;
}

/**
 * As everywhere (`security-headers.ts`), but for the style elements that the component library writes: theirs alone,
 * by the nonce. Scripts come from this host only, as on every page.
 */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Already compressed by the build; what its name says never changes. */
async function sendAsset(request: Request, response: Response, folder: string): Promise<void> {
  const file = String(request.params.file);
  const [, extension] = ASSET.exec(file) ?? [];
  if (extension === undefined) throw notFound();
  const encoding = request.acceptsEncodings("br", "gzip");
  const suffix = encoding === "br" ? ".br" : encoding === "gzip" ? ".gz" : "";
  const found = path.join(folder, `${file}${suffix}`);
  const size = await stat(found).then(
    (stats) => stats.size,
    () => undefined,
  );
  if (size === undefined) throw notFound();
  response.setHeader("Content-Type", TYPES[extension] ?? "application/octet-stream");
  response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
  response.setHeader("Vary", "Accept-Encoding");
  response.setHeader("Content-Length", size);
  if (suffix !== "") response.setHeader("Content-Encoding", encoding || "identity");
  createReadStream(found)
    .on("error", () => response.destroy())
    .pipe(response);
}
