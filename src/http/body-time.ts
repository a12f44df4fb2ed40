import type { IncomingMessage, ServerResponse } from "node:http";

/** How long a body may take to arrive (slowloris), unless the route says that it may take longer. */
const BODY_MS = 30_000;

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Ends a request whose body has not arrived in time with 408. */
export function limitBodyTime(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    if (request.complete) return;
    if (!response.headersSent) response.writeHead(408, { Connection: "close" }).end();
    request.destroy();
  }, BODY_MS);
  timer.unref();
  timers.set(request, timer);
  request.once("end", () => clearTimeout(timer));
  request.once("close", () => clearTimeout(timer));
}

/** For somebody who is known, and sends something large: the server's own limit alone is left. */
export function allowSlowBody(request: IncomingMessage): void {
  clearTimeout(timers.get(request));
}
