import { Router } from "express";
import type { BotRegistry } from "../core/bot-registry.ts";
import type { GazetteStore } from "../core/gazette-store.ts";
import type { TenantId } from "../core/ids.ts";
import { EDITION_TEXTS } from "./editions/edition-texts.ts";
import { GAZETTES_PATH } from "./editions/paths.ts";
import { PUBLIC_READER } from "./gazettes.ts";
import { html } from "./html.ts";
import { languageOf } from "./language-of.ts";
import { sendSitePage } from "./site-page.ts";
import { longDate, SITE_TEXTS, say } from "./site-texts.ts";

export interface LandingPorts {
  readonly registry: BotRegistry;
  readonly gazetteStore: Pick<GazetteStore, "listSources">;
  /** Whose web chat the front page offers. */
  readonly openTenantId: TenantId | undefined;
}

/** The front page, which says where to go. */
export function landingRoutes(ports: LandingPorts): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const language = languageOf(request);
    const texts = SITE_TEXTS[language];
    const chat = ports.registry
      .list()
      .find((bot) => bot.channel === "web-chat" && bot.tenantId === ports.openTenantId);
    const sources = await ports.gazetteStore.listSources(PUBLIC_READER);
    const read = sources.filter((source) => source.lastPublishedOn !== undefined);
    sendSitePage(response, {
      language,
      title: "Pregonero",
      layout: "column",
      main: html`
<div class="hero"><h1>${texts.tagline}</h1><p>${texts.intro}</p>
${chat !== undefined && html`<p class="actions"><a class="button primary" href="/chat/${chat.botKey}">${texts.openChat}</a></p><p class="note">${texts.chatAbout}</p>`}</div>
<section><h2 class="label">${texts.editions}</h2>
${read.length === 0 && html`<p>${texts.noEditions}</p>`}
<ul class="cards">${read.map(
        (source) =>
          html`<li><a href="/gazettes/${source.slug}/${source.lastPublishedOn}"><strong>${source.name}</strong><span>${say(texts.latest, { date: longDate(source.lastPublishedOn ?? "", language) })}</span></a></li>`,
      )}</ul>
${read.length > 0 && html`<p><a href="${GAZETTES_PATH}">${EDITION_TEXTS[language].allEditions}</a></p>`}</section>
<section><h2 class="label">${texts.connectTelegram}</h2><p>${texts.connectTelegramHow}</p>
<pre class="code" tabindex="0">npm run -s pregonero -- bot add telegram</pre></section>
<section><h2 class="label">${texts.forDevelopers}</h2><ul class="plain">
<li><a href="/api/docs">${texts.apiDocs}</a></li>
<li><a href="/admin">${texts.administration}</a></li></ul></section>`,
    });
  });
  return router;
}
