import type { Response } from "express";
import type { Answer } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { PassportEvent } from "../core/passport.ts";
import type { Question, QuestionAnswerer } from "../core/question.ts";
import type { AskResponse } from "./contract.ts";

export interface AnsweringPorts {
  readonly answerer: QuestionAnswerer;
  readonly newMessageId: () => MessageId;
  /** Throws when no more questions are answered. Absent: all are. */
  readonly admit?: (tenantId: TenantId, messageId: MessageId) => Promise<void>;
  /** Keeps the passport of an answered or failed question. */
  readonly record: (
    tenantId: TenantId,
    messageId: MessageId,
    events: readonly PassportEvent[],
  ) => Promise<void>;
  readonly clock: Clock;
}

export type AskedOverHttp = Pick<Question, "text" | "sources" | "date" | "assistant" | "onFound">;

export interface AnsweredOverHttp {
  readonly answer: Answer;
  readonly events: readonly PassportEvent[];
}

/** Longest time for one answer: the turn's whole deadline (reliability F12: 45 s) and a margin. */
const ANSWER_TIMEOUT_MS = 50_000;

/**
 * Answers questions that wait for their answer, `maxConcurrent` at once in this process and no more, so that chats
 * keep their share. Throws `too-busy` (503) or `answer-timeout` (504); whatever becomes of it, the passport is kept.
 */
export function createAnswering(ports: AnsweringPorts, maxConcurrent: number) {
  let running = 0;
  return async (
    tenantId: TenantId,
    asked: AskedOverHttp,
    response: Response,
  ): Promise<AnsweredOverHttp> => {
    if (running >= maxConcurrent) {
      throw new PregoneroError("too-busy", "Too many questions at once.", {
        status: 503,
        retry: "backoff",
      });
    }
    running++;
    try {
      return await answerWithin(ports, tenantId, asked, response);
    } finally {
      running--;
    }
  };
}

async function answerWithin(
  ports: AnsweringPorts,
  tenantId: TenantId,
  asked: AskedOverHttp,
  response: Response,
): Promise<AnsweredOverHttp> {
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
    await ports.admit?.(tenantId, messageId);
    const { answer } = await ports.answerer.answer(
      { ...asked, tenantId, messageId, language: undefined, history: [], note },
      AbortSignal.any([gone.signal, deadline]),
    );
    note("answered", { model: answer.model, abstained: answer.abstained });
    return { answer, events };
  } catch (error) {
    note("failed", { code: error instanceof PregoneroError ? error.code : "internal" });
    throw deadline.aborted ? timedOut(error) : error;
  } finally {
    await ports.record(tenantId, messageId, events);
  }
}

export function viewAnswer(answer: Answer): AskResponse {
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

function timedOut(cause: unknown): PregoneroError {
  return new PregoneroError("answer-timeout", "No answer was ready in time.", {
    status: 504,
    retry: "backoff",
    cause,
  });
}
