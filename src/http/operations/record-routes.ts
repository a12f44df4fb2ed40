import { type Response, Router } from "express";
import type { z } from "zod";
import type { AuditFilter, AuditRow } from "../../core/audit-log.ts";
import type { AuditHead } from "../../core/audit-seals.ts";
import type { TenantId } from "../../core/ids.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { readJson } from "../read-body.ts";
import {
  AuditExportQuery,
  AuditQuery,
  SecurityEventsQuery,
  VerificationRequest,
} from "./contract.ts";
import { csvLine } from "./csv.ts";
import type { Desk, Identify } from "./routes.ts";

const EXPORT_PAGE = 1_000;
/** More than a year of a busy tenant; beyond it, export by time. */
const MAX_EXPORTED = 1_000_000;
const VERIFY_TIMEOUT_MS = 120_000;

/** What is on record: the audit, and what looked like an attack. */
export function recordRoutes(desk: Desk, identify: Identify): Router {
  const router = Router();
  router
    .route("/api/v1/security-events")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      const { kind, source, from, until, ...page } = parseInput(SecurityEventsQuery, {
        ...request.query,
      });
      const filter = { kind, source, from: timeOf(from), until: timeOf(until) };
      const { entries, next } = await desk.securityEventLog.list(tenantId, filter, keysetOf(page));
      response.json({
        securityEvents: entries.map((event) => ({
          ...event,
          tenantId: event.tenantId ?? null,
          firstAt: event.firstAt.toISOString(),
          lastAt: event.lastAt.toISOString(),
        })),
        next: cursorOf(next),
      });
    })
    .all(allowOnly("GET"));
  addAudit(router, desk, identify);
  return router;
}

function addAudit(router: Router, desk: Desk, identify: Identify): void {
  const { auditLog } = desk.operations;
  router
    .route("/api/v1/audit")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      const { cursor, limit, ...asked } = parseInput(AuditQuery, { ...request.query });
      const page = await auditLog.list(tenantId, filterOf(asked), { before: cursor, limit });
      response.json({
        entries: page.entries.map(toEntry),
        next: page.next === undefined ? null : String(page.next),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/audit/export")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      const { format, ...asked } = parseInput(AuditExportQuery, { ...request.query });
      const head = await desk.auditSeals.seal();
      await exportAudit(response, { desk, tenantId, filter: filterOf(asked), format, head });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/audit/verification")
    .post(async (request, response) => {
      await identify.platform(request, response);
      const { head } = parseInput(VerificationRequest, await readJson(request));
      const signal = AbortSignal.timeout(VERIFY_TIMEOUT_MS);
      const verdict = await desk.auditSeals.verify(head, signal);
      response.json({
        isWhole: verdict.findings.length === 0,
        rows: verdict.rows,
        head: verdict.head,
        findings: verdict.findings.map((each) => ({ ...each, auditId: each.auditId ?? null })),
      });
    })
    .all(allowOnly("POST"));
}

interface AuditExport {
  readonly desk: Desk;
  readonly tenantId: TenantId | undefined;
  readonly filter: AuditFilter;
  readonly format: "ndjson" | "csv";
  readonly head: AuditHead | undefined;
}

const COLUMNS = ["id", "at", "tenantId", "actor", "action", "subject", "detail"] as const;

/** Newest first. The head of the chain goes in the header fields, so that what was exported can be held against it. */
async function exportAudit(response: Response, asked: AuditExport): Promise<void> {
  const { desk, tenantId, filter, format, head } = asked;
  const name = `audit-${desk.clock.now().toISOString().slice(0, 10)}.${format}`;
  const type = format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Disposition", `attachment; filename="${name}"`);
  if (head !== undefined) {
    response.setHeader("Pregonero-Audit-Head", `${head.position}:${head.seal}`);
  }
  if (format === "csv") response.write(csvLine(COLUMNS));
  let before: number | undefined;
  for (let count = 0; count < MAX_EXPORTED; count += EXPORT_PAGE) {
    const page = await desk.operations.auditLog.list(tenantId, filter, {
      before,
      limit: EXPORT_PAGE,
    });
    const lines = page.entries.map((row) => {
      const entry = toEntry(row);
      if (format === "ndjson") return `${JSON.stringify(entry)}\n`;
      return csvLine(
        COLUMNS.map((column) =>
          column === "detail" ? JSON.stringify(entry.detail) : String(entry[column] ?? ""),
        ),
      );
    });
    const isTaken = response.write(lines.join(""));
    if (response.destroyed) return;
    if (!isTaken)
      await new Promise<void>((resolve) => response.once("drain", resolve).once("close", resolve));
    before = page.next;
    if (before === undefined) break;
  }
  response.end();
}

type GivenFilter = Omit<z.infer<typeof AuditExportQuery>, "format">;

function filterOf({ from, until, ...filter }: GivenFilter): AuditFilter {
  return { ...filter, from: timeOf(from), until: timeOf(until) };
}

function timeOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function toEntry(row: AuditRow) {
  return { ...row, tenantId: row.tenantId ?? null, at: row.at.toISOString() };
}
