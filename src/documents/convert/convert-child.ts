import { isPregoneroError } from "../../core/errors.ts";
import { broken } from "./check-zip.ts";
import type { ConvertJob, ConvertReport } from "./convert-protocol.ts";
import { toSections } from "./to-sections.ts";

/** Entry of the child process that unpacks and parses what strangers made: one document, then it is killed. */
process.on("message", (job: ConvertJob) => {
  toSections(job).then(
    (sections) => report({ kind: "converted", sections }),
    (error: unknown) => {
      const { code, message, status } = isPregoneroError(error) ? error : broken(error);
      report({ kind: "failed", code, message, status });
    },
  );
});
process.on("disconnect", () => process.exit(0));

function report(message: ConvertReport): void {
  process.send?.(message);
}
