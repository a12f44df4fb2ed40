import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isSigned, nonceOf } from "./oauth1.ts";
import { createXWorld, type StandInAccount, type StandInPost, toApiPost } from "./x-world.ts";

/**
 * What the next post meets. `-after`: it was taken all the same. `hang-up`: the connection ends without an answer;
 * `silent`: no answer comes, and the connection stays.
 */
export const X_FAULTS = [
  "503-before",
  "503-after",
  "hang-up-before",
  "hang-up-after",
  "silent-after",
  "429",
  "401",
] as const;
export type XFault = (typeof X_FAULTS)[number];

export interface XStandIn {
  /** For `X_API_URL`. */
  readonly url: string;
  addAccount(username: string): StandInAccount;
  posts(account: StandInAccount): readonly StandInPost[];
  /** How often the same words were refused. */
  readonly duplicatesRefused: number;
  /** The next posts meet these, one each. */
  fail(...faults: readonly XFault[]): void;
  /** Posts of one account in a window; undefined: as many as it likes. */
  limitPosts(posts: number | undefined, windowMs: number): void;
  close(): Promise<void>;
}

/** `hang-up` and `silent` as in the faults. */
type Answer =
  | {
      readonly status: number;
      readonly body: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | "hang-up"
  | "silent";

interface Call {
  readonly url: URL;
  readonly body: string;
  readonly account: StandInAccount | undefined;
}

/** X's API v2 as far as Pregonero speaks it: signatures, tokens, weights, limits and duplicates as X has them. */
export async function startXStandIn(
  options: { readonly port?: number; readonly now?: () => number } = {},
): Promise<XStandIn> {
  const { now = Date.now } = options;
  const world = createXWorld(now);
  const faults: XFault[] = [];
  const nonces = new Set<string>();
  let limit: { readonly posts: number; readonly windowMs: number } | undefined;
  let windowStart = now();
  const used = new Map<string, number>();
  const pictures = new Map<string, "begun" | "appended" | "finalized" | "described">();
  let duplicatesRefused = 0;

  function accountOf(request: IncomingMessage, url: URL): StandInAccount | undefined {
    const header = request.headers.authorization ?? "";
    if (header.startsWith("Bearer ")) {
      return world.accounts.find(({ accessToken }) => `Bearer ${accessToken}` === header);
    }
    const nonce = nonceOf(header);
    if (nonce === "" || nonces.has(nonce)) return undefined;
    const signed = {
      method: request.method ?? "GET",
      url: `http://${request.headers.host}${url.pathname}`,
      query: url.searchParams,
      header,
    };
    const found = world.accounts.find(({ oauth1 }) => isSigned(signed, oauth1, now()));
    if (found !== undefined) nonces.add(nonce);
    return found;
  }

  /** Undefined: there is room. Otherwise when there is again, in seconds since 1970. */
  function spend(account: StandInAccount): number | undefined {
    if (limit === undefined) return undefined;
    if (now() - windowStart >= limit.windowMs) {
      windowStart = now();
      used.clear();
    }
    const count = (used.get(account.id) ?? 0) + 1;
    used.set(account.id, count);
    return count <= limit.posts ? undefined : Math.ceil((windowStart + limit.windowMs) / 1_000);
  }

  function post({ account, body }: Call): Answer {
    const fault = faults.shift();
    if (fault === "hang-up-before") return "hang-up";
    if (fault === "503-before") return problem(503, "Service Unavailable", "Over capacity");
    if (fault === "401" || account === undefined) return UNAUTHORISED;
    const resetAt = fault === "429" ? Math.ceil(now() / 1_000) + 2 : spend(account);
    if (resetAt !== undefined) {
      const headers = {
        "x-rate-limit-limit": String(limit?.posts ?? 0),
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": String(resetAt),
      };
      return { ...problem(429, "Too Many Requests", "Too Many Requests"), headers };
    }
    const {
      text = "",
      reply,
      media,
    } = readJson(body) as {
      readonly text?: string;
      readonly media?: { readonly media_ids?: readonly string[] };
      readonly reply?: { readonly in_reply_to_tweet_id?: string };
    };
    const replyTo = reply?.in_reply_to_tweet_id;
    const refusal = world.refusalOf(account, text, replyTo);
    if (refusal !== undefined) {
      if (refusal.includes("duplicate")) duplicatesRefused += 1;
      return problem(403, "Forbidden", refusal);
    }
    const mediaId = media?.media_ids?.[0];
    if (mediaId !== undefined && pictures.get(mediaId) !== "described") {
      return problem(400, "Invalid Request", "Your media IDs are invalid.");
    }
    const made = world.add(account, { text, replyTo, mediaId });
    if (fault === "503-after") return problem(503, "Service Unavailable", "Over capacity");
    if (fault === "hang-up-after") return "hang-up";
    if (fault === "silent-after") return "silent";
    return ok(201, {
      data: { id: made.id, text: made.text, edit_history_tweet_ids: [made.id] },
    });
  }

  /** The steps of an upload, each after the one before. */
  function upload({ account, url, body }: Call): Answer {
    if (account === undefined) return UNAUTHORISED;
    const [, id = "", step] = /^\/2\/media\/upload\/(?:(\d+)\/)?(\w+)$/.exec(url.pathname) ?? [];
    const known = pictures.get(id);
    if (step === "initialize") {
      const { media_type } = readJson(body) as { readonly media_type?: string };
      if (media_type !== "image/png") return problem(400, "Invalid Request", "media_type");
      const made = world.newId();
      pictures.set(made, "begun");
      return ok(200, { data: { id: made, media_key: `3_${made}` } });
    }
    if (step === "append" && known === "begun" && body.includes("PNG")) {
      pictures.set(id, "appended");
      return ok(200, { data: {} });
    }
    if (step === "finalize" && known === "appended") {
      pictures.set(id, "finalized");
      return ok(200, { data: { id, media_key: `3_${id}` } });
    }
    return problem(400, "Invalid Request", `${step} of ${known ?? "nothing"}`);
  }

  function describe({ account, body }: Call): Answer {
    if (account === undefined) return UNAUTHORISED;
    const { id = "", metadata } = readJson(body) as {
      readonly id?: string;
      readonly metadata?: { readonly alt_text?: { readonly text?: string } };
    };
    if (pictures.get(id) !== "finalized" || !metadata?.alt_text?.text) {
      return problem(400, "Invalid Request", "metadata");
    }
    pictures.set(id, "described");
    return ok(200, { data: { id } });
  }

  function timeline({ account, url }: Call): Answer {
    if (account === undefined) return UNAUTHORISED;
    const [, id] = /^\/2\/users\/([^/]+)\/tweets$/.exec(url.pathname) ?? [];
    const from = Date.parse(url.searchParams.get("start_time") ?? "2000-01-01T00:00:00Z");
    const most = Number(url.searchParams.get("max_results") ?? 10);
    const found = world.posts
      .filter(({ accountId, at }) => accountId === id && at >= from)
      .toReversed()
      .slice(0, most);
    const meta = { result_count: found.length };
    return ok(200, found.length === 0 ? { meta } : { data: found.map(toApiPost), meta });
  }

  function exchange(request: IncomingMessage, body: string): Answer {
    const form = new URLSearchParams(body);
    const account = world.accounts.find(
      ({ clientId, clientSecret, refreshToken }) =>
        form.get("grant_type") === "refresh_token" &&
        form.get("refresh_token") === refreshToken &&
        request.headers.authorization ===
          `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
    );
    if (account === undefined) {
      const error_description = "Value passed for the token was invalid.";
      return ok(400, { error: "invalid_request", error_description });
    }
    world.exchange(account);
    return ok(200, {
      token_type: "bearer",
      expires_in: 7_200,
      access_token: account.accessToken,
      refresh_token: account.refreshToken,
      scope: "tweet.read tweet.write users.read offline.access",
    });
  }

  function answer(request: IncomingMessage, body: string): Answer {
    const url = new URL(request.url ?? "/", "http://x");
    const route = `${request.method} ${url.pathname}`;
    if (route === "POST /2/oauth2/token") return exchange(request, body);
    const account = accountOf(request, url);
    const call: Call = { url, body, account };
    if (route === "POST /2/tweets") return post(call);
    if (route.startsWith("POST /2/media/upload/")) return upload(call);
    if (route === "POST /2/media/metadata") return describe(call);
    if (/^GET \/2\/users\/\d+\/tweets$/.test(route)) return timeline(call);
    if (route !== "GET /2/users/me") return problem(404, "Not Found", "Not Found");
    if (account === undefined) return UNAUTHORISED;
    const { id, username } = account;
    return ok(200, { data: { id, name: username, username } });
  }

  const server = createServer(async (request, response) => {
    const answered = answer(request, await readBody(request));
    if (answered === "hang-up") response.destroy();
    else if (answered !== "silent") send(response, answered);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    addAccount: (username) => world.addAccount(username),
    posts: (account) => world.posts.filter(({ accountId }) => accountId === account.id),
    get duplicatesRefused() {
      return duplicatesRefused;
    },
    fail(...some) {
      faults.push(...some);
    },
    limitPosts(posts, windowMs) {
      limit = posts === undefined ? undefined : { posts, windowMs };
      windowStart = now();
      used.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function ok(status: number, body: object) {
  return { status, body };
}

function problem(status: number, title: string, detail: string) {
  return { status, body: { title, detail, type: "about:blank", status } };
}

const UNAUTHORISED = problem(401, "Unauthorized", "Unauthorized");

function send(response: ServerResponse, answered: Exclude<Answer, string>): void {
  const { status, body, headers } = answered;
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
