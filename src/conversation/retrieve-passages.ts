import type { Retrieval, RetrievalQuery, Retriever } from "../core/answer.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";

/**
 * Asks the retriever. Whatever goes wrong rejects as a `PregoneroError` that may be tried again, so that
 * the line keeps the message; an abort rejects with the signal's reason.
 */
export async function retrievePassages(
  ports: { readonly retriever: Retriever; readonly logger: Logger },
  asked: { readonly tenantId: TenantId; readonly messageId: MessageId },
  query: RetrievalQuery,
  signal: AbortSignal,
): Promise<Retrieval> {
  try {
    return await ports.retriever.retrieve(asked.tenantId, query, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (isPregoneroError(error) && error.retry !== "never") throw error;
    ports.logger.error("retrieval-failed", { messageId: asked.messageId, error });
    throw new PregoneroError(
      "retrieval-failed",
      "The passages for a question could not be read: look at the cause, then at the database with `doctor`.",
      { retry: "backoff", status: 503, cause: error },
    );
  }
}
