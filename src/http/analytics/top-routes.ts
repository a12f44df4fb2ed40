import type { Request, Response, Router } from "express";
import type { z } from "zod";
import type { AnalyticsStore, CitedAct } from "../../core/analytics.ts";
import type { TenantId } from "../../core/ids.ts";
import { pagePath } from "../gazette-address.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import {
  TopActsQuery,
  type TopActsShape,
  TopQuestionsQuery,
  type TopQuestionsShape,
} from "./contract.ts";
import { sendTable, toActRows, toQuestionRows } from "./tables.ts";

export interface TopPorts {
  readonly analytics: Pick<AnalyticsStore, "topActs" | "topQuestions">;
  readonly identify: (
    request: Request,
    response: Response,
  ) => Promise<{ readonly tenantId: TenantId }>;
}

/** What is asked and what is cited most: no question that fewer than five people asked, and no person. */
export function addTopRoutes(router: Router, { analytics, identify }: TopPorts): void {
  async function readActs(request: Request, response: Response) {
    const { tenantId } = await identify(request, response);
    const { limit, ...range } = parseInput(TopActsQuery, { ...request.query });
    const acts = await analytics.topActs(tenantId, { ...range, botId: range.botId }, limit);
    return { from: range.from, to: range.to, acts: acts.map(viewAct) };
  }
  async function readQuestions(request: Request, response: Response) {
    const { tenantId } = await identify(request, response);
    const { limit, botId, only, ...days } = parseInput(TopQuestionsQuery, { ...request.query });
    const found = await analytics.topQuestions(tenantId, { ...days, botId, only }, limit);
    const view: z.infer<typeof TopQuestionsShape> = {
      ...days,
      questions: found.questions.map((question) => ({ ...question })),
      total: found.total,
      totalAbstained: found.totalAbstained,
      groupedAt: found.groupedAt?.toISOString() ?? null,
    };
    return view;
  }

  router
    .route("/api/v1/analytics/acts")
    .get(async (request, response) => {
      response.json(await readActs(request, response));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/analytics/acts.csv")
    .get(async (request, response) => {
      sendTable(response, "acts.csv", toActRows(await readActs(request, response)));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/analytics/questions")
    .get(async (request, response) => {
      response.json(await readQuestions(request, response));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/analytics/questions.csv")
    .get(async (request, response) => {
      sendTable(response, "questions.csv", toQuestionRows(await readQuestions(request, response)));
    })
    .all(allowOnly("GET"));
}

function viewAct(act: CitedAct): z.infer<typeof TopActsShape>["acts"][number] {
  const { citations, title, issuingBody, section, source, publishedOn, page } = act;
  return {
    citations,
    title,
    issuingBody,
    section,
    source,
    editionNumber: act.editionNumber ?? null,
    publishedOn,
    page,
    printedPage: act.printedPage ?? null,
    documentId: act.document?.documentId ?? null,
    url: addressOf(act),
  };
}

/** A path of this host. */
function addressOf(act: CitedAct): string | null {
  const { document, page, passageId } = act;
  if (document === undefined) {
    const { documentName, publishedOn, source } = act;
    return pagePath({ source, publishedOn, documentName }, page, passageId);
  }
  if (!document.isPublic) return null;
  const { documentId, version } = document;
  return `/documents/${documentId}/versions/${version}/pages/${page}?hl=${passageId}`;
}
