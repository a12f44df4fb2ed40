import path from "node:path";
import type { CommandContext, CommandPorts, IngestInput, IngestReport, Output } from "./ports.ts";

export async function ingestCommand(
  ports: Pick<CommandPorts, "ingest">,
  input: IngestInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const location = isUrl(input.location) ? input.location : path.resolve(input.location);
  const report = await ports.ingest({ ...input, location }, context);
  out.result(describeIngest(report));
  return 0;
}

export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

export function describeIngest(report: IngestReport): string {
  if (report.outcome === "unchanged") {
    return `${report.source}: these very bytes were ingested before; nothing changed.`;
  }
  const ocr = report.ocrPageCount === 0 ? "" : `, ${report.ocrPageCount} of them by OCR`;
  const counts = `${report.pageCount} pages${ocr}, ${report.actCount} acts`;
  const superseded =
    report.outcome === "superseded-older"
      ? " It supersedes the earlier version of the same document."
      : "";
  return `${report.source} of ${report.publishedOn ?? "unknown date"}: ${counts}, in ${report.seconds.toFixed(1)} s.${superseded}`;
}
