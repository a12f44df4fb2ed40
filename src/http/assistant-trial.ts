import { Router } from "express";
import type { z } from "zod";
import type { AssistantAdmin } from "../core/assistant.ts";
import type { PassportEvent } from "../core/passport.ts";
import type { FoundPassage } from "../core/question.ts";
import type { Spending } from "../core/spending.ts";
import type { Authorise } from "./access/authorise.ts";
import { type AnsweringPorts, createAnswering, viewAnswer } from "./answering.ts";
import { type AssistantTrialShape, TryAssistantRequest } from "./contract.ts";
import { cleanText, parseInput } from "./parse-input.ts";
import { allowOnly, InvalidInput } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

type Trial = z.infer<typeof AssistantTrialShape>;

/** A person who tries an assistant asks one question after the other. */
const CALLS_PER_MINUTE = 30;
/** Of all tenants together in this process. */
const MAX_CONCURRENT = 4;

/**
 * One question to an assistant, saved or as it is being edited, and what came of it: passages, models, cost. It reads
 * what the tenant's own bots read and is paid from the tenant's budgets; no conversation is kept.
 */
export function assistantTrialRoutes(
  ports: AnsweringPorts & {
    readonly assistants: Pick<AssistantAdmin, "open">;
    readonly spending: Pick<Spending, "costOf">;
    readonly authorise: Pick<Authorise, "tenant">;
  },
): Router {
  const perTenant = createRateLimit("assistant-trial-per-tenant", CALLS_PER_MINUTE, 60);
  const answer = createAnswering(ports, MAX_CONCURRENT);
  const router = Router();
  router
    .route("/api/v1/assistants/:name/trial")
    .post(async (request, response) => {
      const { tenantId } = await ports.authorise.tenant(request, response);
      await perTenant.take(tenantId, response);
      const { question, draft } = parseInput(TryAssistantRequest, await readJson(request));
      const text = cleanText(question);
      if (text === "") {
        throw new InvalidInput([{ field: "question", problem: "contains no text" }]);
      }
      const assistant = await ports.assistants.open(tenantId, request.params.name, draft);
      let found: readonly FoundPassage[] = [];
      const asked = {
        text,
        sources: [],
        date: undefined,
        assistant,
        onFound(passages: readonly FoundPassage[]) {
          found = passages;
        },
      };
      const { answer: given, events } = await answer(tenantId, asked, response);
      const cost = await ports.spending.costOf(tenantId, given.passport);
      response.json({
        ...viewAnswer(given),
        costMicroUsd: cost ?? null,
        attempts: events.flatMap(viewAttempt),
        passages: found.map(viewPassage),
      } satisfies Trial);
    })
    .all(allowOnly("POST"));
  return router;
}

function viewPassage(found: FoundPassage): Trial["passages"][number] {
  return {
    source: found.source,
    edition: found.edition,
    date: found.date,
    page: found.page,
    printedPage: found.printedPage ?? null,
    quote: found.quote,
    url: found.url,
    score: found.score,
    lexicalRank: found.ranks.lexical ?? null,
    vectorRank: found.ranks.vector ?? null,
  };
}

/** What the line noted of each model that it tried; a check of what was written names none. */
function viewAttempt({ kind, detail }: PassportEvent): Trial["attempts"] {
  const { model, outcome, purpose, durationMs, inputTokens, outputTokens } = detail;
  if (kind !== "model-tried" || typeof model !== "string" || typeof outcome !== "string") return [];
  const figure = (value: unknown) => (typeof value === "number" ? Math.round(value) : null);
  return [
    {
      model,
      outcome,
      purpose: typeof purpose === "string" ? purpose : "write",
      durationMs: figure(durationMs),
      inputTokens: figure(inputTokens),
      outputTokens: figure(outputTokens),
    },
  ];
}
