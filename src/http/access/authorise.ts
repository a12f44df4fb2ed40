import type { Request, Response } from "express";
import { type ApiKeys, actorOfKey } from "../../core/api-keys.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { People, RequestOrigin, SignedIn } from "../../core/people.ts";
import type { Tenants } from "../../core/tenants.ts";
import { findKeyOf, requireOpenTenant } from "../api-key.ts";
import { notFound } from "../problem.ts";
import { originOf } from "../request-origin.ts";
import { type Access, accessOf } from "./access-table.ts";
import type { AccessTokens } from "./access-token.ts";
import type { Cookies } from "./cookies.ts";
import type { Csrf } from "./csrf.ts";

/** Somebody who acts for a tenant: an API key, or a person. */
export interface TenantCaller {
  readonly tenantId: TenantId;
  /** For the audit log: `person:…` or `key:…`. */
  readonly actor: string;
  /** For the audit log too. */
  readonly origin: RequestOrigin;
  /** Undefined: an API key. */
  readonly person: SignedIn | undefined;
}

/** As `TenantCaller`; without a tenant somebody of the platform, who acts for the whole installation. */
export type Caller = Omit<TenantCaller, "tenantId"> & { readonly tenantId: TenantId | undefined };

/** Each lets a request pass, or throws 401, 403 or 404, as `ACCESS` says of the route that it is in. */
export interface Authorise {
  open(request: Request): void;
  person(request: Request, response: Response): Promise<SignedIn>;
  platform(request: Request, response: Response): Promise<SignedIn>;
  tenant(request: Request, response: Response): Promise<TenantCaller>;
  /** For routes that `spans` is said of. */
  anywhere(request: Request, response: Response): Promise<Caller>;
}

export interface AuthorisePorts {
  readonly people: Pick<People, "find"> & {
    readonly members: Pick<People["members"], "tenantExists">;
  };
  readonly findApiKey: ApiKeys["find"];
  readonly tenants: Pick<Tenants, "standing">;
  readonly tokens: AccessTokens;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly now: () => Date;
}

/** Which tenant a person acts for, when they belong to several. */
export const TENANT_HEADER = "pregonero-tenant";
/** How long a proof counts: one sitting, not one afternoon. */
const PROOF_MS = 15 * 60 * 1000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type TenantAccess = Extract<Access, { readonly kind: "tenant" }>;

export function createAuthorise(ports: AuthorisePorts): Authorise {
  /** The person of the cookies. A method that changes something needs the CSRF token of their session. */
  async function identify(request: Request, response: Response, needed: string): Promise<SignedIn> {
    const token = ports.cookies.read(request, "access");
    const claims = token === undefined ? undefined : await ports.tokens.readAccess(token);
    const signedIn = claims && (await ports.people.find(claims.sessionId));
    if (signedIn === undefined || signedIn.personId !== claims?.personId) {
      throw unauthenticated(response, needed);
    }
    ports.csrf.require(request, signedIn.sessionId);
    return signedIn;
  }

  function requireProof({ provedAt }: SignedIn): void {
    if (ports.now().getTime() - provedAt.getTime() <= PROOF_MS) return;
    throw forbidden(
      "proof-needed",
      "Give your password and code again: POST /api/v1/session/proof.",
    );
  }

  async function asTenant(request: Request, response: Response): Promise<TenantCaller> {
    const access = expectKind(request, "tenant");
    response.setHeader("Cache-Control", "no-store");
    if (request.headers.authorization !== undefined || isAnonymous(ports, request)) {
      return keyCaller(request, response, access, ports.findApiKey);
    }
    const person = await identify(request, response, "sign-in-needed");
    requireTotp(person);
    const tenantId = await tenantOf(request, person, access, ports.people.members);
    // Whoever manages the installation puts things right in a closed tenant too.
    if (access.isOpenWhenClosed !== true && !isPlatform(person, access)) {
      requireOpenTenant((await ports.tenants.standing(tenantId)).state);
    }
    if (access.needsProof === true) requireProof(person);
    const actor = `person:${person.personId}`;
    return { tenantId, actor, origin: originOf(request, response), person };
  }

  return {
    open(request) {
      expectKind(request, "open");
      ports.csrf.require(request);
    },

    async person(request, response) {
      const access = expectKind(request, "person");
      const signedIn = await identify(request, response, "sign-in-needed");
      if (access.isOpenBeforeTotp !== true) requireTotp(signedIn);
      if (access.needsProof === true) requireProof(signedIn);
      response.setHeader("Cache-Control", "no-store");
      return signedIn;
    },

    async platform(request, response) {
      const { roles, needsProof } = expectKind(request, "platform");
      response.setHeader("Cache-Control", "no-store");
      const person = await identify(request, response, "sign-in-needed");
      requireTotp(person);
      if (person.platformRole === undefined || !roles.includes(person.platformRole)) {
        throw roleMissing();
      }
      if (needsProof === true) requireProof(person);
      return person;
    },

    tenant: asTenant,

    async anywhere(request, response) {
      const access = expectKind(request, "tenant");
      const isNamed = request.get(TENANT_HEADER) !== undefined;
      if (
        access.spans === true &&
        !isNamed &&
        request.headers.authorization === undefined &&
        !isAnonymous(ports, request)
      ) {
        const person = await identify(request, response, "sign-in-needed");
        if (isPlatform(person, access)) {
          response.setHeader("Cache-Control", "no-store");
          requireTotp(person);
          if (access.needsProof === true) requireProof(person);
          const actor = `person:${person.personId}`;
          return { tenantId: undefined, actor, origin: originOf(request, response), person };
        }
      }
      return asTenant(request, response);
    },
  };
}

function isAnonymous({ cookies }: AuthorisePorts, request: Request): boolean {
  return cookies.read(request, "access") === undefined;
}

/** Throws a fault of ours for a route that the table does not know so: nobody passes. */
function expectKind<Kind extends Access["kind"]>(
  request: Request,
  kind: Kind,
): Extract<Access, { readonly kind: Kind }> {
  const path: unknown = request.route?.path;
  const access = typeof path === "string" ? accessOf(request.method, path) : undefined;
  if (access?.kind !== kind) {
    throw new PregoneroError(
      "access-undeclared",
      `${request.method} ${String(path)} is not declared ${kind}.`,
    );
  }
  return access as Extract<Access, { readonly kind: Kind }>;
}

async function keyCaller(
  request: Request,
  response: Response,
  { scope, isOpenWhenClosed }: TenantAccess,
  findApiKey: ApiKeys["find"],
): Promise<TenantCaller> {
  const found = await findKeyOf(request, response, findApiKey);
  if (found === undefined) {
    throw unauthenticated(
      response,
      scope === undefined ? "sign-in-needed" : "api-key-needed",
      scope,
    );
  }
  // Whom a refusal concerns, for the security events.
  response.locals.tenantId = found.tenantId;
  if (scope === undefined) throw forbidden("scope-missing", "No API key may do this: sign in.");
  if (!found.scopes.includes(scope)) {
    throw forbidden("scope-missing", `This API key has no scope "${scope}".`);
  }
  if (isOpenWhenClosed !== true) requireOpenTenant(found.tenantState);
  const actor = actorOfKey(found.id);
  return {
    tenantId: found.tenantId,
    actor,
    origin: originOf(request, response),
    person: undefined,
  };
}

function isPlatform({ platformRole }: SignedIn, { platform = [] }: TenantAccess): boolean {
  return platformRole !== undefined && platform.includes(platformRole);
}

/** A tenant that is not theirs is not there: the same words for one that exists and one that does not. */
async function tenantOf(
  request: Request,
  person: SignedIn,
  access: TenantAccess,
  members: AuthorisePorts["people"]["members"],
): Promise<TenantId> {
  const { memberships } = person;
  const actsForAll = isPlatform(person, access);
  const named = request.get(TENANT_HEADER);
  if (named === undefined && memberships.length !== 1) {
    if (memberships.length === 0 && !actsForAll) throw roleMissing();
    throw new PregoneroError("tenant-needed", `Name the tenant's id in ${TENANT_HEADER}.`, {
      status: 400,
    });
  }
  const membership =
    named === undefined
      ? memberships[0]
      : memberships.find(({ tenantId }) => tenantId === named.toLowerCase());
  if (membership !== undefined) {
    if (actsForAll || access.roles.includes(membership.role)) return membership.tenantId;
    throw roleMissing();
  }
  const tenantId = asId<TenantId>((named ?? "").toLowerCase());
  if (actsForAll && UUID.test(tenantId) && (await members.tenantExists(tenantId))) return tenantId;
  throw notFound("There is no such tenant.");
}

function requireTotp({ mustSetUpTotp }: SignedIn): void {
  if (!mustSetUpTotp) return;
  throw forbidden(
    "totp-set-up-needed",
    "Your role needs a second factor: set it up with POST /api/v1/session/totp/enrolment.",
  );
}

function unauthenticated(response: Response, code: string, scope?: string): PregoneroError {
  response.setHeader("WWW-Authenticate", "Bearer");
  const key =
    scope === undefined
      ? ""
      : ` Or send an API key with scope "${scope}" as "Authorization: Bearer …"; \`pregonero key add\` makes one.`;
  return new PregoneroError(code, `Sign in: POST /api/v1/session.${key}`, { status: 401 });
}

function forbidden(code: string, message: string): PregoneroError {
  return new PregoneroError(code, message, { status: 403 });
}

function roleMissing(): PregoneroError {
  return forbidden("role-missing", "Your role here does not allow this.");
}
