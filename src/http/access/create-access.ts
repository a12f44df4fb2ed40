import { type Request, Router } from "express";
import type { ApiKeys } from "../../core/api-keys.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { Clock } from "../../core/clock.ts";
import type { TenantId } from "../../core/ids.ts";
import type { People } from "../../core/people.ts";
import type { SharedCounter } from "../../core/shared-counter.ts";
import type { Tenants } from "../../core/tenants.ts";
import { accessPages } from "./access-pages.ts";
import { createAccessTokens } from "./access-token.ts";
import { type Authorise, createAuthorise } from "./authorise.ts";
import { createCookies } from "./cookies.ts";
import { createCsrf } from "./csrf.ts";
import { createKnownDevices } from "./known-devices.ts";
import { memberRoutes } from "./member-routes.ts";
import { ownSessionRoutes } from "./own-session-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { createBrowserSessions } from "./sessions-view.ts";
import { ssoPage } from "./sso-page.ts";
import { type SsoPorts, ssoRoutes } from "./sso-routes.ts";

export interface AccessPorts {
  readonly people: People;
  readonly findApiKey: ApiKeys["find"];
  readonly tenants: Pick<Tenants, "standing">;
  readonly sso: SsoPorts;
  readonly hash: Cipher["hash"];
  readonly clock: Clock;
  /** Where links lead, without a trailing slash. */
  readonly site: { readonly url: string | undefined };
  /** Owned by whoever sets the installation up. */
  readonly tenantId: TenantId;
  readonly config: { readonly publicUrl: string | undefined };
  /** Undefined: this process counts by itself. */
  readonly sharedCounter: SharedCounter | undefined;
}

/** How people sign in, and the one guard of everything that asks who calls. */
export function createAccess(ports: AccessPorts): {
  readonly authorise: Authorise;
  readonly routes: Router;
  /** Whether the browser keeps a session; whether it still lasts is not looked up. */
  readonly keepsSession: (request: Request) => boolean;
} {
  const { people, hash, clock, config } = ports;
  const now = () => clock.now();
  const cookies = createCookies(config.publicUrl?.startsWith("https:") ?? false);
  const csrf = createCsrf({ hash, cookies, publicUrl: config.publicUrl });
  const tokens = createAccessTokens(hash, clock);
  const authorise = createAuthorise({ ...ports, tokens, cookies, csrf, now });
  const sessions = createBrowserSessions({ people, tokens, cookies, csrf, now });
  const devices = createKnownDevices({ hash, cookies });
  const shared = { ...ports, ...ports.sso, authorise, sessions, cookies, csrf, tokens, devices };
  const routes = Router();
  routes.use(accessPages(), sessionRoutes(shared), ownSessionRoutes(shared), memberRoutes(shared));
  routes.use(ssoPage(), ssoRoutes(shared));
  const keepsSession = (request: Request) => cookies.read(request, "refresh") !== undefined;
  return { authorise, routes, keepsSession };
}
