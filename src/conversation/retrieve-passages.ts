import type { Retrieval, RetrievalQuery, Retriever } from "../core/answer.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { SecurityEvents } from "../core/security-events.ts";
import { disarm } from "./injected-text.ts";

/**
 * Asks the retriever. Whatever goes wrong rejects as a `PregoneroError` that may be tried again, so that
 * the line keeps the message; an abort rejects with the signal's reason. Passages come disarmed: nothing that
 * speaks to a model is read, quoted or counts as evidence.
 */
export async function retrievePassages(
  ports: {
    readonly retriever: Retriever;
    readonly logger: Logger;
    /** Told of passages that speak to a language model. Absent: nobody is. */
    readonly securityEvents?: SecurityEvents | undefined;
  },
  asked: { readonly tenantId: TenantId; readonly messageId: MessageId },
  query: RetrievalQuery,
  signal: AbortSignal,
): Promise<Retrieval> {
  const found = await orTryAgainLater(ports.logger, asked.messageId, signal, () =>
    ports.retriever.retrieve(asked.tenantId, query, signal),
  );
  const passages = found.passages.map((passage) => {
    const disarmed = disarm(passage);
    if (disarmed !== passage) {
      ports.securityEvents?.note({
        kind: "injection-seen",
        tenantId: asked.tenantId,
        source: `passage:${passage.passage.passageId}`,
        subject: `edition:${passage.passage.editionId}`,
      });
    }
    return disarmed;
  });
  return { ...found, passages };
}

/** Reads what an answer cannot do without; see `retrievePassages`. */
export async function orTryAgainLater<Result>(
  logger: Logger,
  messageId: MessageId,
  signal: AbortSignal,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    if (isPregoneroError(error) && error.retry !== "never") throw error;
    logger.error("retrieval-failed", { messageId, error });
    throw new PregoneroError(
      "retrieval-failed",
      "What answers a message could not be read: look at the cause, then at the database with `doctor`.",
      { retry: "backoff", status: 503, cause: error },
    );
  }
}
