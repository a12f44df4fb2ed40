import { type Request, type Response, Router } from "express";
import { linkTo } from "../../access-links.ts";
import type { Clock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Members } from "../../core/people.ts";
import type { TenantExports, Tenants, TenantView } from "../../core/tenants.ts";
import type { Authorise } from "../access/authorise.ts";
import { cursorOf, KeysetQuery, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { originOf } from "../request-origin.ts";
import {
  ChangeTenantRequest,
  CreateTenantRequest,
  DeleteTenantRequest,
  SetEditionPagesRequest,
  SetTenantStateRequest,
} from "./contract.ts";
import { addExports } from "./export-routes.ts";
import { toEntry, toTenant } from "./tenant-view.ts";

export interface TenantPorts {
  readonly tenants: Tenants;
  readonly exports: TenantExports;
  readonly people: { readonly members: Pick<Members, "invite"> };
  readonly authorise: Pick<Authorise, "tenant" | "platform">;
  /** Where links lead, without a trailing slash. */
  readonly site: { readonly url: string | undefined };
  readonly clock: Clock;
}

const CALLS_PER_MINUTE = 60;
/** Between asking for a tenant's deletion and the deletion: long enough that somebody notices. */
const GRACE_DAYS = 7;
const DAY_MS = 86_400_000;

/** Tenants for those who manage the installation, and the one tenant for its owners. */
export function tenantRoutes(ports: TenantPorts): Router {
  const router = Router();
  addTenants(router, ports);
  addState(router, ports);
  addEditionPages(router, ports);
  addOwn(router, ports);
  addDeletion(router, ports);
  addExports(router, ports);
  return router;
}

function addTenants(router: Router, { tenants, people, authorise, site }: TenantPorts): void {
  router
    .route("/api/v1/tenants")
    .get(async (request, response) => {
      await authorise.platform(request, response);
      const query = parseInput(KeysetQuery, { ...request.query });
      const page = await tenants.list(keysetOf(query));
      response.json({ tenants: page.entries.map(toEntry), next: cursorOf(page.next) });
    })
    .post(async (request, response) => {
      const person = await authorise.platform(request, response);
      const { name, slug, ownerEmail } = parseInput(CreateTenantRequest, await readJson(request));
      const actor = `person:${person.personId}`;
      const by = { actor, origin: originOf(request, response) };
      const tenantId = await tenants.create({ name, slug }, by);
      const invitation = { email: ownerEmail, role: "owner", actor } as const;
      const { view, token } = await people.members.invite(tenantId, invitation);
      response.status(201).json({
        tenant: toEntry(await findTenant(tenants, tenantId)),
        invitation: {
          email: view.email,
          expiresAt: view.expiresAt.toISOString(),
          url: linkTo(site.url, "invitation", token),
        },
      });
    })
    .all(allowOnly("GET", "POST"));
}

function addState(router: Router, { tenants, authorise }: TenantPorts): void {
  router
    .route("/api/v1/tenants/:tenantId/state")
    .put(async (request, response) => {
      const person = await authorise.platform(request, response);
      const { state } = parseInput(SetTenantStateRequest, await readJson(request));
      const { tenantId } = await findTenant(tenants, toTenantId(request.params.tenantId));
      const by = { actor: `person:${person.personId}`, origin: originOf(request, response) };
      await tenants.setState(tenantId, { state }, by);
      response.json(toEntry(await findTenant(tenants, tenantId)));
    })
    .all(allowOnly("PUT"));
}

function addEditionPages(router: Router, { tenants, authorise }: TenantPorts): void {
  router
    .route("/api/v1/tenants/:tenantId/edition-pages")
    .put(async (request, response) => {
      const person = await authorise.platform(request, response);
      const { mayPublish } = parseInput(SetEditionPagesRequest, await readJson(request));
      const { tenantId } = await findTenant(tenants, toTenantId(request.params.tenantId));
      const by = { actor: `person:${person.personId}`, origin: originOf(request, response) };
      await tenants.setEditionPublisher(tenantId, mayPublish, by);
      response.json(toEntry(await findTenant(tenants, tenantId)));
    })
    .all(allowOnly("PUT"));
}

function addOwn(router: Router, { tenants, authorise }: TenantPorts): void {
  const perTenant = createRateLimit("tenants-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  router
    .route("/api/v1/tenant")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const tenant = await findTenant(tenants, tenantId);
      sendRevision(response, tenant.revision);
      response.json(toTenant(tenant));
    })
    .patch(async (request, response) => {
      const by = await identify(request, response);
      const change = parseInput(ChangeTenantRequest, await readJson(request));
      await tenants.change(by.tenantId, change, expectedRevision(request), by);
      const tenant = await findTenant(tenants, by.tenantId);
      sendRevision(response, tenant.revision);
      response.json(toTenant(tenant));
    })
    .all(allowOnly("GET", "PATCH"));
}

function addDeletion(router: Router, { tenants, authorise, clock }: TenantPorts): void {
  router
    .route("/api/v1/tenant/deletion")
    .post(async (request, response) => {
      const by = await authorise.tenant(request, response);
      const { name } = parseInput(DeleteTenantRequest, await readJson(request));
      const tenant = await findTenant(tenants, by.tenantId);
      if (name !== tenant.name) {
        throw new PregoneroError(
          "name-wrong",
          "Type the tenant's name exactly as GET /api/v1/tenant gives it.",
          { status: 400 },
        );
      }
      const dueAt = new Date(clock.now().getTime() + GRACE_DAYS * DAY_MS);
      await tenants.setState(by.tenantId, { state: "deleting", dueAt }, by);
      response.status(202).json(toTenant(await findTenant(tenants, by.tenantId)));
    })
    .delete(async (request, response) => {
      const by = await authorise.tenant(request, response);
      await tenants.setState(by.tenantId, { state: "active", from: "deleting" }, by);
      response.json(toTenant(await findTenant(tenants, by.tenantId)));
    })
    .all(allowOnly("POST", "DELETE"));
}

async function findTenant(tenants: Tenants, tenantId: TenantId): Promise<TenantView> {
  const found = await tenants.find(tenantId);
  if (found === undefined) throw notFound("There is no such tenant.");
  return found;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function toTenantId(given: string): TenantId {
  if (!UUID.test(given)) throw notFound("There is no such tenant.");
  return asId<TenantId>(given);
}
