/** The cookies of a session, as far as the client deals with them. */
export interface SessionCookies {
  /** For the header Cookie; undefined: the browser sends them by itself. */
  header(): string | undefined;
  /** The cookie that goes back as X-CSRF-Token. */
  csrfToken(): string | undefined;
  /** Reads Set-Cookie of an answer. */
  keep(response: Response): void;
}

const CSRF_NAMES = ["__Host-csrf", "csrf"];

/** The browser keeps the cookies itself; scripts may read one of them. */
export function browserCookies(): SessionCookies {
  return {
    header: () => undefined,
    csrfToken() {
      const page = (globalThis as { readonly document?: { readonly cookie: string } }).document;
      const pairs = (page?.cookie ?? "").split("; ").map(splitPair);
      return pairs.find(([name]) => CSRF_NAMES.includes(name))?.[1];
    },
    keep() {},
  };
}

/** For a program that signs in as a person: fetch of Node keeps no cookies. One jar is one session of one server. */
export function createCookieJar(): SessionCookies {
  const cookies = new Map<string, string>();
  return {
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    csrfToken: () =>
      CSRF_NAMES.map((name) => cookies.get(name)).find((value) => value !== undefined),
    keep(response) {
      for (const line of response.headers.getSetCookie()) {
        const [pair = "", ...attributes] = line.split(";");
        const [name, value] = splitPair(pair);
        if (attributes.some(isInThePast)) cookies.delete(name);
        else cookies.set(name, value);
      }
    },
  };
}

function splitPair(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at).trim(), pair.slice(at + 1)];
}

function isInThePast(attribute: string): boolean {
  const [name, value] = splitPair(attribute);
  return name.toLowerCase() === "expires" && Date.parse(value) < Date.now();
}
