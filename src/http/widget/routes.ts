import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { BotAdmin, BotRegistry } from "../../core/bot-registry.ts";
import type { BotAccount } from "../../core/channel.ts";
import { asId, type BotId } from "../../core/ids.ts";
import { looksOf, looksRevisionOf } from "../../core/web-chat-looks.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { expectedRevision, sendRevision, staleRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { avatarPathOf } from "./avatar-path.ts";
import { ChangeWebChatRequest, type WebChatShape } from "./contract.ts";
import { themeOf } from "./theme.ts";

interface WebChatLooksPorts {
  readonly registry: Pick<BotRegistry, "lookUp">;
  readonly botAdminFor: (actor: string) => Pick<BotAdmin, "changeWebChat">;
  readonly authorise: Pick<Authorise, "tenant">;
  readonly publicUrl: string | undefined;
}

const CALLS_PER_MINUTE = 120;

/** How a tenant's web chat looks, and on which sites it may stand. */
export function webChatLooksRoutes(ports: WebChatLooksPorts): Router {
  const perTenant = createRateLimit("web-chat-looks-per-tenant", CALLS_PER_MINUTE, 60);

  async function find(
    request: Request,
    response: Response,
  ): Promise<{ readonly caller: TenantCaller; readonly bot: BotAccount }> {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return { caller, bot: await lookUp(caller, request) };
  }

  async function lookUp({ tenantId }: TenantCaller, request: Request): Promise<BotAccount> {
    const botId = asId<BotId>(String(request.params.botId));
    const bot = await ports.registry.lookUp(tenantId, botId);
    if (bot?.channel !== "web-chat") throw unknownWebChat();
    return bot;
  }

  function send(response: Response, bot: BotAccount): void {
    sendRevision(response, looksRevisionOf(bot));
    response.json(view(bot, ports.publicUrl));
  }

  const router = Router();
  router
    .route("/api/v1/bots/:botId/web-chat")
    .get(async (request, response) => {
      const { bot } = await find(request, response);
      send(response, bot);
    })
    .put(async (request, response) => {
      const { bot, caller } = await find(request, response);
      const { name, colour, ...rest } = parseInput(ChangeWebChatRequest, await readJson(request));
      const revision = expectedRevision(request);
      const looks = { ...rest, colour: colour ?? undefined };
      const outcome = await ports
        .botAdminFor(caller.actor)
        .changeWebChat(caller.tenantId, bot.botId, { name, looks }, revision);
      if (outcome === "unknown") throw unknownWebChat();
      if (outcome === "stale") throw staleRevision();
      send(response, await lookUp(caller, request));
    })
    .all(allowOnly("GET", "PUT"));
  return router;
}

function view(bot: BotAccount, publicUrl: string | undefined): z.infer<typeof WebChatShape> {
  const { colour, greeting, questions, allowedOrigins } = looksOf(bot);
  const theme = colour === undefined ? undefined : themeOf(colour);
  const light = theme?.light.accent;
  return {
    name: bot.name,
    colour: colour ?? null,
    greeting,
    questions: [...questions],
    allowedOrigins: [...allowedOrigins],
    shownColours:
      theme === undefined ? null : { light: theme.light.accent, dark: theme.dark.accent },
    notice:
      colour === undefined || light === colour.toLowerCase()
        ? null
        : `Text on ${colour} would be hard to read (WCAG asks for 4.5 to 1): ${light} is shown instead.`,
    avatar: avatarPathOf(bot) ?? null,
    embed:
      publicUrl === undefined
        ? null
        : `<script src="${publicUrl}/widget.js" data-bot="${bot.botKey}" async></script>`,
  };
}

function unknownWebChat() {
  return notFound("There is no such web chat.");
}
