import { LANGUAGES } from "../../core/language.ts";
import { type Html, html } from "../html.ts";

/**
 * What search engines and messengers read of a page. Without a public address only the description: the others must
 * be absolute, and the address that one visitor used may not be everybody's.
 */
export function headTags(page: {
  readonly publicUrl: string | undefined;
  /** Of the page itself, without a language. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "article" | "website";
  readonly imagePath?: string | undefined;
  /** Of the Atom feed that tells of pages like this one. */
  readonly feed?: { readonly path: string; readonly title: string } | undefined;
  /** Results of a search: found anew, never listed. */
  readonly isTransient?: boolean;
}): Html {
  const { publicUrl, path, feed } = page;
  return html`
<meta name="description" content="${page.description}">
${page.isTransient === true && html`<meta name="robots" content="noindex, follow">`}
${feed !== undefined && html`<link rel="alternate" type="application/atom+xml" title="${feed.title}" href="${feed.path}">`}
${publicUrl !== undefined && absoluteTags(`${publicUrl}${path}`, publicUrl, page)}`;
}

function absoluteTags(url: string, publicUrl: string, page: Parameters<typeof headTags>[0]): Html {
  const separator = url.includes("?") ? "&" : "?";
  return html`
<link rel="canonical" href="${url}">
${LANGUAGES.map((language) => html`<link rel="alternate" hreflang="${language}" href="${url}${separator}lang=${language}">`)}
<meta property="og:site_name" content="Pregonero">
<meta property="og:type" content="${page.kind}">
<meta property="og:title" content="${page.title}">
<meta property="og:description" content="${page.description}">
<meta property="og:url" content="${url}">
${
  page.imagePath !== undefined &&
  html`<meta property="og:image" content="${publicUrl}${page.imagePath}">
<meta name="twitter:card" content="summary_large_image">`
}`;
}
