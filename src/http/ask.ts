import { type Request, type Response, Router } from "express";
import type { ApiKeys } from "../core/api-keys.ts";
import type { ActiveAssistant, AssistantAdmin } from "../core/assistant.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { GazetteStore } from "../core/gazette-store.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { QuestionLimits } from "../core/plans.ts";
import { type AnsweringPorts, createAnswering, viewAnswer } from "./answering.ts";
import { requireScope } from "./api-key.ts";
import { AskRequest } from "./contract.ts";
import { cleanText, parseInput } from "./parse-input.ts";
import { allowOnly, InvalidInput } from "./problem.ts";
import { callerOf, createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

export interface AskPorts extends AnsweringPorts {
  readonly gazetteStore: Pick<GazetteStore, "findSource">;
  readonly assistants: Pick<AssistantAdmin, "open">;
  /** Whom everybody may ask without a key; undefined: a key with scope `ask` is needed. */
  readonly openTenantId: TenantId | undefined;
  readonly findApiKey: ApiKeys["find"];
  readonly questionLimits: QuestionLimits;
}

/** Questions answered at once by this process. */
const MAX_CONCURRENT = 16;
const OPEN_CALLS_PER_MINUTE = 20;
const KEY_CALLS_PER_MINUTE = 300;

export function askRoutes(ports: AskPorts): Router {
  const perCaller = createRateLimit("ask-per-caller", OPEN_CALLS_PER_MINUTE, 60);
  const perTenant = createRateLimit("ask-per-tenant", KEY_CALLS_PER_MINUTE, 60);
  const admit = (tenantId: TenantId, messageId: MessageId) =>
    admitQuestion(ports, tenantId, messageId);
  const answer = createAnswering({ ...ports, admit }, MAX_CONCURRENT);

  async function identify(
    request: Request,
    response: Response,
  ): Promise<{ readonly tenantId: TenantId; readonly hasKey: boolean }> {
    if (ports.openTenantId !== undefined && request.headers.authorization === undefined) {
      await perCaller.take(callerOf(request), response);
      return { tenantId: ports.openTenantId, hasKey: false };
    }
    const { tenantId } = await requireScope(request, response, ports.findApiKey, "ask");
    await perTenant.take(tenantId, response);
    return { tenantId, hasKey: true };
  }

  /** What is not the default yet is nobody's to ask but the tenant's own programs'. */
  async function assistantOf(
    { tenantId, hasKey }: Awaited<ReturnType<typeof identify>>,
    name: string | undefined,
  ): Promise<ActiveAssistant | undefined> {
    if (name === undefined) return undefined;
    if (!hasKey) throw invalid("assistant", "may be named with an API key alone");
    try {
      return await ports.assistants.open(tenantId, name, undefined);
    } catch (error) {
      if (!isPregoneroError(error, "assistant-unknown")) throw error;
      throw invalid("assistant", `there is no assistant "${name}"`);
    }
  }

  const router = Router();
  router
    .route("/api/v1/ask")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { tenantId } = caller;
      const { source, date, ...asked } = parseInput(AskRequest, await readJson(request));
      const text = cleanText(asked.question);
      if (text === "") throw invalid("question", "contains no text");
      if (source !== undefined) {
        const found = await ports.gazetteStore.findSource(tenantId, source);
        if (found === undefined) throw invalid("source", `there is no source "${source}"`);
      }
      const assistant = await assistantOf(caller, asked.assistant);
      const sources = source === undefined ? [] : [source];
      const question = { text, sources, date, assistant };
      const { answer: given } = await answer(tenantId, question, response);
      response.setHeader("Cache-Control", "no-store");
      response.json(viewAnswer(given));
    })
    .all(allowOnly("POST"));
  return router;
}

/** A program's question counts among all of its tenant. */
async function admitQuestion(
  { questionLimits, clock }: AskPorts,
  tenantId: TenantId,
  messageId: MessageId,
): Promise<void> {
  const admission = await questionLimits.admit({ tenantId, messageId });
  if (admission.kind === "admitted") return;
  const { limit, endsAt } = admission;
  throw new PregoneroError(
    "question-limit",
    `The tenant's plan answers ${limit} questions a day, and so many were asked today. The next day begins at ${endsAt.toISOString()}.`,
    { status: 429, retry: { afterMs: Math.max(1_000, endsAt.getTime() - clock.now().getTime()) } },
  );
}

function invalid(field: string, problem: string): InvalidInput {
  return new InvalidInput([{ field, problem }]);
}
