import { Router } from "express";
import type { z } from "zod";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type SessionId } from "../../core/ids.ts";
import { drawQrPng } from "../../qr-code.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { originOf } from "../request-origin.ts";
import {
  ChangePasswordRequest,
  ConfirmTotpRequest,
  JoinRequest,
  ProofRequest,
  type SessionsShape,
  type TotpEnrolmentShape,
} from "./contract.ts";
import { type SessionPorts, toFactor } from "./session-routes.ts";
import { createThrottle } from "./throttle.ts";

/** A code of 45 modules becomes 270 pixels wide. */
const QR_PIXELS_PER_MODULE = 6;

/** What people do about themselves once they are signed in. */
export function ownSessionRoutes(ports: SessionPorts): Router {
  const router = Router();
  addProofs(router, ports);
  addTotp(router, ports);
  addSessions(router, ports);
  router
    .route("/api/v1/invitations/join")
    .post(async (request, response) => {
      const signedIn = await ports.authorise.person(request, response);
      const { token } = parseInput(JoinRequest, await readJson(request));
      const origin = originOf(request, response);
      if (!(await ports.people.members.acceptAs(signedIn, token, origin))) {
        throw new PregoneroError(
          "link-void",
          "This invitation is unknown, used, too old, or for another address than yours.",
          { status: 400 },
        );
      }
      response.json(await ports.sessions.state(request, response));
    })
    .all(allowOnly("POST"));
  return router;
}

function addProofs(router: Router, ports: SessionPorts): void {
  const { authorise, people, sessions, sharedCounter } = ports;
  // Somebody at an unattended screen guesses as slowly as somebody far away (checklist S20).
  const attempts = createThrottle({ name: "proof", attempts: 10, seconds: 900 }, sharedCounter);
  router
    .route("/api/v1/session/proof")
    .post(async (request, response) => {
      const signedIn = await authorise.person(request, response);
      const { password, ...given } = parseInput(ProofRequest, await readJson(request));
      await attempts.take(signedIn.personId);
      const origin = originOf(request, response);
      if (!(await people.prove(signedIn, password, toFactor(given), origin))) {
        throw wrongProof("The password or the code is wrong.");
      }
      await attempts.forgive(signedIn.personId);
      response.status(204).end();
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/session/password")
    .put(async (request, response) => {
      const signedIn = await authorise.person(request, response);
      const given = parseInput(ChangePasswordRequest, await readJson(request));
      await attempts.take(signedIn.personId);
      const opened = await people.changePassword(
        signedIn,
        given.currentPassword,
        given.password,
        originOf(request, response),
      );
      if (opened === undefined) throw wrongProof("The current password is wrong.");
      await attempts.forgive(signedIn.personId);
      response.json(await sessions.begin(request, response, opened));
    })
    .all(allowOnly("PUT"));
}

function addTotp(router: Router, { authorise, people, sharedCounter }: SessionPorts): void {
  const attempts = createThrottle(
    { name: "totp-enrolment", attempts: 10, seconds: 900 },
    sharedCounter,
  );
  router
    .route("/api/v1/session/totp/enrolment")
    .post(async (request, response) => {
      const begun = await people.beginTotp(await authorise.person(request, response));
      const enrolment: z.infer<typeof TotpEnrolmentShape> = {
        ...begun,
        qrPng: drawQrPng(begun.url, QR_PIXELS_PER_MODULE).toString("base64"),
      };
      response.status(201).json(enrolment);
    })
    .put(async (request, response) => {
      const signedIn = await authorise.person(request, response);
      const { code } = parseInput(ConfirmTotpRequest, await readJson(request));
      await attempts.take(signedIn.personId);
      const recoveryCodes = await people.confirmTotp(signedIn, code, originOf(request, response));
      if (recoveryCodes === undefined)
        throw wrongProof("The code is not of the secret begun last.");
      await attempts.forgive(signedIn.personId);
      response.json({ recoveryCodes });
    })
    .all(allowOnly("POST", "PUT"));
}

function addSessions(router: Router, { authorise, people, sessions }: SessionPorts): void {
  router
    .route("/api/v1/sessions")
    .get(async (request, response) => {
      const { personId, sessionId: current } = await authorise.person(request, response);
      const listed: z.infer<typeof SessionsShape> = {
        sessions: (await people.listSessions(personId)).map((session) => ({
          id: session.sessionId,
          isCurrent: session.sessionId === current,
          userAgent: session.userAgent,
          ip: session.ip,
          createdAt: session.createdAt.toISOString(),
          lastUsedAt: session.lastUsedAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
        })),
      };
      response.json(listed);
    })
    .delete(async (request, response) => {
      const { personId, sessionId } = await authorise.person(request, response);
      await people.endSessions(personId, sessionId, originOf(request, response));
      response.status(204).end();
    })
    .all(allowOnly("GET", "DELETE"));
  router
    .route("/api/v1/sessions/:sessionId")
    .delete(async (request, response) => {
      const { personId, sessionId: current } = await authorise.person(request, response);
      const sessionId = asId<SessionId>(request.params.sessionId);
      if (!(await people.endSession(personId, sessionId, originOf(request, response)))) {
        throw notFound("There is no such session.");
      }
      if (sessionId === current) sessions.forget(response);
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
}

/** 403: the session itself stands, and nothing is to be refreshed. */
function wrongProof(message: string): PregoneroError {
  return new PregoneroError("proof-refused", message, { status: 403 });
}
