/** A browser as far as signing in goes: keeps cookies, and sends the CSRF token back as our pages do. */
export interface Browser {
  /** Name → value, without the attributes. */
  readonly cookies: Map<string, string>;
  /** `Set-Cookie` of every answer so far. */
  readonly setCookies: readonly string[];
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The tenant to act for. */
  readonly tenant?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says is what the tests look at
  readonly json: any;
}

/** `ip` is what the proxy in front of a product with TRUST_PROXY=1 says that it comes from. */
export function openBrowser(url: string, ip = newAddress()): Browser {
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];

  async function send(
    method: string,
    path: string,
    body: unknown,
    { headers = {}, tenant }: CallOptions,
  ): Promise<Answer> {
    const csrf = cookies.get("csrf");
    const response = await fetch(url + path, {
      method,
      headers: {
        "x-forwarded-for": ip,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(csrf === undefined ? {} : { "x-csrf-token": csrf }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(tenant === undefined ? {} : { "pregonero-tenant": tenant }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      setCookies.push(line);
      const [pair = "", ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at);
      if (attributes.some((attribute) => /expires=Thu, 01 Jan 1970/i.test(attribute))) {
        cookies.delete(name);
      } else cookies.set(name, pair.slice(at + 1));
    }
    // A live stream has no end: that it was opened is its answer.
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (isStream) await response.body?.cancel();
    const text = isStream ? "" : await response.text();
    const isJson = /^application\/(problem\+)?json\b/.test(
      response.headers.get("content-type") ?? "",
    );
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  }

  return {
    cookies,
    setCookies,
    async call(method, path, body, options = {}) {
      if (method !== "GET" && !cookies.has("csrf")) {
        await send("GET", "/api/v1/session", undefined, {});
      }
      return send(method, path, body, options);
    },
  };
}

let count = 0;

/** Each browser comes from an address of its own, of a network that is nobody's (RFC 2544). */
function newAddress(): string {
  count += 1;
  return `198.18.${count >> 8}.${count & 255}`;
}
