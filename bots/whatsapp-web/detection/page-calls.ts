import type { Page } from "playwright-core";
import { z } from "zod";
import { isPregoneroError, PregoneroError } from "../../../src/core/errors.ts";
import {
  type ExpandRequest,
  expandSource,
  type ScrollPosition,
  type ScrollRequest,
  scrollSource,
} from "./in-page/act.ts";
import { collectSource } from "./in-page/collect.ts";
import { type Collected, type CollectRequest, collectedSchema } from "./in-page/collected.ts";

/** A page that answers nothing for so long hangs; drawing a conversation anew takes it a second or two. */
const CALL_TIMEOUT_MS = 20_000;

/** A conversation of nothing but the longest messages; more is no answer of ours. */
const MAX_ANSWER = 40_000_000;

/** Attributes that any strategy asks for. */
const ATTRIBUTES = [
  "data-id",
  "data-testid",
  "data-icon",
  "data-pre-plain-text",
  "data-plain-text",
  "data-app-text-template",
  "data-jid",
  "data-ref",
  "data-link-code",
  "aria-label",
  "aria-rowcount",
  "aria-valuetext",
  "aria-valuemax",
  "class",
  "role",
  "title",
  "alt",
  "href",
  "value",
  "max",
] as const;

/** Runs the in-page functions; what comes back is parsed here, once. */
export interface PageCalls {
  collect(scopes: CollectRequest["scopes"], signal?: AbortSignal): Promise<Collected>;
  scroll(
    request: Omit<ScrollRequest, "quietMs" | "maxMs">,
    signal?: AbortSignal,
  ): Promise<ScrollPosition | undefined>;
  /** How often "Read more" was pressed. */
  expand(request: Omit<ExpandRequest, "quietMs">, signal?: AbortSignal): Promise<number>;
}

const positionSchema = z
  .object({ top: z.number(), height: z.number(), view: z.number() })
  .nullable();
const clicksSchema = z.number().int().nonnegative();

export function createPageCalls(page: Page): PageCalls {
  async function call<T>(
    source: string,
    request: object,
    schema: z.ZodType<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    // As one string: Playwright hands objects over member by member, which takes ten times as long.
    const code = `Promise.resolve((${source})(${JSON.stringify(request)})).then(JSON.stringify)`;
    const answer = parseJson(await guarded(page.evaluate<unknown>(code), signal));
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new PregoneroError(
      "page-unreadable",
      "WhatsApp Web answered in a form that cannot be read: look at its screenshot",
    );
  }
  return {
    collect: (scopes, signal) =>
      call(collectSource, { scopes, attributes: ATTRIBUTES }, collectedSchema, signal),
    async scroll(request, signal) {
      const quick = { quietMs: 60, maxMs: 2500 };
      const position = await call(scrollSource, { ...request, ...quick }, positionSchema, signal);
      return position ?? undefined;
    },
    expand: (request, signal) =>
      call(expandSource, { ...request, quietMs: 60 }, clicksSchema, signal),
  };
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === "string" && text.length < MAX_ANSWER ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Ends with the signal or the time, though Playwright goes on waiting. */
export async function guarded<T>(
  work: Promise<T>,
  signal?: AbortSignal,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<T> {
  // Whoever left does not hear how the work ended.
  work.catch(() => undefined);
  signal?.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(gone("it does not answer")), timeoutMs);
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } catch (error) {
    if (signal?.aborted || isPregoneroError(error)) throw error;
    throw gone("it was closed, crashed or was loaded anew", error);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
  }
}

function gone(why: string, cause?: unknown): PregoneroError {
  return new PregoneroError("page-gone", `WhatsApp Web could not be read: ${why}`, {
    retry: "backoff",
    cause,
  });
}
