/** One request to an address that somebody outside gave: a tenant's document, webhook or picture. */
export interface GuardedRequest {
  /** `http:` or `https:`, without user name and password, on port 80 or 443. */
  readonly url: string;
  /** Default `GET`. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  /** Never sent on to another origin by a redirect: not these, and not the body. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Of the answer's body, as sent: none is decompressed. */
  readonly maxBytes: number;
  /** For everything: names, connections, all hops, the last byte. */
  readonly timeoutMs: number;
  /** Hops that may be followed, each checked like the first: 0 to 3. Default 0; of `GET` and `HEAD` only. */
  readonly maxRedirects?: number;
  readonly signal: AbortSignal;
}

export interface GuardedResponse {
  /** Any: what it means is the caller's to say. */
  readonly status: number;
  /** By lower-case name; several of one name joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where it came from in the end. */
  readonly url: string;
}

/**
 * The only way to an address that is not the operator's own (security checklist S36, S37). Every address that the
 * host's name stands for must be of the public internet, and the connection goes to one of exactly those. Rejects with
 * `url-refused` (400), `fetch-too-large` (413), `fetch-failed` (502, retry `backoff`), or the signal's reason.
 */
export type GuardedFetch = (request: GuardedRequest) => Promise<GuardedResponse>;

/** Where a host that somebody outside named may be reached. */
export interface ReachableHost {
  /** To be connected to: the name may stand for another one by then. */
  readonly address: string;
  readonly isPublic: boolean;
}

/**
 * Checks a host for what does not speak HTTP (mail), as `GuardedFetch` does. Rejects with `url-refused` (400), or
 * `host-unknown` (502, retry `backoff`).
 */
export type ReachHost = (host: string, port: number) => Promise<ReachableHost>;
