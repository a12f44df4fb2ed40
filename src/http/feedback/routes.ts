import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { FeedbackStore, FeedbackQuery as Filters, JudgedAnswer } from "../../core/feedback.ts";
import { asId } from "../../core/ids.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { csvLine } from "../operations/csv.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { FeedbackQuery, type FeedbackShape, FeedbackTableQuery } from "./contract.ts";

export interface FeedbackRoutePorts {
  readonly feedback: Pick<FeedbackStore, "list">;
  readonly authorise: Pick<Authorise, "tenant">;
}

const CALLS_PER_MINUTE = 120;
const PAGE = 100;
const MAX_LINES = 10_000;
const COLUMNS = [
  "judgedAt",
  "vote",
  "comment",
  "question",
  "answer",
  "botId",
  "conversationId",
  "messageId",
] as const;

/** What citizens think of answers, for the tenant's staff. */
export function feedbackRoutes({ feedback, authorise }: FeedbackRoutePorts): Router {
  const perTenant = createRateLimit("feedback-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return { ...caller, hasTexts: mayReadTexts(caller) };
  };

  const router = Router();
  router
    .route("/api/v1/feedback")
    .get(async (request, response) => {
      const { tenantId, hasTexts } = await identify(request, response);
      const query = parseInput(FeedbackQuery, { ...request.query });
      const page = await feedback.list(tenantId, {
        ...filtersOf(query),
        ...keysetOf(query),
        hasTexts,
      });
      response.json({ feedback: page.entries.map(view), next: cursorOf(page.next) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/feedback.csv")
    .get(async (request, response) => {
      const { tenantId, hasTexts } = await identify(request, response);
      const filters = filtersOf(parseInput(FeedbackTableQuery, { ...request.query }));
      response.setHeader("Content-Type", "text/csv; charset=utf-8");
      response.setHeader("Content-Disposition", 'attachment; filename="feedback.csv"');
      let text = `\ufeff${csvLine(COLUMNS)}`;
      let after: Filters["after"];
      let lines = 0;
      do {
        const page = await feedback.list(tenantId, { ...filters, after, limit: PAGE, hasTexts });
        text += page.entries
          .map(view)
          .map((entry) => csvLine(COLUMNS.map((name) => entry[name] ?? "")))
          .join("");
        lines += page.entries.length;
        after = page.next;
      } while (after !== undefined && lines < MAX_LINES);
      response.end(text);
    })
    .all(allowOnly("GET"));
  return router;
}

/** As `talk` of the access table has it: a key that gets here has its scope. */
function mayReadTexts({ tenantId, person }: TenantCaller): boolean {
  if (person === undefined) return true;
  const membership = person.memberships.find((each) => each.tenantId === tenantId);
  return membership !== undefined && ["owner", "agent", "viewer"].includes(membership.role);
}

function filtersOf({
  vote,
  botId,
  from,
  to,
}: z.infer<typeof FeedbackTableQuery>): Omit<Filters, "after" | "limit" | "hasTexts"> {
  return {
    vote,
    botId: botId === undefined ? undefined : asId(botId),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

function view(entry: JudgedAnswer): z.infer<typeof FeedbackShape>["feedback"][number] {
  return {
    id: entry.id,
    vote: entry.vote,
    judgedAt: entry.judgedAt.toISOString(),
    messageId: entry.messageId,
    conversationId: entry.conversationId,
    botId: entry.botId,
    contactId: entry.contactId,
    comment: entry.comment ?? null,
    question: entry.question ?? null,
    answer: entry.answer ?? null,
  };
}
