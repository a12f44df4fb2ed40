import type { Express } from "express";
import { ACCESS } from "./access-table.ts";

/** `METHOD path` of every route of the API, as the router has them. */
export function listRoutes(app: Pick<Express, "router">): readonly string[] {
  return routesOf(app.router.stack).filter((route) => /^[A-Z]+ \/api\/v1\//.test(route));
}

/**
 * Throws when a route of the API is not in the table of who may do what, or the table has one that is not there: a
 * server that would answer unasked does not start.
 */
export function requireDeclared(app: Pick<Express, "router">): void {
  const routes = new Set(listRoutes(app));
  const declared = new Set(Object.keys(ACCESS));
  const undeclared = [...routes].filter((route) => !declared.has(route));
  const stale = [...declared].filter((route) => !routes.has(route));
  if (undeclared.length === 0 && stale.length === 0) return;
  throw new Error(
    `src/http/access/access-table.ts does not fit the routes. Say who may: ${undeclared.join(", ") || "–"}. Not there any more: ${stale.join(", ") || "–"}.`,
  );
}

/** What Express keeps of a router; its types call the handle a function. */
interface Layer {
  readonly route?: {
    readonly path: string;
    readonly stack: readonly { readonly method?: string }[];
  };
  readonly handle?: unknown;
}

function routesOf(stack: readonly unknown[]): readonly string[] {
  return (stack as readonly Layer[]).flatMap(({ route, handle }) => {
    if (route !== undefined) {
      // A handler without a method refuses the others.
      const methods = route.stack.flatMap(({ method }) => method?.toUpperCase() ?? []);
      const named = methods.map((method) => (method === "HEAD" ? "GET" : method));
      return [...new Set(named)].map((method) => `${method} ${route.path}`);
    }
    const nested = (handle as { readonly stack?: readonly unknown[] } | undefined)?.stack;
    return nested === undefined ? [] : routesOf(nested);
  });
}
