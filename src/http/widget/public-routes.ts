import { readFileSync } from "node:fs";
import { type Request, type Response, Router } from "express";
import type { BotRegistry } from "../../core/bot-registry.ts";
import type { BotAccount } from "../../core/channel.ts";
import { PregoneroError } from "../../core/errors.ts";
import { looksOf } from "../../core/web-chat-looks.ts";
import { escapeHtml } from "../html.ts";
import { allowOnly, notFound } from "../problem.ts";
import { themeOf } from "./theme.ts";

export interface PublicWidgetPorts {
  readonly registry: Pick<BotRegistry, "findByKey">;
  readonly publicUrl: string | undefined;
}

/** A change of the looks is seen within these seconds. */
const LOOKS_SECONDS = 60;
const SCRIPT_SECONDS = 3_600;
/** Of chat.css. */
const OWN_ACCENT = "#9b2c1f";

/** What a site includes, and what it asks for: no cookie is read or set here. */
export function publicWidgetRoutes(ports: PublicWidgetPorts): Router {
  const script = readFileSync(
    new URL("../../../bots/web-chat/widget/widget.js", import.meta.url),
    "utf8",
  );
  const router = Router();
  router
    .route("/widget.js")
    .get((_request, response) => {
      response.setHeader("Cache-Control", `public, max-age=${SCRIPT_SECONDS}`);
      // A script of ours on others' pages: what the other files of this host are not.
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
      response.type("text/javascript").send(script);
    })
    .all(allowOnly("GET"));
  router
    .route("/chat/:botKey/widget.json")
    .get((request, response) => {
      const { origin } = request.headers;
      response.setHeader("Vary", "Origin");
      // Before anything is refused: the widget should be able to read that it is, and say so.
      if (origin !== undefined) response.setHeader("Access-Control-Allow-Origin", origin);
      const bot = findWebChat(ports.registry, request);
      if (origin !== undefined) requireAllowed(origin, bot, ports.publicUrl, request);
      const { colour } = looksOf(bot);
      const { accent, onAccent } = themeOf(colour ?? OWN_ACCENT).light;
      cacheLooks(response);
      response.json({ name: bot.name, colour: accent, onColour: onAccent });
    })
    .all(allowOnly("GET"));
  router
    .route("/chat/:botKey/looks.css")
    .get((request, response) => {
      const { colour } = looksOf(findWebChat(ports.registry, request));
      cacheLooks(response);
      response.type("text/css").send(colour === undefined ? "" : styleSheet(colour));
    })
    .all(allowOnly("GET"));
  router
    .route("/chat/:botKey/avatar.svg")
    .get((request, response) => {
      const bot = findWebChat(ports.registry, request);
      cacheLooks(response);
      response.type("image/svg+xml").send(drawLetter(bot));
    })
    .all(allowOnly("GET"));
  return router;
}

function cacheLooks(response: Response): void {
  response.setHeader("Cache-Control", `public, max-age=${LOOKS_SECONDS}`);
}

export function findWebChat(
  registry: Pick<BotRegistry, "findByKey">,
  request: Request,
): BotAccount {
  const bot = registry.findByKey(String(request.params.botKey));
  if (bot === undefined || bot.channel !== "web-chat") throw notFound();
  return bot;
}

function requireAllowed(
  origin: string,
  bot: BotAccount,
  publicUrl: string | undefined,
  request: Request,
): void {
  const own = publicUrl ?? `${request.protocol}://${request.host}`;
  if (origin === own || looksOf(bot).allowedOrigins.includes(origin)) return;
  throw new PregoneroError(
    "origin-not-allowed",
    "This web chat is not allowed on that site. Add the site's origin to the bot's allowedOrigins.",
    { status: 403 },
  );
}

function styleSheet(colour: string): string {
  const { light, dark } = themeOf(colour);
  const rule = ({ accent, onAccent, tint }: typeof light) =>
    `:root{--accent:${accent};--on-accent:${onAccent};--tint:${tint}}`;
  return `${rule(light)}\n@media (prefers-color-scheme:dark){${rule(dark)}}\n`;
}

/** A disc in the bot's colour with the first letter of its name. */
function drawLetter(bot: BotAccount): string {
  const { accent, onAccent } = themeOf(looksOf(bot).colour ?? OWN_ACCENT).light;
  const letter = escapeHtml([...bot.name.matchAll(/[\p{L}\p{N}]/gu)][0]?.[0].toUpperCase() ?? "·");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><circle cx="18" cy="18" r="18" fill="${accent}"/><text x="18" y="24.5" text-anchor="middle" font-family="Georgia,serif" font-weight="700" font-size="19" fill="${onAccent}">${letter}</text></svg>`;
}
