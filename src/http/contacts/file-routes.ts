import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import { toCsv } from "../../contacts/export-file.ts";
import type { ImportOptions } from "../../contacts/import-file.ts";
import { PregoneroError } from "../../core/errors.ts";
import { allowSlowBody } from "../body-time.ts";
import { cursorOf, KeysetQuery, keysetOf } from "../cursor.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { streamBody } from "../read-body.ts";
import { ContactsQuery, ImportQuery } from "./contract.ts";
import { type ContactRoutePorts, type Identify, toFilter } from "./ports.ts";
import { toImportShape } from "./views.ts";

/** 200,000 lines of 200 bytes. */
const MAX_FILE_BYTES = 40 * 1024 * 1024;
/** Files in one minute: each is read and checked whole. */
const FILES_PER_MINUTE = 12;

/** Contacts as CSV, in and out. */
export function fileRoutes({ contactFeatures }: ContactRoutePorts, identify: Identify): Router {
  const { contactFiles, contactImporter, contactImports } = contactFeatures;
  const perTenant = createRateLimit("contacts-file-per-tenant", FILES_PER_MINUTE, 60);
  const router = Router();
  router
    .route("/api/v1/contacts/import")
    .post(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { dryRun, skipInvalid, country } = parseInput(ImportQuery, { ...request.query });
      if (!/^text\/csv\s*(;|$)/i.test(request.get("content-type") ?? "")) {
        throw new PregoneroError("unsupported-media-type", "Send the file as text/csv.", {
          status: 415,
        });
      }
      await perTenant.take(tenantId, response);
      // As slowly as its lines are checked and put aside.
      allowSlowBody(request);
      const file = streamBody(request, MAX_FILE_BYTES);
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      const options = {
        isDryRun: dryRun,
        skipsInvalid: skipInvalid,
        country: country as ImportOptions["country"],
      };
      const report = await contactImporter.importFile(tenantId, file, options, by, gone.signal);
      const isRefused = report.badLineCount > 0 && !dryRun && report.created + report.updated === 0;
      const { importId, ...told } = report;
      response.status(isRefused ? 422 : 200).json({
        id: importId ?? null,
        ...told,
        badLines: report.badLines.map((bad) => ({ ...bad, column: bad.column ?? null })),
      });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/contacts/imports")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(KeysetQuery, { ...request.query });
      const page = await contactImports.list(tenantId, keysetOf(query));
      response.json({ imports: page.entries.map(toImportShape), next: cursorOf(page.next) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/contacts/export.csv")
    .get(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { cursor: _, limit: __, ...query } = parseInput(ContactsQuery, { ...request.query });
      await perTenant.take(tenantId, response);
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      const read = () => contactFiles.readAll(tenantId, { filter: toFilter(query) }, gone.signal);
      await contactFiles.noteExport(tenantId, by);
      const names = new Set<string>();
      for await (const batch of read()) {
        for (const { fields } of batch) for (const name of Object.keys(fields)) names.add(name);
      }
      response.setHeader("Content-Type", "text/csv; charset=utf-8");
      response.setHeader("Content-Disposition", 'attachment; filename="contacts.csv"');
      await pipeline(Readable.from(toCsv(read(), [...names].sort())), response);
    })
    .all(allowOnly("GET"));
  return router;
}
