import { type Request, type Response, Router } from "express";
import { ssoRedirectTo } from "../../access-links.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type {
  IdentityProvider,
  IdentityProviders,
  OpenIdConnect,
  SingleSignOn,
} from "../../core/single-sign-on.ts";
import { expectedRevisionIfAny, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { originOf } from "../request-origin.ts";
import { PENDING_SECONDS } from "./access-token.ts";
import type { SessionPorts } from "./session-routes.ts";
import type { SessionState } from "./sessions-view.ts";
import { BeginSsoRequest, FinishSsoRequest, SaveProviderRequest } from "./sso-contract.ts";
import { createSsoState, SSO_SECONDS } from "./sso-state.ts";

export interface SsoPorts {
  readonly openIdConnect: OpenIdConnect;
  readonly singleSignOn: SingleSignOn;
  readonly identityProviders: IdentityProviders;
  /** Of the installation; undefined: it has none. */
  readonly ownProvider: IdentityProvider | undefined;
}

type Ports = SessionPorts & SsoPorts;

const CALLS_PER_MINUTE = 30;
const TIMEOUT_MS = 20_000;

/** Signing in by OpenID Connect, and a tenant's own provider. */
export function ssoRoutes(ports: Ports): Router {
  const router = Router();
  addSignIn(router, ports);
  addProvider(router, ports);
  return router;
}

function addSignIn(router: Router, ports: Ports): void {
  const { authorise, cookies, people, sessions, csrf } = ports;
  const state = createSsoState(ports.hash, ports.clock);
  const perCaller = createRateLimit("access-sso-per-caller", CALLS_PER_MINUTE, 60);
  const guard = async (request: Request, response: Response) => {
    authorise.open(request);
    await perCaller.take(callerOf(request), response);
    response.setHeader("Cache-Control", "no-store");
  };

  async function providerOf(tenantId: TenantId | undefined): Promise<IdentityProvider> {
    const own = tenantId === undefined ? ports.ownProvider : undefined;
    const found = tenantId && (await ports.identityProviders.find(tenantId))?.provider;
    const provider = own ?? found;
    if (provider === undefined) throw notFound("There is no identity provider to ask.");
    return provider;
  }

  router
    .route("/api/v1/session/sso")
    .post(async (request, response) => {
      await guard(request, response);
      const { tenant, prove = false } = parseInput(BeginSsoRequest, await readJson(request));
      const tenantId = tenant === undefined ? undefined : await people.members.findTenant(tenant);
      if (tenant !== undefined && tenantId === undefined) {
        throw notFound("There is no identity provider to ask.");
      }
      const provider = await providerOf(tenantId);
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const redirectUri = ssoRedirectTo(ports.site.url);
      const { url, checks } = await ports.openIdConnect.begin(provider, redirectUri, prove, signal);
      const kept = state.write({ ...checks, tenantId: tenantId ?? null });
      cookies.write(response, "sso", kept, SSO_SECONDS * 1000);
      response.json({ url });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/session/sso/callback")
    .post(async (request, response) => {
      await guard(request, response);
      const { query } = parseInput(FinishSsoRequest, await readJson(request));
      const checks = state.read(cookies.read(request, "sso"));
      // Once: what came back is not tried a second time.
      cookies.clear(response, "sso");
      if (checks === undefined) throw beginAnew();
      const tenantId = checks.tenantId === null ? undefined : asId<TenantId>(checks.tenantId);
      const provider = await providerOf(tenantId);
      const returned = new URL(ssoRedirectTo(ports.site.url));
      returned.search = query;
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const identity = await ports.openIdConnect.finish(provider, returned, checks, signal);
      const origin = originOf(request, response);
      const outcome = await ports.singleSignOn.enter(identity, provider, origin);
      if (outcome.kind === "totp-needed") {
        const { personId, credentialVersion } = outcome;
        const token = await ports.tokens.signPending({ personId, credentialVersion });
        cookies.write(response, "pending", token, PENDING_SECONDS * 1000);
        const csrfToken = csrf.keep(request, response, undefined);
        response.json({ state: "totp-needed", csrfToken, person: null } satisfies SessionState);
        return;
      }
      response.json(await sessions.begin(request, response, outcome));
    })
    .all(allowOnly("POST"));
}

function addProvider(router: Router, { authorise, identityProviders, site }: Ports): void {
  const send = async (response: Response, tenantId: TenantId) => {
    const found = await identityProviders.find(tenantId);
    if (found === undefined) throw notFound("This tenant has no identity provider of its own.");
    const { issuer, clientId, domains, domainRole } = found.provider;
    sendRevision(response, found.revision);
    const redirectUri = ssoRedirectTo(site.url);
    response.json({ issuer, clientId, domains, domainRole, redirectUri });
  };
  router
    .route("/api/v1/tenant/single-sign-on")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      await send(response, tenantId);
    })
    .put(async (request, response) => {
      const by = await authorise.tenant(request, response);
      const draft = parseInput(SaveProviderRequest, await readJson(request));
      const expected = expectedRevisionIfAny(request);
      await identityProviders.save(by.tenantId, draft, expected, by);
      await send(response, by.tenantId);
    })
    .delete(async (request, response) => {
      const by = await authorise.tenant(request, response);
      if (!(await identityProviders.remove(by.tenantId, by))) {
        throw notFound("This tenant has no identity provider of its own.");
      }
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
}

function beginAnew(): PregoneroError {
  return new PregoneroError(
    "sso-refused",
    "This sign-in was not begun in this browser, or too long ago. Begin again.",
    { status: 401 },
  );
}
