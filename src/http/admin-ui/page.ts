import type { Language } from "../../core/language.ts";
import { type Html, html } from "../html.ts";
import type { Bundle } from "./bundle.ts";

/**
 * The one page of the admin interface. It names ahead what its first script asks for in any case (`preload`: more
 * modules, and whether somebody is signed in), so that on a slow network it comes beside the script. The nonce stands at the script, where a page's own code can read it and a style
 * sheet cannot.
 */
export function bundlePage(
  { script, styles, imports }: Bundle,
  options: {
    readonly nonce: string;
    readonly language: Language;
    readonly hasSso: boolean;
    readonly preload: readonly string[];
  },
): Html {
  return html`<!doctype html>
<html lang="${options.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>Pregonero</title>
<link rel="icon" href="/assets/site/icon.svg" type="image/svg+xml">
${styles.map((file) => html`<link rel="stylesheet" href="/admin/${file}">`)}
<script type="module" src="/admin/${script}" nonce="${options.nonce}"></script>
${[...imports, ...options.preload].map(preloaded)}
<link rel="preload" as="fetch" href="/api/v1/session" crossorigin>
</head>
<body>
<div id="root" data-sso="${String(options.hasSso)}"></div>
<noscript>${WITHOUT_SCRIPT[options.language]}</noscript>
</body>
</html>`;
}

function preloaded(file: string): Html {
  const address = `/admin/${file}`;
  return file.endsWith(".css")
    ? html`<link rel="preload" as="style" href="${address}">`
    : html`<link rel="modulepreload" href="${address}">`;
}

const WITHOUT_SCRIPT: Readonly<Record<Language, string>> = {
  es: "La administración necesita JavaScript.",
  pt: "A administração precisa de JavaScript.",
  en: "The administration needs JavaScript.",
};

/** Looks again by itself until there is something to show. */
const LOOK_AGAIN_SECONDS = 3;

/** Shown while the interface is being built, which a first start does besides answering questions. */
export function waitingPage(language: Language): Html {
  const { title, lead } = WAITING[language];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${LOOK_AGAIN_SECONDS}">
<meta name="color-scheme" content="light dark">
<title>${title} · Pregonero</title>
<link rel="icon" href="/assets/site/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/site/site.css">
</head>
<body class="column">
<main id="main"><h1>${title}</h1><p>${lead}</p><p><code>npm run build:ui</code></p></main>
</body>
</html>`;
}

const WAITING: Readonly<Record<Language, { readonly title: string; readonly lead: string }>> = {
  es: {
    title: "La administración se está preparando",
    lead: "Ocurre una vez después de instalar o actualizar, y tarda menos de un minuto. Esta página se recarga sola; si sigue aquí, prepárela con:",
  },
  pt: {
    title: "A administração está sendo preparada",
    lead: "Acontece uma vez depois de instalar ou atualizar, e leva menos de um minuto. Esta página se recarrega sozinha; se continuar aqui, prepare-a com:",
  },
  en: {
    title: "The administration is being prepared",
    lead: "This happens once after an installation or an update, and takes less than a minute. This page reloads itself; if it stays, prepare it with:",
  },
};
