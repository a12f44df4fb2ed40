import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser, type Browser as Session } from "../journeys/people/browser.ts";
import { IN_PAGE } from "./in-page.ts";

/**
 * The owner of a product that was just started, signed in for as long as a measurement takes. A refresh token works
 * once: what the API renews the page is given, and what the page renewed is taken from it. One page of `newPage` is open
 * at a time.
 */
export interface OwnerSession {
  readonly email: string;
  readonly password: string;
  /** Of the owner's phone: each works once, so `ahead` steps later is another. */
  code(ahead?: number): string;
  readonly call: Session["call"];
  /** At nothing yet, signed in, with `measureInPage`. */
  newPage(browser: Browser, options?: BrowserContextOptions): Promise<Page>;
  /** Closes a page of `newPage`. */
  leave(page: Page): Promise<void>;
}

const EMAIL = "ana@muni.example";

/** Through the pages' own routes: account, then the second factor that owners must have. */
export async function openOwnerSession(url: string, setUpToken: string): Promise<OwnerSession> {
  const session = openBrowser(url);
  const password = randomBytes(18).toString("base64");
  const secret = await makeOwner(session, setUpToken, password);
  let open: BrowserContext | undefined;

  const toCookies = () => [...session.cookies].map(([name, value]) => ({ name, value, url }));
  async function adopt(): Promise<void> {
    for (const { name, value } of (await open?.cookies(url)) ?? [])
      session.cookies.set(name, value);
  }
  const call: Session["call"] = async (...given) => {
    await adopt();
    const answer = await session.call(...given);
    if (answer.status !== 401) return answer;
    await session.call("POST", "/api/v1/session/refresh");
    await open?.addCookies(toCookies());
    return session.call(...given);
  };

  return {
    email: EMAIL,
    password,
    code: (ahead = 0) => codeOf(secret, ahead),
    call,
    async newPage(browser, options = {}) {
      const { status, text } = await call("GET", "/api/v1/bots");
      if (status !== 200) throw new Error(`The owner is not signed in any more: ${text}`);
      const context = await browser.newContext({ locale: "es-CR", ...options });
      await context.addCookies(toCookies());
      await context.addInitScript({ path: IN_PAGE });
      open = context;
      context.once("close", () => {
        if (open === context) open = undefined;
      });
      return context.newPage();
    },
    async leave(page) {
      await adopt();
      await page.context().close();
    },
  };
}

/** Returns the secret of the second factor. */
async function makeOwner(session: Session, token: string, password: string): Promise<string> {
  const ok = async (method: string, address: string, body?: unknown) => {
    const answer = await session.call(method, address, body);
    if (answer.status >= 300) throw new Error(`${method} ${address}: ${answer.text}`);
    return answer.json;
  };
  await ok("POST", "/api/v1/setup", { token, email: EMAIL, name: "Ana Mora", password });
  const { secret } = await ok("POST", "/api/v1/session/totp/enrolment");
  await ok("PUT", "/api/v1/session/totp/enrolment", { code: codeOf(secret, 0) });
  return secret;
}

function codeOf(secret: string, ahead: number): string {
  return TOTP.generate({
    secret: Secret.fromBase32(secret),
    timestamp: Date.now() + ahead * 30_000,
  });
}
