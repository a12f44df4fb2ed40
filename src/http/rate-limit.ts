import { isIPv6 } from "node:net";
import type { Request, RequestHandler, Response } from "express";
import { PregoneroError } from "../core/errors.ts";
import type { SharedCounter } from "../core/shared-counter.ts";
import { createSharedCount } from "./shared-count.ts";

export interface RateLimit {
  /** Counts one call. Throws `too-many-requests` (429) with the time to wait. */
  take(key: string, response: Response): Promise<void>;
}

/**
 * At most `calls` per `seconds` for each key, by all processes together where they share a counter (`shareCounts`).
 * `name` is of this limit alone.
 */
export function createRateLimit(name: string, calls: number, seconds: number): RateLimit {
  const counted = createSharedCount(name, calls, seconds);
  return {
    async take(key, response) {
      const { count, resetMs } = await counted.add(key, response.locals.sharedCounter);
      const left = Math.max(0, calls - count);
      // Header fields of draft-ietf-httpapi-ratelimit-headers.
      response.setHeader("RateLimit-Policy", `"default";q=${calls};w=${seconds}`);
      response.setHeader("RateLimit", `"default";r=${left};t=${Math.ceil(resetMs / 1000)}`);
      if (count <= calls) return;
      throw new PregoneroError(
        "too-many-requests",
        `At most ${calls} requests in ${seconds} seconds are answered.`,
        { status: 429, retry: { afterMs: resetMs } },
      );
    },
  };
}

/** Gives every limit of the routes after it the counter that processes share; undefined: each counts by itself. */
export function shareCounts(shared: SharedCounter | undefined): RequestHandler {
  return (_request, response, next) => {
    response.locals.sharedCounter = shared;
    next();
  };
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
