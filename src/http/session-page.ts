import { type Request, type Response, Router } from "express";
import type { BotRegistry } from "../core/bot-registry.ts";
import type { BotAccount } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";
import type { Clock } from "../core/clock.ts";
import type { Language } from "../core/language.ts";
import type { LinkCode } from "../core/session.ts";
import { drawQrPng } from "../qr-code.ts";
import type { SeenSession, SessionDesk } from "../session-desk.ts";
import type { SessionLinks } from "../session-links.ts";
import { type Html, html } from "./html.ts";
import { languageOf } from "./language-of.ts";
import { allowOnly, notFound } from "./problem.ts";
import { callerOf, createRateLimit } from "./rate-limit.ts";
import { SESSION_TEXTS, type SessionTexts } from "./session-texts.ts";
import { sendSitePage } from "./site-page.ts";
import { say } from "./site-texts.ts";

export interface SessionPagePorts {
  readonly registry: Pick<BotRegistry, "lookUp">;
  readonly sessionDesk: Pick<SessionDesk, "read" | "readCode">;
  readonly sessionLinks: Pick<SessionLinks, "read">;
  readonly hash: Cipher["hash"];
  readonly clock: Clock;
}

/** An open page looks every two seconds, and each code is one picture. */
const CALLS_PER_CALLER_PER_MINUTE = 300;
/** Drawn sharp at any size by the browser; this is enough for a screen of twice the density. */
const QR_PIXELS_PER_MODULE = 10;

/** What a page shows at one moment. */
interface Shown extends SeenSession {
  readonly bot: BotAccount;
  readonly code: LinkCode | undefined;
  readonly expiresAt: Date;
}

/**
 * The page on which a person links an account, for whoever has its short-lived address. It holds the code itself, so it
 * is not kept by anybody and does not tell its address to other sites.
 */
export function sessionPageRoutes(ports: SessionPagePorts): Router {
  const perCaller = createRateLimit("session-page-per-caller", CALLS_PER_CALLER_PER_MINUTE, 60);
  const look = async (request: Request, response: Response): Promise<Shown | undefined> => {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Referrer-Policy", "no-referrer");
    await perCaller.take(callerOf(request), response);
    return find(ports, String(request.params.token));
  };
  const router = Router();
  router
    .route("/sessions/:token")
    .get(async (request, response) => {
      const shown = await look(request, response);
      const language = languageOf(request);
      if (shown === undefined) response.status(404);
      sendSitePage(response, {
        language,
        title: `${SESSION_TEXTS[language].kicker} · Pregonero`,
        layout: "column",
        script: "session.js",
        isPrivate: true,
        main:
          shown === undefined
            ? goneView(SESSION_TEXTS[language])
            : pageView(ports, shown, language, `/sessions/${request.params.token}`),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/sessions/:token/view")
    .get(async (request, response) => {
      const shown = await look(request, response);
      const language = languageOf(request);
      if (shown === undefined) {
        response.status(404).type("html").send(goneView(SESSION_TEXTS[language]).markup);
        return;
      }
      const version = versionOf(ports.hash, shown);
      response.setHeader("Vary", "Accept-Language");
      if (request.query.version === version) response.status(204).end();
      else {
        const base = `/sessions/${request.params.token}`;
        response.type("html").send(stateView(ports, shown, language, base).markup);
      }
    })
    .all(allowOnly("GET"));
  router
    .route("/sessions/:token/qr.png")
    .get(async (request, response) => {
      const shown = await look(request, response);
      if (shown?.code?.kind !== "qr") throw notFound("No QR code is shown now.");
      response.type("png").send(drawQrPng(shown.code.content, QR_PIXELS_PER_MODULE));
    })
    .all(allowOnly("GET"));
  return router;
}

/** Undefined for an address that is not or no longer valid, also because its bot is removed. */
async function find(ports: SessionPagePorts, token: string): Promise<Shown | undefined> {
  const link = ports.sessionLinks.read(token);
  const bot = link && (await ports.registry.lookUp(link.tenantId, link.botId));
  if (link === undefined || bot === undefined) return undefined;
  const [seen, code] = await Promise.all([
    ports.sessionDesk.read(bot),
    ports.sessionDesk.readCode(bot),
  ]);
  return { ...seen, bot, code, expiresAt: link.expiresAt };
}

function pageView(ports: SessionPagePorts, shown: Shown, language: Language, base: string): Html {
  const texts = SESSION_TEXTS[language];
  const minutes = Math.ceil((shown.expiresAt.getTime() - ports.clock.now().getTime()) / 60_000);
  return html`
<p class="kicker">${texts.kicker} · ${shown.bot.name}</p>
<div id="session" data-address="${base}/view" data-offline="${texts.offline}">${stateView(ports, shown, language, base)}</div>
<p class="sr" id="said" role="status"></p>
<p class="note" id="offline" role="status"></p>
<p class="note">${say(texts.expires, { minutes })}</p>
<p class="note">${texts.warning}</p>`;
}

/** The part that changes. The script asks for it again by its version, and puts it in the place of this one. */
function stateView(ports: SessionPagePorts, shown: Shown, language: Language, base: string): Html {
  const texts = SESSION_TEXTS[language];
  const kind = kindOf(shown);
  const { heading, help } = texts.states[kind];
  const version = versionOf(ports.hash, shown);
  const code = kind === "waiting-for-scan" ? shown.code : undefined;
  return html`
<section class="session session-${kind}" data-version="${version}">
<h1>${heading}</h1>
<p>${say(help, { bot: shown.bot.name })}</p>
${code !== undefined && codeView(code, texts, `${base}/qr.png?code=${version}`, ports.clock)}
</section>`;
}

function codeView(code: LinkCode, texts: SessionTexts, picture: string, clock: Clock): Html {
  const leftMs = Date.parse(code.expiresAt) - clock.now().getTime();
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  const steps = code.kind === "qr" ? texts.scan : texts.type;
  return html`
<div class="linking">
<div class="code-shown">
${
  code.kind === "qr"
    ? html`<img class="qr" src="${picture}" alt="${texts.qrAlt}" width="416" height="416">`
    : html`<p class="pairing-code">${spell(code.content)}</p>`
}
<p class="note">${say(texts.attempt, { n: code.attempt, count: code.attempts })} · <span class="countdown" data-seconds="${seconds}" data-text="${texts.renewed}">${say(texts.renewed, { seconds })}</span></p>
</div>
<ol class="steps">${steps.map((step) => html`<li>${step}</li>`)}</ol>
</div>`;
}

function goneView({ gone }: SessionTexts): Html {
  return html`<section class="session session-gone" data-version="gone"><h1>${gone.heading}</h1><p>${gone.help}</p></section>`;
}

/** As WhatsApp shows it: `ABCD-EFGH`. */
function spell(content: string): string {
  return /^[^-]{8}$/.test(content) ? `${content.slice(0, 4)}-${content.slice(4)}` : content;
}

function kindOf({ report, isAttended, code }: Shown): keyof SessionTexts["states"] {
  if (report === undefined || !isAttended) return "unattended";
  return report.state === "waiting-for-scan" && code === undefined ? "preparing" : report.state;
}

/** Another for another state or another code, and the code cannot be told from it. */
function versionOf(hash: Cipher["hash"], shown: Shown): string {
  const said = `${kindOf(shown)} ${shown.code?.content ?? ""}`;
  return hash("session-view", said).toString("base64url").slice(0, 16);
}
