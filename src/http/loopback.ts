import type { IncomingMessage as HttpRequest } from "node:http";

/**
 * Whether someone on this machine asks for themselves. A proxy on this machine connects from the loopback
 * address too, but says for whom: such a request is not local.
 */
export function isLoopback(request: HttpRequest): boolean {
  const { headers } = request;
  if (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined) return false;
  if (headers.via !== undefined || headers["x-real-ip"] !== undefined) return false;
  const address = request.socket.remoteAddress ?? "";
  return /^(::ffff:)?127\./.test(address) || address === "::1";
}
