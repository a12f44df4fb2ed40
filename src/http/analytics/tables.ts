import type { Response } from "express";
import type { z } from "zod";
import { csvLine } from "../operations/csv.ts";
import type { PlatformAnalyticsShape, TopActsShape, TopQuestionsShape } from "./contract.ts";

/** Rows for a spreadsheet, with a byte order mark, by which it knows UTF-8; what it would take for a formula is text. */
export function sendTable(
  response: Response,
  fileName: string,
  rows: readonly (readonly (string | number | null)[])[],
): void {
  response.setHeader("Content-Type", "text/csv; charset=utf-8");
  response.setHeader("Content-Disposition", `attachment; filename="${fileName}"`);
  const lines = rows.map((row) => csvLine(row.map((cell) => String(cell ?? ""))));
  response.end(`\ufeff${lines.join("")}`);
}

export function toActRows({ acts }: z.infer<typeof TopActsShape>) {
  return [
    ["citations", "title", "issuingBody", "section", "source", "edition", "date", "page", "url"],
    ...acts.map((act) => [
      act.citations,
      act.title,
      act.issuingBody,
      act.section,
      act.source.name,
      act.editionNumber,
      act.publishedOn,
      act.printedPage ?? act.page,
      act.url,
    ]),
  ];
}

export function toQuestionRows({ questions }: z.infer<typeof TopQuestionsShape>) {
  return [
    ["question", "questions", "askers", "abstained", "firstOn", "lastOn"],
    ...questions.map((each) => [
      each.label,
      each.questions,
      each.askers,
      each.abstained,
      each.firstOn,
      each.lastOn,
    ]),
  ];
}

type TenantEntry = z.infer<typeof PlatformAnalyticsShape>["tenants"][number];

export function toTenantRows(tenants: readonly TenantEntry[]) {
  const names = [
    "tenantId",
    "slug",
    "name",
    "state",
    "messages",
    "answered",
    "abstained",
    "handedOver",
    "failed",
    "thumbsUp",
    "thumbsDown",
    "answerTimeP50Ms",
    "answerTimeP95Ms",
    "costMicroUsd",
    "costPerAnswerMicroUsd",
  ] as const satisfies readonly (keyof TenantEntry)[];
  return [names, ...tenants.map((tenant) => names.map((name) => tenant[name]))];
}
