import { Router } from "express";
import type { z } from "zod";
import { linkTo } from "../../access-links.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type PersonId } from "../../core/ids.ts";
import type { InvitationView, MemberView } from "../../core/people.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import {
  ChangeMemberRequest,
  type InvitationShape,
  type InvitedShape,
  InviteRequest,
  type MemberShape,
  PageQuery,
  ResetRequest,
  type ResetShape,
} from "./contract.ts";

import type { SessionPorts } from "./session-routes.ts";

const CALLS_PER_MINUTE = 120;

/** Who belongs to a tenant: for its owners, and for platform-admins in whatever tenant they name. */
export function memberRoutes(ports: SessionPorts): Router {
  const router = Router();
  addInvitations(router, ports);
  addMembers(router, ports);
  addResets(router, ports);
  return router;
}

function addInvitations(router: Router, { authorise, people, site }: SessionPorts): void {
  const { members } = people;
  const perTenant = createRateLimit("access-member-per-tenant", CALLS_PER_MINUTE, 60);
  router
    .route("/api/v1/invitations")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      const { cursor, limit } = parseInput(PageQuery, { ...request.query });
      const page = await members.listInvitations(tenantId, { cursor, limit });
      response.json({
        invitations: page.entries.map(toInvitation),
        next: page.next ?? null,
      });
    })
    .post(async (request, response) => {
      const { tenantId, actor } = await authorise.tenant(request, response);
      await perTenant.take(tenantId, response);
      const { email, role } = parseInput(InviteRequest, await readJson(request));
      const { view, token } = await members.invite(tenantId, { email, role, actor });
      const invited: z.infer<typeof InvitedShape> = {
        ...toInvitation(view),
        url: linkTo(site.url, "invitation", token),
      };
      response.status(201).json(invited);
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/invitations/:invitationId")
    .delete(async (request, response) => {
      const { tenantId, actor } = await authorise.tenant(request, response);
      const { invitationId } = request.params;
      if (!(await members.withdrawInvitation(tenantId, invitationId, actor))) {
        throw notFound("There is no such invitation.");
      }
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
}

function addMembers(router: Router, { authorise, people }: SessionPorts): void {
  const { members } = people;
  router
    .route("/api/v1/members")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      const { cursor, limit } = parseInput(PageQuery, { ...request.query });
      const page = await members.list(tenantId, { cursor, limit });
      response.json({ members: page.entries.map(toMember), next: page.next ?? null });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/members/:personId")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      const found = await members.find(tenantId, asId<PersonId>(request.params.personId));
      if (found === undefined) throw noMember();
      response.json(toMember(found));
    })
    .patch(async (request, response) => {
      const { tenantId, actor } = await authorise.tenant(request, response);
      const change = parseInput(ChangeMemberRequest, await readJson(request));
      const personId = asId<PersonId>(request.params.personId);
      const changed = await members.change(tenantId, personId, change, actor);
      if (changed === undefined) throw noMember();
      response.json(toMember(changed));
    })
    .all(allowOnly("GET", "PATCH"));
}

function addResets(router: Router, { authorise, people, site }: SessionPorts): void {
  router
    .route("/api/v1/password-resets")
    .post(async (request, response) => {
      const { tenantId, actor, person } = await authorise.tenant(request, response);
      const { personId: given } = parseInput(ResetRequest, await readJson(request));
      const personId = asId<PersonId>(given);
      if ((await people.members.find(tenantId, personId)) === undefined) throw noMember();
      // Else the owner of one tenant would become whoever also works for another.
      const isAdmin = person?.platformRole === "platform-admin";
      if (!isAdmin && !(await people.members.belongsOnlyTo(tenantId, personId))) {
        throw new PregoneroError(
          "belongs-elsewhere",
          "They belong to more than this tenant: only a platform-admin may help them to a new password.",
          { status: 403 },
        );
      }
      const { token, expiresAt } = await people.beginReset(personId, { dropsTotp: false, actor });
      const reset: z.infer<typeof ResetShape> = {
        url: linkTo(site.url, "password-reset", token),
        expiresAt: expiresAt.toISOString(),
      };
      response.status(201).json(reset);
    })
    .all(allowOnly("POST"));
}

function toInvitation(view: InvitationView): z.infer<typeof InvitationShape> {
  return {
    id: view.invitationId,
    email: view.email,
    role: view.role,
    invitedAt: view.invitedAt.toISOString(),
    expiresAt: view.expiresAt.toISOString(),
  };
}

function toMember(view: MemberView): z.infer<typeof MemberShape> {
  return {
    id: view.personId,
    email: view.email,
    name: view.name,
    role: view.role,
    isDisabled: view.isDisabled,
    hasTotp: view.hasTotp,
    since: view.since.toISOString(),
    lastSignInAt: view.lastSignInAt?.toISOString() ?? null,
  };
}

function noMember(): PregoneroError {
  return notFound("There is no such member.");
}
