import { type Request, Router } from "express";
import type { z } from "zod";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type BotId } from "../../core/ids.ts";
import type { BotQueue, Letter, LetterChange, Pause } from "../../core/operations.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import {
  EditLetterRequest,
  type LetterShape,
  LettersQuery,
  PauseRequest,
  type PauseShape,
  SkipLetterRequest,
} from "./contract.ts";
import type { Desk, Identify } from "./routes.ts";

/** Queues, what pauses them, and what was given up. */
export function lineRoutes(desk: Desk, identify: Identify): Router {
  const { operations, registry } = desk;
  const router = Router();
  router
    .route("/api/v1/queues")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      const names = new Map(registry.list().map(({ botId, name }) => [botId, name]));
      const queues = await operations.queues.list(tenantId);
      response.json({ queues: queues.map((queue) => toQueue(queue, names)) });
    })
    .all(allowOnly("GET"));
  addPauses(router, desk, identify);
  addLetters(router, desk, identify);
  return router;
}

function addPauses(router: Router, { operations, wake }: Desk, identify: Identify): void {
  const { pauses } = operations;
  router
    .route("/api/v1/pauses")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      response.json({ pauses: (await pauses.list(tenantId)).map(toPause) });
    })
    .post(async (request, response) => {
      const caller = await identify.anywhere(request, response);
      const asked = parseInput(PauseRequest, await readJson(request));
      if (asked.botId !== undefined && caller.tenantId === undefined) {
        throw new PregoneroError("tenant-needed", "Name the bot's tenant in pregonero-tenant.", {
          status: 400,
        });
      }
      const made = await pauses.set(
        {
          tenantId: caller.tenantId,
          botId: asked.botId === undefined ? undefined : asId<BotId>(asked.botId),
          channel: asked.channel,
        },
        {
          stopsAnswers: asked.stops !== "sending",
          stopsSending: asked.stops !== "answers",
          reason: asked.reason,
          isPlatforms: caller.isPlatform,
        },
        caller,
      );
      response.status(201).json(toPause(made));
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/pauses/:pauseId")
    .delete(async (request, response) => {
      const caller = await identify.anywhere(request, response);
      const asTenant = caller.isPlatform ? undefined : caller.tenantId;
      if (!(await pauses.lift(request.params.pauseId, asTenant, caller))) {
        throw notFound("There is no such pause.");
      }
      wake();
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
}

function addLetters(router: Router, { operations, wake }: Desk, identify: Identify): void {
  const { letters } = operations;
  const find = async (request: Request, tenantId: Letter["tenantId"] | undefined) => {
    const letter = await letters.find(tenantId, String(request.params.letterId));
    if (letter === undefined) throw noLetter();
    return letter;
  };
  router
    .route("/api/v1/dead-letters")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      const { kind, botId, reason, ...page } = parseInput(LettersQuery, { ...request.query });
      const filter = { kind, reason, botId: botId === undefined ? undefined : asId<BotId>(botId) };
      const { entries, next } = await letters.list(tenantId, filter, keysetOf(page));
      response.json({ deadLetters: entries.map(toLetter), next: cursorOf(next) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/dead-letters/:letterId")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      response.json(toLetter(await find(request, tenantId)));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/dead-letters/:letterId/text")
    .get(async (request, response) => {
      const caller = await identify.tenant(request, response);
      const { text, isEditable } = await letters.read(await find(request, caller.tenantId), caller);
      response.json({ text: text ?? null, isEditable });
    })
    .put(async (request, response) => {
      const caller = await identify.tenant(request, response);
      const { text } = parseInput(EditLetterRequest, await readJson(request));
      requireDone(await letters.edit(await find(request, caller.tenantId), text, caller));
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT"));
  router
    .route("/api/v1/dead-letters/:letterId/replay")
    .post(async (request, response) => {
      const caller = await identify.anywhere(request, response);
      requireDone(await letters.replay(await find(request, caller.tenantId), caller));
      wake();
      response.status(204).end();
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/dead-letters/:letterId/skip")
    .post(async (request, response) => {
      const caller = await identify.anywhere(request, response);
      const { reason } = parseInput(SkipLetterRequest, await readJson(request));
      requireDone(await letters.skip(await find(request, caller.tenantId), reason, caller));
      response.status(204).end();
    })
    .all(allowOnly("POST"));
}

function noLetter(): PregoneroError {
  return notFound("There is no such dead letter: it is settled, or never was one.");
}

function requireDone(change: LetterChange): void {
  if (change === "done") return;
  if (change === "gone") throw noLetter();
  throw new PregoneroError("erased", "Its person was forgotten, and with them what it said.", {
    status: 410,
  });
}

function toPause(pause: Pause): z.infer<typeof PauseShape> {
  const { id, tenantId, botId, channel, isPlatforms, reason, actor, since } = pause;
  return {
    id,
    tenantId: tenantId ?? null,
    botId: botId ?? null,
    channel: channel ?? null,
    stops: pause.stopsAnswers ? (pause.stopsSending ? "both" : "answers") : "sending",
    isPlatforms,
    reason,
    actor,
    since: since.toISOString(),
  };
}

function toQueue(queue: BotQueue, names: ReadonlyMap<BotId, string>) {
  const backlog = ({ count, oldestAt }: BotQueue["inbox"]) => ({
    count,
    oldestAt: oldestAt?.toISOString() ?? null,
  });
  const { person, reply, broadcast } = queue.outbox;
  return {
    ...queue,
    name: names.get(queue.botId) ?? "",
    inbox: backlog(queue.inbox),
    outbox: { person: backlog(person), reply: backlog(reply), broadcast: backlog(broadcast) },
  };
}

function toLetter(letter: Letter): z.infer<typeof LetterShape> {
  return { ...letter, at: letter.at.toISOString() };
}
