import { createHash } from "node:crypto";
import type { Cache } from "../core/cache.ts";
import type { Clock } from "../core/clock.ts";
import type { TenantId } from "../core/ids.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../core/language-model.ts";
import { type Metrics, noMetrics } from "../core/metrics.ts";
import type { Seal } from "./seal.ts";

/** An answer is given again for so long; then the model is asked, and the old one serves while it cannot answer. */
const FRESH_MS = 6 * 3_600_000;
const STALE_MS = 48 * 3_600_000;

const NOTHING_USED = { input: 0, cachedInput: 0, output: 0 } as const;

interface Kept {
  readonly text: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Gives an answer again when the very same is asked of the very same passages: the key is a digest of the
 * tenant and of every message to the model, so that another edition, another conversation or another wording
 * of the rules is another key. Who asks while the answer is being written waits for that one instead of paying
 * for another. A model that fails is covered by an answer of the last two days, if there is one. Only what has
 * a payer is kept, since a tenant is part of the key.
 */
export function createCachedModel(options: {
  readonly model: LanguageModel;
  readonly cache: Cache;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly metrics?: Metrics | undefined;
}): LanguageModel {
  const { model, cache, seal, clock, metrics = noMetrics } = options;
  const inFlight = new Map<string, Promise<ModelReply | undefined>>();

  async function read(tenantId: TenantId, key: string): Promise<Kept | undefined> {
    const sealed = await cache.get(key);
    const text = sealed === undefined ? undefined : seal.open(tenantId, key, sealed);
    return text === undefined ? undefined : (JSON.parse(text) as Kept);
  }

  function keep(tenantId: TenantId, key: string, { text, model: name, finish }: ModelReply): void {
    // Cut for length: the next one may be whole.
    if (finish !== "stop") return;
    const kept: Kept = { text, model: name, at: clock.now().getTime() };
    cache.set(key, seal.seal(tenantId, key, JSON.stringify(kept)), STALE_MS);
  }

  return {
    name: model.name,
    sees: model.sees ?? false,
    async generate(request, callOptions) {
      const { payer, onAttempt, onText, signal } = callOptions;
      if (payer === undefined) return model.generate(request, callOptions);
      const key = digest(payer.tenantId, model.name, request);
      const give = (
        { text, model: name }: Pick<Kept, "text" | "model">,
        outcome: string,
      ): ModelReply => {
        metrics.count("model_cache_total", { outcome });
        onAttempt?.({ model: name, outcome });
        onText?.(text);
        return { text, model: name, usage: NOTHING_USED, finish: "stop" };
      };
      const kept = await read(payer.tenantId, key);
      if (kept !== undefined && clock.now().getTime() - kept.at < FRESH_MS)
        return give(kept, "cached");

      // Nothing is awaited between this look and the entry below, so that of a crowd one writes.
      const writingNow = inFlight.get(key);
      if (writingNow !== undefined) {
        const other = await writingNow;
        signal.throwIfAborted();
        if (other?.finish === "stop") return give(other, "shared");
      }
      try {
        const writing = model.generate(request, callOptions);
        // Those who wait learn only whether it came to something: its failure is this caller's.
        inFlight.set(
          key,
          writing.catch(() => undefined),
        );
        metrics.count("model_cache_total", { outcome: "asked" });
        const reply = await writing;
        keep(payer.tenantId, key, reply);
        return reply;
      } catch (error) {
        signal.throwIfAborted();
        if (kept === undefined) throw error;
        return give(kept, "stale");
      } finally {
        inFlight.delete(key);
      }
    },
  };
}

/** What the keys of a tenant's answers begin with, to drop them all. */
export function answersOf(tenantId: TenantId): string {
  return `${tenantId}:`;
}

function digest(tenantId: TenantId, model: string, request: ModelRequest): string {
  const { maxOutputTokens, temperature, need = "" } = request;
  const hash = createHash("sha256").update(
    `${tenantId}\n${model}\n${maxOutputTokens} ${temperature} ${need}\n`,
  );
  for (const { role, text, images = [] } of request.messages) {
    hash.update(`${role}\0${normalise(text)}\0`);
    for (const { bytes } of images) hash.update(createHash("sha256").update(bytes).digest());
  }
  return `${answersOf(tenantId)}${hash.digest("base64url")}`;
}

/** "¿Cuánto cuesta?" and "cuánto  cuesta" are one question; figures and order stay. */
function normalise(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s¿?¡!.,;:]+/g, " ")
    .trim();
}
