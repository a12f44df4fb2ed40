import type { Response } from "express";
import type { Language } from "../core/language.ts";
import { type Html, html } from "./html.ts";
import { SITE_TEXTS } from "./site-texts.ts";

/** Sends a server-rendered page in the site's frame. */
export function sendSitePage(
  response: Response,
  page: {
    readonly language: Language;
    readonly title: string;
    readonly main: Html;
    /** Class of the body: decides the width of the layout. */
    readonly layout: "column" | "wide";
    /** `rel=prev` and the like. */
    readonly links?: Html;
    /** Names of a script and of a further style sheet in `/assets/site`. */
    readonly script?: string;
    readonly style?: string;
    /** So long a cache need not ask again. Absent: it asks each time. */
    readonly maxAgeSeconds?: number;
    /** For whoever has its address alone: no cache keeps it, and no search engine lists it. */
    readonly isPrivate?: true;
  },
): void {
  const texts = SITE_TEXTS[page.language];
  const document = html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
${page.isPrivate === true && html`<meta name="robots" content="noindex, nofollow">`}
<link rel="icon" href="/assets/site/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/site/site.css">
${page.style !== undefined && html`<link rel="stylesheet" href="/assets/site/${page.style}">`}
${page.links}
${page.script !== undefined && html`<script src="/assets/site/${page.script}" defer></script>`}
</head>
<body class="${page.layout}">
<a class="skip" href="#main">${texts.skip}</a>
<header class="masthead"><a href="/" class="brand"><img src="/assets/site/icon.svg" alt="" width="28" height="28"> Pregonero</a></header>
<main id="main">${page.main}</main>
<footer class="colophon"><p>${texts.officialNotice}</p></footer>
</body>
</html>`;
  response.setHeader("Vary", "Accept-Language");
  response.setHeader("Cache-Control", cacheControl(page));
  response.type("html").send(document.markup);
}

function cacheControl(page: {
  readonly isPrivate?: true;
  readonly maxAgeSeconds?: number;
}): string {
  if (page.isPrivate === true) return "no-store";
  return page.maxAgeSeconds === undefined ? "no-cache" : `public, max-age=${page.maxAgeSeconds}`;
}
