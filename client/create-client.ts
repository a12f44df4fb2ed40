import createFetchClient from "openapi-fetch";
import { PregoneroApiError } from "./api-error.ts";
import type { Answer, Call, EntryOf, ListInit, ListPath } from "./call-types.ts";
import { browserCookies, type SessionCookies } from "./cookies.ts";
import { ONCE_OPERATIONS } from "./generated/once-operations.ts";
import type { components, paths } from "./generated/schema.d.ts";
import { followEvents, type LiveEvent, type LiveEventsOptions } from "./live-events.ts";
import { createTransport } from "./transport.ts";

/** A shape of the API by its name, such as `Schema<"Campaign">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

export interface ClientOptions {
  /** Where the installation is, such as `https://gaceta.example.org`; empty: the page's own origin. */
  readonly baseUrl: string;
  /** Of a program; a function is asked at each call. Absent: the session of whoever is signed in. */
  readonly apiKey?: string | (() => string);
  /** Where a session's cookies are kept; the browser's own when absent. Programs use `createCookieJar()`. */
  readonly cookies?: SessionCookies;
  /** Id of the tenant to act for, when there are several; a function is asked at each call. */
  readonly tenant?: string | (() => string | undefined);
  /** Instead of the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** For each attempt of a call, 30 s when absent; a stream or a file must have begun by then. */
  readonly timeoutMs?: number;
  /** Called when a session has ended and cannot be renewed: time to sign in. */
  readonly onSessionOver?: () => void;
}

/**
 * Calls of the API with the types of its description. Each resolves with what a 2xx says, and throws
 * PregoneroApiError otherwise.
 */
export interface PregoneroClient {
  readonly GET: Call<"get">;
  readonly POST: Call<"post">;
  readonly PUT: Call<"put">;
  readonly PATCH: Call<"patch">;
  readonly DELETE: Call<"delete">;
  /** Who is signed in; a session whose access cookie is over is renewed first. */
  session(): Promise<Schema<"SessionState">>;
  /** Every entry of a list, page after page, as long as they are asked for. */
  paginate<Path extends ListPath>(
    path: Path,
    ...init: ListInit<Path>
  ): AsyncGenerator<EntryOf<Path>, void, void>;
  /** What happens, as it happens: see `LiveEvent`. */
  events(options?: LiveEventsOptions): AsyncGenerator<LiveEvent, void, void>;
}

const TIMEOUT_MS = 30_000;
const SAFE_METHODS = ["GET", "HEAD"];

export function createClient(options: ClientOptions): PregoneroClient {
  const { apiKey, tenant, timeoutMs: usualTimeoutMs = TIMEOUT_MS } = options;
  const baseUrl = options.baseUrl.replace(/\/$/, "");
  const transport = createTransport({
    baseUrl,
    fetch: options.fetch ?? ((request) => fetch(request)),
    apiKey: apiKey === undefined ? undefined : () => resolved(apiKey),
    cookies: options.cookies ?? browserCookies(),
    tenant: () => tenant && resolved(tenant),
    onSessionOver: options.onSessionOver ?? (() => {}),
  });
  const plain = createFetchClient<paths>({ baseUrl, bodySerializer });

  async function request(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    given: CallInit = {},
  ): Promise<Answer<unknown>> {
    const { timeoutMs = usualTimeoutMs, ...init } = given;
    const isOnce = ONCE_OPERATIONS.has(`${method} ${path}`);
    const headers = new Headers(init.headers);
    if (isOnce && init.params?.header?.["Idempotency-Key"] === undefined) {
      headers.set("Idempotency-Key", newKey());
    }
    if (init.body instanceof Blob) {
      headers.set("Content-Type", init.body.type || "application/octet-stream");
    }
    const isRepeatable = isOnce || SAFE_METHODS.includes(method);
    const call = plain[method] as unknown as (
      path: string,
      init: object,
    ) => Promise<Answer<unknown>>;
    const { data, response } = await call(path, {
      ...init,
      headers,
      fetch: (ready: Request) => transport.send(ready, { isRepeatable, timeoutMs }),
    });
    return { data, response };
  }

  const client: PregoneroClient = {
    GET: call("GET"),
    POST: call("POST"),
    PUT: call("PUT"),
    PATCH: call("PATCH"),
    DELETE: call("DELETE"),
    async session() {
      const { data } = await client.GET("/api/v1/session");
      if (data.state !== "anonymous" || apiKey !== undefined) return data;
      try {
        return (await client.POST("/api/v1/session/refresh")).data;
      } catch (error) {
        if (error instanceof PregoneroApiError && error.status === 401) return data;
        throw error;
      }
    },
    async *paginate(path, ...[init]) {
      let cursor: string | undefined;
      do {
        const page = (await request("GET", path, withCursor(init as CallInit | undefined, cursor)))
          .data as Page;
        const entries = Object.values(page).find((value) => Array.isArray(value));
        yield* entries as never[];
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
    },
    events: (given = {}) =>
      followEvents(async (query, signal) => {
        const init = { params: { query }, parseAs: "stream", signal };
        return request("GET", "/api/v1/events", init);
      }, given),
  };
  return client;

  function call<Typed>(method: Parameters<typeof request>[0]): Typed {
    return ((path: string, init?: CallInit) => request(method, path, init)) as Typed;
  }
}

interface CallInit {
  readonly params?: {
    readonly query?: Readonly<Record<string, unknown>>;
    readonly header?: Readonly<Record<string, unknown>>;
  };
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Page {
  readonly next: string | null;
}

function withCursor(init: CallInit = {}, cursor: string | undefined): CallInit {
  if (cursor === undefined) return init;
  return { ...init, params: { ...init.params, query: { ...init.params?.query, cursor } } };
}

function resolved<Value>(given: Value | (() => Value)): Value {
  return typeof given === "function" ? (given as () => Value)() : given;
}

function bodySerializer(body: unknown) {
  return body instanceof Blob ? body : JSON.stringify(body);
}

/** 128 random bits. Not randomUUID: a page that came over http has none. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
