import robotsModule from "robots-parser";
import type { Clock } from "../../core/clock.ts";
import type { GuardedFetch, GuardedResponse } from "../../core/guarded-fetch.ts";
import type { Reason } from "../../core/newsroom.ts";
import {
  answerOf,
  type PoliteFetch,
  type PoliteRequest,
  placeOf,
  reasonOf,
} from "./fetch-answers.ts";
import { fetchInParts } from "./fetch-in-parts.ts";
import { isHostAllowed } from "./fill-address.ts";

export interface PoliteFetchPorts {
  readonly guardedFetch: GuardedFetch;
  readonly clock: Clock;
  /** Resolves after so long, or rejects with the signal's reason. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Of one request; a file in parts takes several. Default 60 s. */
  readonly timeoutMs?: number;
}

/** The product token of robots.txt (RFC 9309, 2.2.1), and the user agent that is sent. */
const AGENT = "pregonero";
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** RFC 9309, 2.4: not longer than 24 hours. */
const ROBOTS_KEPT_MS = 60 * 60_000;
/** RFC 9309, 2.5: at least 500 kibibytes are read. */
const ROBOTS_MAX_BYTES = 512 * 1024;
const MAX_CRAWL_DELAY_S = 60;

// The package is CommonJS: its types name the function `default`, Node gives the function itself.
const parseRobots = robotsModule as unknown as typeof robotsModule.default;

interface Robots {
  readonly isAllowed: (url: string) => boolean;
  readonly crawlDelayMs: number;
  readonly readAt: number;
}

/**
 * Fetches as a good guest does: only hosts that the settings name, each redirect too; only what robots.txt allows; one
 * request to a host at a time, with a pause after it; nothing twice that did not change; a file that was cut off goes
 * on where it was. What goes wrong is answered by name, never thrown, but for the signal's reason.
 */
export function createPoliteFetch(ports: PoliteFetchPorts): PoliteFetch {
  const robots = new Map<string, Robots>();
  const turns = createTurns(ports);
  const timeoutMs = ports.timeoutMs ?? 60_000;

  async function robotsOf(url: URL, signal: AbortSignal): Promise<Robots | Reason> {
    const kept = robots.get(url.origin);
    const now = ports.clock.now().getTime();
    if (kept !== undefined && now - kept.readAt < ROBOTS_KEPT_MS && now >= kept.readAt) return kept;
    const address = `${url.origin}/robots.txt`;
    let answer: GuardedResponse;
    try {
      answer = await ports.guardedFetch({
        url: address,
        headers: { "user-agent": AGENT },
        maxBytes: ROBOTS_MAX_BYTES,
        timeoutMs,
        maxRedirects: 3,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      const { code, detail } = reasonOf(error);
      return { code: `robots-${code}`, detail: `Whether it may be read is not known. ${detail}` };
    }
    // RFC 9309, 2.3.1: without a file everything is allowed; while the server fails, nothing is.
    if (answer.status >= 500 || answer.status === 429) {
      return {
        code: "robots-unreachable",
        detail: `${address} answered ${answer.status}: whether it may be read is not known.`,
      };
    }
    const text = answer.status === 200 ? answer.body.toString("utf8") : "";
    const parsed = parseRobots(address, text);
    const read: Robots = {
      isAllowed: (given) => parsed.isAllowed(given, AGENT) !== false,
      crawlDelayMs: Math.min(MAX_CRAWL_DELAY_S, parsed.getCrawlDelay(AGENT) ?? 0) * 1_000,
      readAt: now,
    };
    robots.set(url.origin, read);
    return read;
  }

  /** One request and its redirects; undefined as the response: it may not be asked, and the reason says why. */
  async function ask(
    request: PoliteRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<GuardedResponse | Reason> {
    const seen = new Set<string>();
    let url = new URL(request.url);
    for (;;) {
      if (seen.has(url.href) || seen.size > MAX_REDIRECTS) {
        return {
          code: "redirect-loop",
          detail: `${placeOf(request.url)} redirects without an end.`,
        };
      }
      seen.add(url.href);
      if (!isHostAllowed(url.hostname, request.hosts)) {
        return {
          code: "host-refused",
          detail: `${url.hostname} is not among the hosts of this source. Add it if the gazette moved there.`,
        };
      }
      const rules = await robotsOf(url, request.signal);
      if ("code" in rules) return rules;
      if (!rules.isAllowed(url.href)) {
        return {
          code: "robots-refused",
          detail: `robots.txt of ${url.host} does not let ${placeOf(url.href)} be read.`,
        };
      }
      const pauseMs = Math.max(request.pauseSeconds * 1_000, rules.crawlDelayMs);
      const response = await turns.take(url.host, pauseMs, request.signal, () =>
        ports.guardedFetch({
          url: url.href,
          headers: { "user-agent": AGENT, accept: request.accept, ...headers },
          maxBytes: request.maxBytes,
          timeoutMs,
          signal: request.signal,
        }),
      );
      const { location } = response.headers;
      if (!REDIRECTS.has(response.status) || location === undefined) return response;
      if (!URL.canParse(location, url.href)) {
        return { code: "bad-redirect", detail: `${placeOf(url.href)} redirects to no address.` };
      }
      url = new URL(location, url);
    }
  }

  async function attempt(
    request: PoliteRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<GuardedResponse | Reason> {
    try {
      return await ask(request, headers);
    } catch (error) {
      request.signal.throwIfAborted();
      return reasonOf(error);
    }
  }

  return async (request) => {
    const conditional = conditionalHeaders(request.known);
    if (request.isInParts !== true) {
      return answerOf(await attempt(request, conditional));
    }
    return fetchInParts(request, conditional, ports.wait, attempt);
  };
}

function conditionalHeaders(known: PoliteRequest["known"]): Record<string, string> {
  return {
    ...(known?.etag && { "if-none-match": known.etag }),
    ...(known?.lastModified && { "if-modified-since": known.lastModified }),
  };
}

/** One request to a host at a time in this process, and a pause after each. */
function createTurns({ wait, clock }: Pick<PoliteFetchPorts, "wait" | "clock">) {
  const last = new Map<string, Promise<unknown>>();
  const freeAt = new Map<string, number>();
  return {
    take<Result>(
      host: string,
      pauseMs: number,
      signal: AbortSignal,
      work: () => Promise<Result>,
    ): Promise<Result> {
      const before = last.get(host) ?? Promise.resolve();
      const turn = before.then(async () => {
        const waitMs = (freeAt.get(host) ?? 0) - clock.now().getTime();
        if (waitMs > 0) await wait(Math.min(waitMs, pauseMs), signal);
        try {
          return await work();
        } finally {
          freeAt.set(host, clock.now().getTime() + pauseMs);
        }
      });
      last.set(
        host,
        turn.catch(() => {}),
      );
      return turn;
    },
  };
}
