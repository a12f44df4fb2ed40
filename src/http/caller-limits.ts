import type { Request, RequestHandler, Response } from "express";
import { PregoneroError } from "../core/errors.ts";
import type { SharedCounter } from "../core/shared-counter.ts";
import type { Authorise } from "./access/authorise.ts";
import { callerOf } from "./rate-limit.ts";
import { createSharedCount, type SharedCount } from "./shared-count.ts";

/**
 * How often anybody may call the API at all, per minute: the one table. Routes that cost more have limits of their own
 * besides, and sign-ins are slowed apart (`access/throttle.ts`).
 */
export const CALLER_LIMITS = {
  /** An IPv4 address, or the /64 of a subscriber: an office sits behind one. */
  address: 6_000,
  /** Somebody who is signed in, in however many tabs. */
  person: 1_200,
  /** A program. */
  key: 2_400,
} as const;
type Kind = keyof typeof CALLER_LIMITS;

const WINDOW_SECONDS = 60;

export interface CallerLimits {
  /** By address, before anything else is done. */
  readonly perAddress: RequestHandler;
  /** The guard of the API, which counts whom it lets through. */
  limit(authorise: Authorise): Authorise;
}

/** Counted by all processes together where they share a counter, and by this one while that is away. */
export function createCallerLimits(shared: SharedCounter | undefined): CallerLimits {
  const countOf = (kind: Kind) =>
    createSharedCount(`caller-${kind}`, CALLER_LIMITS[kind], WINDOW_SECONDS);
  const counts: Readonly<Record<Kind, SharedCount>> = {
    address: countOf("address"),
    person: countOf("person"),
    key: countOf("key"),
  };

  async function take(kind: Kind, who: string, response: Response): Promise<void> {
    const limit = CALLER_LIMITS[kind];
    const seen = await counts[kind].add(who, shared);
    const reset = Math.ceil(seen.resetMs / 1000);
    const left = Math.max(0, limit - seen.count);
    response.setHeader("RateLimit-Policy", `"${kind}";q=${limit};w=${WINDOW_SECONDS}`);
    response.setHeader("RateLimit", `"${kind}";r=${left};t=${reset}`);
    if (seen.count <= limit) return;
    throw new PregoneroError(
      "too-many-requests",
      `At most ${limit} requests in ${WINDOW_SECONDS} seconds are answered.`,
      { status: 429, retry: { afterMs: seen.resetMs } },
    );
  }

  return {
    async perAddress(request, response, next) {
      await take("address", callerOf(request), response);
      next();
    },
    limit: (authorise) => ({
      ...authorise,
      async person(request: Request, response: Response) {
        const signedIn = await authorise.person(request, response);
        await take("person", signedIn.personId, response);
        return signedIn;
      },
      async platform(request: Request, response: Response) {
        const signedIn = await authorise.platform(request, response);
        await take("person", signedIn.personId, response);
        return signedIn;
      },
      async tenant(request: Request, response: Response) {
        const caller = await authorise.tenant(request, response);
        await take(caller.person === undefined ? "key" : "person", caller.actor, response);
        return caller;
      },
    }),
  };
}
