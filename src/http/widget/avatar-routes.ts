import { type Request, type Response, Router } from "express";
import type { BotRegistry } from "../../core/bot-registry.ts";
import { asId, type BotId } from "../../core/ids.ts";
import {
  avatarVersionOf,
  type WebChatAvatar,
  type WebChatAvatars,
} from "../../core/web-chat-avatars.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { allowOnly, notFound } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { readBody } from "../read-body.ts";
import { findWebChat } from "./public-routes.ts";
import { MAX_AVATAR_BYTES, readAvatar } from "./read-avatar.ts";

export interface AvatarPorts {
  readonly registry: Pick<BotRegistry, "findByKey" | "lookUp">;
  readonly webChatAvatars: WebChatAvatars;
  readonly authorise: Pick<Authorise, "tenant">;
}

const CHANGES_PER_MINUTE = 20;
/** Each is one row read; the address names the version, so that a browser asks once. */
const READS_PER_CALLER_PER_MINUTE = 240;
const YEAR_SECONDS = 365 * 24 * 3600;

/** The picture of a web chat: sent by its tenant, shown to everybody. */
export function avatarRoutes(ports: AvatarPorts): Router {
  const { registry, webChatAvatars, authorise } = ports;
  const perTenant = createRateLimit("web-chat-avatars-per-tenant", CHANGES_PER_MINUTE, 60);
  const perCaller = createRateLimit("avatars-per-caller", READS_PER_CALLER_PER_MINUTE, 60);
  const router = Router();

  async function change(
    request: Request,
    response: Response,
    read: (request: Request) => Promise<WebChatAvatar | undefined>,
  ): Promise<void> {
    const caller: TenantCaller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    const botId = asId<BotId>(String(request.params.botId));
    const bot = await registry.lookUp(caller.tenantId, botId);
    if (bot?.channel !== "web-chat") throw unknownWebChat();
    const avatar = await read(request);
    const isThere = await webChatAvatars.change(caller.tenantId, botId, avatar, caller.actor);
    if (!isThere) throw unknownWebChat();
    response.status(204).end();
  }

  router
    .route("/api/v1/bots/:botId/web-chat/avatar")
    .put((request, response) =>
      change(request, response, async () => readAvatar(await readBody(request, MAX_AVATAR_BYTES))),
    )
    .delete((request, response) => change(request, response, async () => undefined))
    .all(allowOnly("PUT", "DELETE"));

  router
    .route("/chat/:botKey/avatar")
    .get(async (request, response) => {
      const bot = findWebChat(registry, request);
      const version = avatarVersionOf(bot);
      if (version === undefined) throw notFound();
      await perCaller.take(callerOf(request), response);
      const avatar = await webChatAvatars.read(bot.tenantId, bot.botId);
      if (avatar === undefined) throw notFound();
      const isNamed = request.query.v === version;
      response.setHeader("Cache-Control", `public, max-age=${isNamed ? YEAR_SECONDS : 60}`);
      // A stranger's file: whoever opens it by itself runs nothing in our name.
      response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
      response.type(avatar.mediaType).send(Buffer.from(avatar.bytes));
    })
    .all(allowOnly("GET"));
  return router;
}

function unknownWebChat() {
  return notFound("There is no such web chat.");
}
