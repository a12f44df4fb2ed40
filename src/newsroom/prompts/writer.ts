import { asId, type MessageId, type TenantId } from "../../core/ids.ts";
import type {
  LanguageModel,
  ModelReply,
  ModelRequest,
  TokenUsage,
} from "../../core/language-model.ts";
import type { PromptStep } from "../../core/prompt-work.ts";
import type { MicroUsd } from "../../core/spending.ts";

/** Who writes for a prompt: the chain of an assistant as it is now. */
export interface PromptWriter {
  /** Undefined: none can be asked, and acts are quoted. */
  readonly model: LanguageModel | undefined;
  /** After the check by words, a model is asked whether each statement is supported. */
  readonly checksGrounding: boolean;
  /** `provider:model` of the link that is asked first; undefined without a model. */
  readonly name: string | undefined;
  /** Tokens that the smallest of its links reads and writes together; undefined: not known of one of them. */
  readonly contextWindow: number | undefined;
  /** Of the link that is asked first; undefined: it is not on the price list. */
  readonly priceOf: (usage: TokenUsage) => MicroUsd | undefined;
}

/** Throws `assistant-unknown` (404) for a name that the tenant does not have. */
export type OpenWriter = (
  tenantId: TenantId,
  assistant: string | undefined,
) => Promise<PromptWriter>;

/** Passages of one batch, in tokens: more, and a model passes over what stands in the middle. */
const BATCH_TOKENS = 6_000;
/** Where the context is not known: Ollama reads 4,096 tokens unless it is told otherwise, and cuts off the rest unseen. */
const BATCH_TOKENS_UNKNOWN = 2_400;
/** Without a model: so much is lost at most when a process dies. */
const BATCH_TOKENS_EXTRACT = 40_000;
/** Rules, wishes and what is written. */
const TOKENS_BESIDES = 2_400;

/** How many tokens of passages, or of statements, go into one call. */
export function batchTokens({ model, contextWindow }: PromptWriter): number {
  if (model === undefined) return BATCH_TOKENS_EXTRACT;
  if (contextWindow === undefined) return BATCH_TOKENS_UNKNOWN;
  return Math.max(1_200, Math.min(BATCH_TOKENS, contextWindow - TOKENS_BESIDES));
}

/** Nobody waits for it as for an answer; the chain's own deadlines hold all the same. */
const CALL_MS = 60_000;

/** Asks the model on the tenant's account. Throws what the chain throws. */
export function askFor(
  model: LanguageModel,
  tenantId: TenantId,
  step: Pick<PromptStep, "stepId">,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<ModelReply> {
  return model.generate(request, {
    signal,
    endsAt: performance.now() + CALL_MS,
    payer: { tenantId, messageId: asId<MessageId>(step.stepId) },
    purpose: "prompt",
  });
}
