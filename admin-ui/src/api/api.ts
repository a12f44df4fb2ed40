import { createClient, PregoneroApiError } from "../../../client/index.ts";
import { inReadersWords } from "./refusals.ts";
import type { SessionState } from "./types.ts";

let tenantId: string | undefined;
let prove: (() => Promise<boolean>) | undefined;
let signedOut: (() => void) | undefined;
let reached: ((isReached: boolean) => void) | undefined;

/** Every call from now on is about this tenant. */
export function actIn(tenant: string | undefined): void {
  tenantId = tenant;
}

/** Who asks for password and code when a call needs them anew; resolves with whether they were right. */
export function proveBy(ask: () => Promise<boolean>): void {
  prove = ask;
}

export function onSignedOut(tell: () => void): void {
  signedOut = tell;
}

/** Tells after each call whether the installation answered at all. */
export function onReach(tell: ((isReached: boolean) => void) | undefined): void {
  reached = tell;
}

const client = createClient({
  baseUrl: location.origin,
  tenant: () => tenantId,
  fetch: renewInTurn,
  onSessionOver: () => signedOut?.(),
});

export const { session, events, paginate } = client;
export const GET = proving(client.GET);
export const POST = proving(client.POST);
export const PUT = proving(client.PUT);
export const PATCH = proving(client.PATCH);
export const DELETE = proving(client.DELETE);

export function isProblem(error: unknown, code?: string): error is PregoneroApiError {
  return error instanceof PregoneroApiError && (code === undefined || error.code === code);
}

/** Headers of a call of the platform's people about the whole installation, whatever tenant one acts in. */
export const EVERYWHERE = { "pregonero-tenant": "" } as const;
/** Headers of their call about another tenant. */
export const inTenant = (id: string) => ({ "pregonero-tenant": id });

/** What may be sent twice and done once is sent under the same key. Not randomUUID, which a page over http lacks. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

let proof: Promise<boolean> | undefined;

/** One dialog for all calls that wait for it. */
function proveOnce(): Promise<boolean> {
  proof ??= (prove?.() ?? Promise.resolve(false)).finally(() => {
    proof = undefined;
  });
  return proof;
}

/** What is delicate asks for password and code anew, and then goes on by itself. */
function proving<Call extends (...given: never[]) => Promise<unknown>>(call: Call): Call {
  return (async (...given: never[]) => {
    try {
      return await call(...given);
    } catch (error) {
      const mayGoOn = isProblem(error, "proof-needed") && (await proveOnce());
      return told(mayGoOn ? call(...given) : Promise.reject(error));
    }
  }) as Call;
}

/** What is refused is told in the reader's words. */
async function told<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw isProblem(error) ? await inReadersWords(error, document.documentElement.lang) : error;
  }
}

/**
 * One renewal at a time over all tabs: a refresh token works once, and one that is used twice ends the session as if
 * it had been stolen. Who waited finds the session renewed. Over plain http there are no locks, and rarely two tabs.
 */
async function renewInTurn(request: Request): Promise<Response> {
  if (!request.url.endsWith("/session/refresh") || navigator.locks === undefined) {
    return reach(request);
  }
  return navigator.locks.request("pregonero-session", async () => {
    const now = await fetch("/api/v1/session", { signal: request.signal });
    const session: Partial<SessionState> = await now.clone().json();
    if (session.state === "signed-in" || session.csrfToken === undefined) return now;
    // Having looked has changed the token that the request was made with.
    const headers = new Headers(request.headers);
    headers.set("x-csrf-token", session.csrfToken);
    return fetch(new Request(request, { headers }));
  });
}

async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    reached?.(true);
    return response;
  } catch (error) {
    if (!request.signal.aborted || request.signal.reason?.name === "TimeoutError") reached?.(false);
    throw error;
  }
}
