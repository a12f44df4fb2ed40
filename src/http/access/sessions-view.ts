import type { Request, Response } from "express";
import type { z } from "zod";
import type { OpenedSession, People, SignedIn } from "../../core/people.ts";
import { originOf } from "../request-origin.ts";
import { ACCESS_SECONDS, type AccessTokens } from "./access-token.ts";
import type { SessionStateShape } from "./contract.ts";
import type { Cookies } from "./cookies.ts";
import type { Csrf } from "./csrf.ts";

export type SessionState = z.infer<typeof SessionStateShape>;

/** What turns a session of the domain into cookies and into what a page is told. */
export interface BrowserSessions {
  /** Gives the browser the session's cookies. */
  begin(request: Request, response: Response, opened: OpenedSession): Promise<SessionState>;
  /** Who the cookies say that it is. */
  current(request: Request): Promise<SignedIn | undefined>;
  state(request: Request, response: Response): Promise<SessionState>;
  forget(response: Response): void;
}

export function createBrowserSessions(ports: {
  readonly people: Pick<People, "find" | "endSession">;
  readonly tokens: AccessTokens;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly now: () => Date;
}): BrowserSessions {
  const { people, tokens, cookies, csrf } = ports;

  async function current(request: Request): Promise<SignedIn | undefined> {
    const token = cookies.read(request, "access");
    const claims = token === undefined ? undefined : await tokens.readAccess(token);
    return claims && people.find(claims.sessionId);
  }

  return {
    current,
    async begin(request, response, opened) {
      const { sessionId, personId, refreshToken, expiresAt } = opened;
      const before = await current(request);
      // Who signs in anew leaves no session behind that nobody holds any more (ASVS 7.2.4).
      if (before !== undefined && before.sessionId !== sessionId) {
        await people.endSession(before.personId, before.sessionId, originOf(request, response));
      }
      const token = await tokens.signAccess({ personId, sessionId });
      cookies.write(response, "access", token, ACCESS_SECONDS * 1000);
      const lastsMs = expiresAt.getTime() - ports.now().getTime();
      cookies.write(response, "refresh", refreshToken, lastsMs);
      cookies.clear(response, "pending");
      // Other tabs go on with the one that they have.
      const csrfToken = csrf.keep(request, response, sessionId);
      return toState(csrfToken, await people.find(sessionId));
    },
    async state(request, response) {
      const signedIn = await current(request);
      return toState(csrf.keep(request, response, signedIn?.sessionId), signedIn);
    },
    forget(response) {
      cookies.clear(response, "access", "refresh", "pending");
      csrf.issue(response, undefined);
    },
  };
}

function toState(csrfToken: string, person: SignedIn | undefined): SessionState {
  if (person === undefined) return { state: "anonymous", csrfToken, person: null };
  const { personId, email, name, platformRole, memberships, hasTotp, mustSetUpTotp } = person;
  return {
    state: "signed-in",
    csrfToken,
    person: {
      id: personId,
      email,
      name,
      platformRole: platformRole ?? null,
      memberships: memberships.map(({ tenantId, role }) => ({ tenantId, role })),
      hasTotp,
      mustSetUpTotp,
    },
  };
}
