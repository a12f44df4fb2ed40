import { isIPv6 } from "node:net";
import type { Request, Response } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { PregoneroError } from "../core/errors.ts";

export interface RateLimit {
  /** Counts one call. Throws `too-many-requests` (429) with the time to wait. */
  take(key: string, response: Response): Promise<void>;
}

/** At most `calls` per `seconds` for each key, counted in this process. */
export function createRateLimit(calls: number, seconds: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: calls, duration: seconds });
  return {
    async take(key, response) {
      try {
        const state = await limiter.consume(key);
        describe(response, calls, seconds, state);
      } catch (refusal) {
        // Whatever fails here refuses: a broken limiter must not be an open door.
        const state = refusal instanceof RateLimiterRes ? refusal : undefined;
        if (state !== undefined) describe(response, calls, seconds, state);
        throw new PregoneroError(
          "too-many-requests",
          `At most ${calls} requests in ${seconds} seconds are answered.`,
          {
            status: 429,
            retry: { afterMs: state?.msBeforeNext ?? seconds * 1000 },
            cause: refusal,
          },
        );
      }
    },
  };
}

/** Header fields of draft-ietf-httpapi-ratelimit-headers. */
function describe(response: Response, calls: number, seconds: number, state: RateLimiterRes): void {
  response.setHeader("RateLimit-Policy", `"default";q=${calls};w=${seconds}`);
  response.setHeader(
    "RateLimit",
    `"default";r=${Math.max(0, state.remainingPoints)};t=${Math.ceil(state.msBeforeNext / 1000)}`,
  );
}

/** Whom a limit counts: an IPv4 address, or the /64 that one subscriber has in IPv6. */
export function callerOf(request: Pick<Request, "ip" | "socket">): string {
  const address = request.ip ?? request.socket.remoteAddress ?? "unknown";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? `${firstHextets(address)}/64` : address;
}

function firstHextets(address: string): string {
  const [head = "", tail = ""] = (address.split("%")[0] ?? "").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::")
    ? Array<string>(8 - left.length - right.length).fill("0")
    : [];
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((hextet) => Number.parseInt(hextet, 16).toString(16))
    .join(":");
}
