import { type Request, type Response, Router } from "express";
import type { Answer } from "../core/answer.ts";
import type { ApiKeys } from "../core/api-keys.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { GazetteStore } from "../core/gazette-store.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { PassportEvent } from "../core/passport.ts";
import type { QuestionAnswerer } from "../core/question.ts";
import { requireScope } from "./api-key.ts";
import { AskRequest, type AskResponse } from "./contract.ts";
import { cleanText, parseInput } from "./parse-input.ts";
import { allowOnly, InvalidInput } from "./problem.ts";
import { callerOf, createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

export interface AskPorts {
  readonly answerer: QuestionAnswerer;
  readonly gazetteStore: Pick<GazetteStore, "findSource">;
  /** Whom everybody may ask without a key; undefined: a key with scope `ask` is needed. */
  readonly openTenantId: TenantId | undefined;
  readonly findApiKey: ApiKeys["find"];
  readonly newMessageId: () => MessageId;
  /** Keeps the passport of an answered or failed question. */
  readonly record: (
    tenantId: TenantId,
    messageId: MessageId,
    events: readonly PassportEvent[],
  ) => Promise<void>;
  readonly clock: Clock;
}

/** Longest time for one answer: the turn's whole deadline (reliability F12: 45 s) and a margin. */
const ANSWER_TIMEOUT_MS = 50_000;
/** Questions answered at once by this process; more are refused, so that chats keep their share. */
const MAX_CONCURRENT = 16;
const OPEN_CALLS_PER_MINUTE = 20;
const KEY_CALLS_PER_MINUTE = 300;

export function askRoutes(ports: AskPorts): Router {
  const perCaller = createRateLimit("ask-per-caller", OPEN_CALLS_PER_MINUTE, 60);
  const perTenant = createRateLimit("ask-per-tenant", KEY_CALLS_PER_MINUTE, 60);
  let running = 0;

  async function identify(request: Request, response: Response): Promise<TenantId> {
    if (ports.openTenantId !== undefined && request.headers.authorization === undefined) {
      await perCaller.take(callerOf(request), response);
      return ports.openTenantId;
    }
    const { tenantId } = await requireScope(request, response, ports.findApiKey, "ask");
    await perTenant.take(tenantId, response);
    return tenantId;
  }

  const router = Router();
  router
    .route("/api/v1/ask")
    .post(async (request, response) => {
      const tenantId = await identify(request, response);
      const asked = parseInput(AskRequest, await readJson(request));
      const question = cleanText(asked.question);
      if (question === "") throw invalid("question", "contains no text");
      if (asked.source !== undefined) {
        const source = await ports.gazetteStore.findSource(tenantId, asked.source);
        if (source === undefined) throw invalid("source", `there is no source "${asked.source}"`);
      }
      if (running >= MAX_CONCURRENT) {
        throw new PregoneroError("too-busy", "Too many questions at once.", {
          status: 503,
          retry: "backoff",
        });
      }
      running++;
      try {
        const answer = await answerWithin(ports, tenantId, { ...asked, question }, response);
        response.setHeader("Cache-Control", "no-store");
        response.json(toResponse(answer));
      } finally {
        running--;
      }
    })
    .all(allowOnly("POST"));
  return router;
}

async function answerWithin(
  ports: AskPorts,
  tenantId: TenantId,
  asked: AskRequest,
  response: Response,
): Promise<Answer> {
  const messageId = ports.newMessageId();
  const events: PassportEvent[] = [];
  const note = (kind: PassportEvent["kind"], detail: PassportEvent["detail"]) => {
    events.push({ kind, detail, at: ports.clock.now() });
  };
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const deadline = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  note("received", { channel: "api" });
  try {
    const result = await ports.answerer.answer(
      {
        tenantId,
        messageId,
        text: asked.question,
        language: undefined,
        sources: asked.source === undefined ? [] : [asked.source],
        date: asked.date,
        history: [],
        note,
      },
      AbortSignal.any([gone.signal, deadline]),
    );
    note("answered", { model: result.answer.model, abstained: result.answer.abstained });
    return result.answer;
  } catch (error) {
    note("failed", { code: error instanceof PregoneroError ? error.code : "internal" });
    throw deadline.aborted ? timedOut(error) : error;
  } finally {
    await ports.record(tenantId, messageId, events);
  }
}

function toResponse(answer: Answer): AskResponse {
  return {
    answer: answer.text,
    abstained: answer.abstained,
    citations: answer.citations.map((citation) => ({
      source: citation.source,
      edition: citation.edition,
      date: citation.date,
      page: citation.page,
      printedPage: citation.printedPage ?? null,
      quote: citation.quote,
      url: citation.url,
    })),
    model: answer.model,
    passport: answer.passport,
    ...(answer.disclaimer === undefined ? {} : { disclaimer: answer.disclaimer }),
  };
}

function invalid(field: string, problem: string): InvalidInput {
  return new InvalidInput([{ field, problem }]);
}

function timedOut(cause: unknown): PregoneroError {
  return new PregoneroError("answer-timeout", "No answer was ready in time.", {
    status: 504,
    retry: "backoff",
    cause,
  });
}
