import type { BotRegistry } from "../../core/bot-registry.ts";
import type { Source } from "../../core/gazette.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import { type Html, html } from "../html.ts";
import { EDITION_TEXTS } from "./edition-texts.ts";
import { feedPath } from "./paths.ts";

/** Where a reader may go on: what really exists, and nothing else. */
export interface Roads {
  /** Path of the open web chat. */
  readonly chat: string | undefined;
  /** User name of a Telegram bot that anybody may write to. */
  readonly telegram: string | undefined;
  /** Digits of a WhatsApp number that anybody may write to, with its country's. */
  readonly whatsapp: string | undefined;
}

/** The bots of the tenant that is open to everybody; none where no tenant is. */
export function findRoads(
  registry: Pick<BotRegistry, "list">,
  openTenantId: TenantId | undefined,
): Roads {
  const open = registry.list().filter((bot) => bot.tenantId === openTenantId);
  const chat = open.find((bot) => bot.channel === "web-chat");
  const named = open.find(
    // Telegram: five to 32 letters, digits and underscores.
    ({ channel, settings }) => channel === "telegram" && /^\w{5,32}$/.test(settings.username ?? ""),
  );
  const phone = open
    .filter(({ channel }) => channel === "whatsapp-cloud")
    .map(({ settings }) => /^\+[\d ().-]{8,24}$/.exec(settings.username ?? "")?.[0])
    .find((shown) => shown !== undefined);
  return {
    chat: chat === undefined ? undefined : `/chat/${encodeURIComponent(chat.botKey)}`,
    telegram: named?.settings.username,
    whatsapp: phone?.replaceAll(/\D/g, ""),
  };
}

/** Feed, channels, and a button that script alone can make work: it is hidden until then. */
export function followView(source: Source, roads: Roads, language: Language): Html {
  const texts = EDITION_TEXTS[language];
  return html`
<section class="follow" aria-labelledby="follow-title">
<h2 id="follow-title" class="label">${texts.follow}</h2>
<p class="actions">
<a class="button" href="${feedPath(source)}" type="application/atom+xml">${texts.feed}</a>
${roads.chat !== undefined && html`<a class="button" href="${roads.chat}">${texts.askInChat}</a>`}
${roads.telegram !== undefined && html`<a class="button" rel="noopener" href="https://t.me/${roads.telegram}?start=${startParameter(source)}">${texts.askInTelegram}</a>`}
${roads.whatsapp !== undefined && html`<a class="button" rel="noopener" href="https://wa.me/${roads.whatsapp}">${texts.askInWhatsApp}</a>`}
<button class="button" type="button" id="share" hidden>${texts.share}</button>
<button class="button" type="button" id="copy-link" hidden data-copied="${texts.copied}">${texts.copyLink}</button>
<span class="note" id="share-said" role="status"></span>
</p></section>`;
}

/** Bot API, deep linking: up to 64 letters, digits, underscores and hyphens. The bot sees whence somebody comes. */
function startParameter({ slug }: Source): string {
  return `gazette-${slug}`.replace(/[^\w-]/g, "").slice(0, 64);
}
