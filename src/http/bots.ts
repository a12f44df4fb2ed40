import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { BotAdmin, BotRegistry } from "../core/bot-registry.ts";
import { type BotAccount, type Channel, type ChannelName, showsPicture } from "../core/channel.ts";
import { asId, type BotId } from "../core/ids.ts";
import type { Pause, Pauses } from "../core/operations.ts";
import type { SessionAnswer } from "../core/session.ts";
import { drawQrPng } from "../qr-code.ts";
import { hasSession, type SessionDesk } from "../session-desk.ts";
import { webhookToPaste } from "../webhook-to-paste.ts";
import type { Authorise, TenantCaller } from "./access/authorise.ts";
import {
  AddBotRequest,
  type AddedBotShape,
  type BotShape,
  SessionRequestShape,
  type SessionViewShape,
} from "./bots-contract.ts";
import type { AnswerOnce } from "./idempotency.ts";
import { parseInput } from "./parse-input.ts";
import { allowOnly, notFound } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

export const BOTS_SCOPE = "bots";

export interface BotPorts {
  readonly registry: Pick<BotRegistry, "list" | "listRefused" | "lookUp">;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** Whose changes are this actor's in the audit log. */
  readonly botAdminFor: (actor: string) => BotAdmin;
  readonly sessionDesk: SessionDesk;
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
  readonly operations: { readonly pauses: Pick<Pauses, "list"> };
  /** Without a trailing slash. */
  readonly site: { readonly url: string | undefined };
  readonly config: { readonly publicUrl: string | undefined };
}

const CALLS_PER_MINUTE = 240;
/** A code of 69 modules becomes 552 pixels wide: large enough for a phone at arm's length. */
const QR_PIXELS_PER_MODULE = 8;
/** Pictures of bots change once a year; whoever changes one may wait so long to see it. */
const PICTURE_KEPT_SECONDS = 3_600;
const PICTURE_TIMEOUT_MS = 15_000;

/** A tenant's bots and the sessions of those that are one, for members and for API keys with scope `bots`. */
export function botRoutes(ports: BotPorts): Router {
  const { registry } = ports;
  const identify = createIdentify(ports);
  const router = Router();
  router
    .route("/api/v1/bots")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const refused = registry.listRefused();
      const own = [...refused, ...registry.list()].filter((bot) => bot.tenantId === tenantId);
      const pauses = await ports.operations.pauses.list(tenantId);
      const views = own.map(async (bot) => ({
        ...(await viewBot(ports, bot, pauses)),
        needsCredentials: refused.includes(bot),
      }));
      response.json({ bots: await Promise.all(views) });
    })
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const input = parseInput(AddBotRequest, await readJson(request));
      await ports.answerOnce(request, response, { tenantId, actor }, input, async () => {
        const signal = abortedWith(response);
        const bot = await ports.botAdminFor(actor).add(tenantId, toDraft(input), signal);
        const webhook = webhookToPaste(bot, ports.config.publicUrl);
        const body: z.infer<typeof AddedBotShape> = {
          ...(await viewBot(ports, bot, await ports.operations.pauses.list(tenantId))),
          webhook: webhook === undefined ? null : { ...webhook, url: webhook.url ?? null },
        };
        return { status: 201, body, headers: { Location: `/api/v1/bots/${bot.botId}/session` } };
      });
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/bots/:botId")
    .delete(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const botId = asId<BotId>(request.params.botId);
      await ports.botAdminFor(actor).remove(tenantId, botId, abortedWith(response));
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
  addPicture(router, ports, identify);
  addSessionRoutes(router, ports, identify);
  return router;
}

type Identify = (request: Request, response: Response) => Promise<TenantCaller>;

function createIdentify({ authorise }: BotPorts): Identify {
  const perTenant = createRateLimit("bots-per-tenant", CALLS_PER_MINUTE, 60);
  return async (request, response) => {
    const caller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
}

/** As the network shows it now: nothing of it is kept here but in the browser that asked. */
function addPicture(router: Router, { registry, channels }: BotPorts, identify: Identify): void {
  router
    .route("/api/v1/bots/:botId/picture")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const bot = await registry.lookUp(tenantId, asId<BotId>(request.params.botId));
      const channel = bot && channels.get(bot.channel);
      if (bot === undefined || channel === undefined) throw notFound("There is no such bot.");
      const timeout = AbortSignal.timeout(PICTURE_TIMEOUT_MS);
      const signal = AbortSignal.any([abortedWith(response), timeout]);
      const picture = showsPicture(channel) ? await channel.readPicture(bot, signal) : undefined;
      response.setHeader("Cache-Control", `private, max-age=${PICTURE_KEPT_SECONDS}`);
      if (picture === undefined) response.status(204).end();
      else response.type("image/jpeg").end(picture);
    })
    .all(allowOnly("GET"));
}

function addSessionRoutes(router: Router, ports: BotPorts, identify: Identify): void {
  const { sessionDesk } = ports;
  const find = async (
    request: Request,
    response: Response,
  ): Promise<{ readonly bot: BotAccount; readonly actor: string }> => {
    const { tenantId, actor } = await identify(request, response);
    const botId = asId<BotId>(String(request.params.botId));
    const bot = await ports.registry.lookUp(tenantId, botId);
    if (bot === undefined) throw notFound("There is no such bot.");
    return { bot, actor };
  };
  router
    .route("/api/v1/bots/:botId/session")
    .get(async (request, response) => {
      const { bot } = await find(request, response);
      response.json(await viewSession(sessionDesk, bot));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/bots/:botId/session/qr.png")
    .get(async (request, response) => {
      const { bot } = await find(request, response);
      const code = await sessionDesk.readCode(bot);
      if (code?.kind !== "qr") throw notFound("No QR code is shown now; see the session's state.");
      sendPng(response, drawQrPng(code.content, QR_PIXELS_PER_MODULE));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/bots/:botId/session/requests")
    .post(async (request, response) => {
      const { bot, actor } = await find(request, response);
      const asked = parseInput(SessionRequestShape, await readJson(request));
      const signal = abortedWith(response);
      const { outcome, isDone } = await sessionDesk.ask(bot, asked, { actor, signal });
      response.json({ outcome, isDone });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/bots/:botId/session/screenshot.png")
    .get(async (request, response) => {
      const { bot, actor } = await find(request, response);
      const isRedacted = request.query.redacted !== "false";
      const signal = abortedWith(response);
      const asked = { kind: "screenshot", isRedacted } as const;
      sendScreenshot(response, await sessionDesk.ask(bot, asked, { actor, signal }));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/bots/:botId/session/links")
    .post(async (request, response) => {
      const { bot, actor } = await find(request, response);
      const { path, expiresAt } = await sessionDesk.link(bot, actor);
      const { url } = ports.site;
      response.status(201).json({ url: url === undefined ? null : url + path, path, expiresAt });
    })
    .all(allowOnly("POST"));
}

/** What the line needs of an account, from what the API takes. */
function toDraft(asked: AddBotRequest): Parameters<BotAdmin["add"]>[1] {
  const { channel, name } = asked;
  switch (asked.channel) {
    case "telegram":
      return { channel, name, secrets: { token: asked.token } };
    case "web-chat":
      return { channel, name, secrets: {} };
    case "whatsapp-web":
      return {
        channel,
        name,
        secrets: {},
        settings: { ...given(asked.settings), engine: asked.engine },
      };
    case "whatsapp-cloud": {
      const { phoneNumberId, businessAccountId, accessToken, appSecret } = asked;
      const settings = { phoneNumberId, ...(businessAccountId && { businessAccountId }) };
      return { channel, name, secrets: { accessToken, appSecret }, settings };
    }
  }
}

/** What is absent takes its default. */
function given(settings: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

async function viewBot(
  { sessionDesk }: Pick<BotPorts, "sessionDesk">,
  bot: BotAccount,
  pauses: readonly Pause[],
): Promise<z.infer<typeof BotShape>> {
  const { botId, botKey, channel, name, settings } = bot;
  const seen = hasSession(bot) ? await sessionDesk.read(bot) : undefined;
  return {
    id: botId,
    key: botKey,
    channel,
    name,
    username: settings.username ?? null,
    needsCredentials: false,
    session: seen?.report ?? null,
    pauses: pauses.filter((pause) => concerns(pause, bot)).map(viewPause),
  };
}

/** Of the bot itself, of its channel, of its tenant, or of everything. */
function concerns({ botId, channel }: Pause, bot: BotAccount): boolean {
  return (
    (botId === undefined || botId === bot.botId) &&
    (channel === undefined || channel === bot.channel)
  );
}

function viewPause({ id, stopsAnswers, stopsSending, isPlatforms, reason, since }: Pause) {
  return { id, stopsAnswers, stopsSending, isPlatforms, reason, since: since.toISOString() };
}

async function viewSession(
  desk: SessionDesk,
  bot: BotAccount,
): Promise<z.infer<typeof SessionViewShape>> {
  const [{ report, isAttended }, code] = await Promise.all([desk.read(bot), desk.readCode(bot)]);
  if (code === undefined) return { session: report ?? null, isAttended, code: null };
  const { content, ...shown } = code;
  const pairingCode = code.kind === "pairing-code" ? content : undefined;
  return { session: report ?? null, isAttended, code: { ...shown, pairingCode } };
}

function sendScreenshot(response: Response, { png, outcome }: SessionAnswer): void {
  if (png === undefined) throw notFound(outcome);
  sendPng(response, Buffer.from(png));
}

export function sendPng(response: Response, png: Buffer): void {
  response.setHeader("Content-Type", "image/png");
  response.end(png);
}

/** Nobody waits for what nobody hears. */
function abortedWith(response: Response): AbortSignal {
  const aborter = new AbortController();
  response.once("close", () => aborter.abort());
  return aborter.signal;
}
