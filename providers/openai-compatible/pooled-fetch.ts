import { Agent, type Dispatcher, request } from "undici";

/** What the protocol needs. The SDK also sends the machine's make, and whatever OPENAI_CUSTOM_HEADERS holds. */
const SENT_HEADERS = ["accept", "authorization", "content-type", "user-agent"];

/**
 * The part of `fetch` that the SDK uses, over undici's plain requests on connections kept alive: without the web
 * streams of the real one an answer costs a third less. The body of a response is the bytes as an
 * async iterable; more than `maxResponseBytes` of it are given up with undici's error. A redirect, which would carry
 * the key to another host, is refused.
 */
export function createPooledFetch(maxResponseBytes: number): typeof fetch {
  const dispatcher = new Agent({ maxResponseSize: maxResponseBytes });
  return async (url, init) => {
    const given = new Headers(init?.headers);
    const { statusCode, headers, body } = await request(String(url), {
      dispatcher,
      method: (init?.method ?? "GET") as Dispatcher.HttpMethod,
      headers: SENT_HEADERS.flatMap((name) => {
        const value = given.get(name);
        return value === null ? [] : [name, value];
      }),
      body: typeof init?.body === "string" ? init.body : null,
      signal: init?.signal ?? null,
    });
    if (statusCode >= 300 && statusCode < 400) {
      body.destroy();
      throw new TypeError(`redirected with status ${statusCode}`);
    }
    const response = {
      ok: statusCode >= 200 && statusCode < 300,
      status: statusCode,
      statusText: "",
      url: String(url),
      headers: toHeaders(headers),
      body,
      text: () => body.text(),
      json: () => body.json(),
    };
    // Of a Response the SDK uses no more than this.
    return response as unknown as Response;
  };
}

function toHeaders(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}
