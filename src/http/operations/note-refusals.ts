import type { IncomingMessage } from "node:http";
import type { ErrorRequestHandler, Request } from "express";
import { asId, type TenantId } from "../../core/ids.ts";
import type { SecurityEventKind, SecurityEvents } from "../../core/security-events.ts";
import { mapHttpError } from "../map-error.ts";
import { callerOf } from "../rate-limit.ts";

/** Codes of refusals that look like an attack when they come often. */
const KIND_OF: Readonly<Record<string, SecurityEventKind>> = {
  "sign-in-refused": "sign-in-refused",
  "code-refused": "second-factor-refused",
  "proof-refused": "second-factor-refused",
  "session-over": "session-refused",
  "link-void": "link-refused",
  "too-many-attempts": "attempts-throttled",
  "too-many-requests": "requests-throttled",
  "csrf-token-wrong": "csrf-refused",
  "cross-site": "cross-site-refused",
  "api-key-needed": "api-key-unknown",
  "sign-in-needed": "api-key-unknown",
  "api-key-revoked": "api-key-revoked",
  "role-missing": "permission-refused",
  "scope-missing": "permission-refused",
  "address-refused": "address-refused",
};

/** Notes refusals that people should know of, and passes every error on. Stands before the handler that answers. */
export function noteRefusals(events: SecurityEvents): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const { code } = mapHttpError(thrown);
    const kind = Object.hasOwn(KIND_OF, code) ? KIND_OF[code] : undefined;
    if (kind !== undefined && isTelling(kind, request)) {
      const tenantId: unknown = response.locals.tenantId;
      events.note({
        kind,
        tenantId: typeof tenantId === "string" ? asId<TenantId>(tenantId) : undefined,
        source: callerOf(request),
        subject: `${request.method} ${patternOf(request)}`,
      });
    }
    next(thrown);
  };
}

/** Who has no key or session at all is asked to sign in, which is no attack. */
function isTelling(kind: SecurityEventKind, request: Request): boolean {
  if (kind === "api-key-unknown") return request.headers.authorization !== undefined;
  if (kind === "session-refused") return /refresh=/.test(request.headers.cookie ?? "");
  return true;
}

/** The route as the router has it: an address may hold anything. */
function patternOf(request: Request): string {
  const path: unknown = request.route?.path;
  return typeof path === "string" ? path : "no route";
}

/**
 * Where a request comes from that went past Express: the address that the outermost of our own proxies saw.
 */
export function addressBehind(request: IncomingMessage, trustedProxies: number): string {
  const remote = request.socket.remoteAddress ?? "unknown";
  const told = request.headersDistinct["x-forwarded-for"]?.join(",").split(",") ?? [];
  const hops = [...told.map((address) => address.trim()), remote];
  const ip = hops[Math.max(0, hops.length - 1 - trustedProxies)] ?? remote;
  return callerOf({ ip, socket: request.socket });
}
