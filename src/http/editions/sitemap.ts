import type { GazetteArchive } from "../../core/gazette-archive.ts";
import { editionPath } from "../gazette-address.ts";
import { html } from "../html.ts";
import { GAZETTES_PATH, sourcePath } from "./paths.ts";

/** The protocol allows 50,000 addresses in one file (sitemaps.org). */
export const SITEMAP_DAYS = 45_000;

type Days = Awaited<ReturnType<GazetteArchive["listPublicDays"]>>;

/** Gazettes and editions; their pages are found from there. */
export function sitemap(days: Days, base: string): string {
  const slugs = [...new Set(days.map((day) => day.slug))];
  return html`<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>${base}/</loc></url>
<url><loc>${base}${GAZETTES_PATH}</loc></url>
${slugs.map((slug) => html`<url><loc>${base}${sourcePath({ slug })}</loc></url>\n`)}
${days.map(
  ({ slug, publishedOn, takenInAt }) =>
    html`<url><loc>${base}${editionPath({ source: { slug }, publishedOn })}</loc><lastmod>${takenInAt.toISOString()}</lastmod></url>\n`,
)}</urlset>
`.markup;
}

/** RFC 9309. Results of searches and what machines talk to are nothing to list. */
export function robots(base: string): string {
  return `User-agent: *
Disallow: /api/
Disallow: /admin
Disallow: /*?q=
Allow: /

Sitemap: ${base}/sitemap.xml
`;
}
