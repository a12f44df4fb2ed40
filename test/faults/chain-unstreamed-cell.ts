import { FAULT_CASES } from "../../providers/conformance-cases.ts";
import { createGeminiEmbedder } from "../../providers/gemini/gemini-embedder.ts";
import { createOpenAiEmbedder } from "../../providers/openai/openai-embedder.ts";
import { createOpenAiTranscriber } from "../../providers/openai/openai-transcriber.ts";
import { createOpenAiCompatibleEmbedder } from "../../providers/openai-compatible/openai-compatible-embedder.ts";
import { isPregoneroError } from "../../src/core/errors.ts";
import type { Embedder } from "../../src/core/language-model.ts";
import { type LlmProtocol, startLlmStandIn } from "../stand-ins/llm/llm-stand-in.ts";
import { type ChainFault, TOTAL_MS, type Verdict } from "./chain-cell.ts";

interface UnstreamedAdapter {
  readonly protocol: LlmProtocol;
  create(at: {
    readonly baseUrl: string;
    readonly apiKey: string;
  }): (signal: AbortSignal) => Promise<unknown>;
}

const DIMENSIONS = 16;
const VOICE = { bytes: new TextEncoder().encode("OggS, and a voice"), mediaType: "audio/ogg" };
const embeddingWith = (embedder: Embedder) => (signal: AbortSignal) =>
  embedder.embed(["marca"], signal);

/** Every adapter whose answers are not streamed, under the name of its column. */
export const UNSTREAMED_ADAPTERS: Readonly<Record<string, UnstreamedAdapter>> = {
  "openai embedder": {
    protocol: "openai-responses",
    create: (at) =>
      embeddingWith(
        createOpenAiEmbedder({ ...at, model: "text-embedding-3-small", dimensions: DIMENSIONS }),
      ),
  },
  "gemini embedder": {
    protocol: "gemini",
    create: (at) =>
      embeddingWith(
        createGeminiEmbedder({ ...at, model: "gemini-embedding-001", dimensions: DIMENSIONS }),
      ),
  },
  "compatible embedder": {
    protocol: "openai-chat",
    create: (at) =>
      embeddingWith(
        createOpenAiCompatibleEmbedder({ ...at, model: "tiny", dimensions: DIMENSIONS }),
      ),
  },
  "openai transcriber": {
    protocol: "openai-responses",
    create: (at) => {
      const transcriber = createOpenAiTranscriber({ ...at, model: "gpt-4o-mini-transcribe" });
      return (signal) => transcriber.transcribe(VOICE, signal);
    },
  },
};

const GIVEN_UP = "given up";

/** The faults of an answer that is no text and has no pieces. */
export const UNSTREAMED_FAULTS: Readonly<Record<string, ChainFault>> = {
  "no fault": { fault: { kind: "slow", firstMs: 1, betweenMs: 1 }, outcome: "answered" },
  ...Object.fromEntries(
    Object.entries(FAULT_CASES)
      .filter(([, { fault, code }]) => code !== "model-refused" && fault.kind !== "empty-choices")
      .map(([what, { fault, code, only }]) => [
        what,
        { fault, outcome: code, ...(only === undefined ? {} : { only }) },
      ]),
  ),
  "a body without measure": {
    fault: { kind: "huge-body", bytes: 200_000_000 },
    outcome: "model-unavailable",
  },
  "no response": { fault: { kind: "black-hole" }, outcome: GIVEN_UP },
  "a stall within the answer": { fault: { kind: "stall" }, outcome: GIVEN_UP },
};

/** Of whoever asks; nothing else bounds an answer without pieces. */
const DEADLINE_MS = 2_500;
/** An answer that is not streamed has no marker: what lacks its end is no JSON, and either code says so. */
const BROKEN_OFF: ReadonlySet<string> = new Set(["model-truncated", "model-unavailable"]);

/** Promised: the fault comes to its outcome after one call, or at the caller's own deadline. */
export async function runUnstreamedCell(
  { protocol, create }: UnstreamedAdapter,
  { fault, outcome }: ChainFault,
): Promise<Verdict> {
  const apiKey = "key";
  const standIn = await startLlmStandIn({ protocol, dimensions: DIMENSIONS, apiKey, fault });
  const ask = create({ baseUrl: standIn.baseUrl, apiKey });
  const deadline = new AbortController();
  const reason = new Error(GIVEN_UP);
  const timer =
    outcome === GIVEN_UP ? setTimeout(() => deadline.abort(reason), DEADLINE_MS) : undefined;
  const startedAt = performance.now();
  try {
    const came = await ask(deadline.signal).then(
      () => "answered",
      (error: unknown) => {
        if (error === reason) return GIVEN_UP;
        return isPregoneroError(error) ? error.code : String(error);
      },
    );
    const elapsedMs = Math.round(performance.now() - startedAt);
    const isRight = came === outcome || (BROKEN_OFF.has(came) && BROKEN_OFF.has(outcome));
    return {
      elapsedMs,
      shortfall:
        [
          ...(isRight ? [] : [came]),
          ...(elapsedMs <= TOTAL_MS ? [] : ["late"]),
          ...(standIn.calls.length === 1 ? [] : [`${standIn.calls.length} calls`]),
        ].join(", ") || undefined,
    };
  } finally {
    clearTimeout(timer);
    await standIn.close();
  }
}
