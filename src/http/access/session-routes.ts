import { type Request, type Response, Router } from "express";
import { PregoneroError } from "../../core/errors.ts";
import type { OpenedSession, SecondFactor } from "../../core/people.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { originOf } from "../request-origin.ts";
import { type AccessTokens, PENDING_SECONDS } from "./access-token.ts";
import type { Authorise } from "./authorise.ts";
import {
  AcceptRequest,
  RedeemRequest,
  SecondFactorRequest,
  SetUpRequest,
  SignInRequest,
} from "./contract.ts";
import type { Cookies } from "./cookies.ts";
import type { AccessPorts } from "./create-access.ts";
import type { Csrf } from "./csrf.ts";
import type { KnownDevices } from "./known-devices.ts";
import type { BrowserSessions, SessionState } from "./sessions-view.ts";
import { createThrottle } from "./throttle.ts";

export interface SessionPorts extends AccessPorts {
  readonly authorise: Authorise;
  readonly sessions: BrowserSessions;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly tokens: AccessTokens;
  readonly devices: KnownDevices;
}

const QUARTER_HOUR = 900;
/** Security checklist S20. */
const ATTEMPTS_PER_ACCOUNT_AND_CALLER = 10;
/** An office behind one address has more people than one. */
const ATTEMPTS_PER_CALLER = 100;
/** From everywhere together, but for browsers that signed in with the account before. */
const ATTEMPTS_PER_ACCOUNT = 100;
const CALLS_PER_MINUTE = 60;

/** Everything that is asked before somebody is signed in. */
export function sessionRoutes(ports: SessionPorts): Router {
  const { authorise, sessions, cookies } = ports;
  const perCaller = createRateLimit("access-session-per-caller", CALLS_PER_MINUTE, 60);
  const guard = async (request: Request, response: Response) => {
    authorise.open(request);
    await perCaller.take(callerOf(request), response);
    response.setHeader("Cache-Control", "no-store");
  };
  const begin = async (request: Request, response: Response, opened: OpenedSession) => {
    const state = await sessions.begin(request, response, opened);
    if (state.person !== null) ports.devices.remember(request, response, state.person.email);
    return state;
  };
  const router = Router();
  addSignIn(router, ports, guard, begin);
  router
    .route("/api/v1/session/refresh")
    .post(async (request, response) => {
      await guard(request, response);
      const token = cookies.read(request, "refresh") ?? "";
      const outcome = await ports.people.refresh(token, originOf(request, response));
      if (outcome.kind === "refused") {
        sessions.forget(response);
        throw refused("session-over", "The session is over: sign in again.");
      }
      response.json(await sessions.begin(request, response, outcome));
    })
    .all(allowOnly("POST"));
  addLinks(router, ports, guard, begin);
  return router;
}

type Guard = (request: Request, response: Response) => Promise<void>;
type Begin = (request: Request, response: Response, opened: OpenedSession) => Promise<SessionState>;

function addSignIn(router: Router, ports: SessionPorts, guard: Guard, begin: Begin): void {
  const { authorise, people, sessions, cookies, csrf } = ports;
  const throttle = createSignInThrottle(ports);
  const secondFactors = createThrottle(
    { name: "second-factor", attempts: ATTEMPTS_PER_ACCOUNT_AND_CALLER, seconds: QUARTER_HOUR },
    ports.sharedCounter,
  );
  router
    .route("/api/v1/session")
    .get(async (request, response) => {
      authorise.open(request);
      response.setHeader("Cache-Control", "no-store");
      response.json(await sessions.state(request, response));
    })
    .post(async (request, response) => {
      await guard(request, response);
      const { email, password } = parseInput(SignInRequest, await readJson(request));
      const forgive = await throttle(request, email);
      const outcome = await people.signIn(email, password, originOf(request, response));
      if (outcome.kind === "refused") {
        throw refused("sign-in-refused", "The address or the password is wrong.");
      }
      await forgive();
      if (outcome.kind === "totp-needed") {
        const { personId, credentialVersion } = outcome;
        const token = await ports.tokens.signPending({ personId, credentialVersion });
        cookies.write(response, "pending", token, PENDING_SECONDS * 1000);
        const csrfToken = csrf.keep(request, response, undefined);
        response.json({ state: "totp-needed", csrfToken, person: null } satisfies SessionState);
        return;
      }
      response.json(await begin(request, response, outcome));
    })
    .delete(async (request, response) => {
      const { personId, sessionId } = await authorise.person(request, response);
      await people.endSession(personId, sessionId, originOf(request, response));
      sessions.forget(response);
      response.status(204).end();
    })
    .all(allowOnly("GET", "POST", "DELETE"));
  router
    .route("/api/v1/session/totp")
    .post(async (request, response) => {
      await guard(request, response);
      const factor = toFactor(parseInput(SecondFactorRequest, await readJson(request)));
      const token = cookies.read(request, "pending");
      const pending = token === undefined ? undefined : await ports.tokens.readPending(token);
      if (pending === undefined || factor === undefined) {
        throw refused("password-needed-first", "Give address and password first.");
      }
      await secondFactors.take(pending.personId);
      const opened = await people.finishSignIn(pending, factor, originOf(request, response));
      if (opened === undefined) throw refused("code-refused", "The code is wrong, or was used.");
      await secondFactors.forgive(pending.personId);
      response.json(await begin(request, response, opened));
    })
    .all(allowOnly("POST"));
}

/** What a link gives: the first person, somebody invited, a new password. */
function addLinks(router: Router, ports: SessionPorts, guard: Guard, begin: Begin): void {
  const { people } = ports;
  router
    .route("/api/v1/setup")
    .post(async (request, response) => {
      await guard(request, response);
      const { token, ...person } = parseInput(SetUpRequest, await readJson(request));
      const origin = originOf(request, response);
      const opened = await people.members.setUp(token, person, ports.tenantId, origin);
      if (opened === undefined) throw linkVoid();
      response.status(201).json(await begin(request, response, opened));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/invitations/accept")
    .post(async (request, response) => {
      await guard(request, response);
      const { token, ...person } = parseInput(AcceptRequest, await readJson(request));
      const opened = await people.members.accept(token, person, originOf(request, response));
      if (opened === undefined) throw linkVoid();
      response.status(201).json(await begin(request, response, opened));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/password-resets/redeem")
    .post(async (request, response) => {
      await guard(request, response);
      const { token, password } = parseInput(RedeemRequest, await readJson(request));
      if (!(await people.redeemReset(token, password, originOf(request, response)))) {
        throw linkVoid();
      }
      response.status(204).end();
    })
    .all(allowOnly("POST"));
}

/** Counts an attempt under all that it may be an attack on; returns what forgets them after a right one. */
function createSignInThrottle({
  devices,
  sharedCounter,
}: Pick<SessionPorts, "devices" | "sharedCounter">) {
  const throttle = (name: string, attempts: number) =>
    createThrottle({ name, attempts, seconds: QUARTER_HOUR }, sharedCounter);
  const perPair = throttle("sign-in-pair", ATTEMPTS_PER_ACCOUNT_AND_CALLER);
  const perCaller = throttle("sign-in-caller", ATTEMPTS_PER_CALLER);
  const perAccount = throttle("sign-in-account", ATTEMPTS_PER_ACCOUNT);
  return async (request: Request, email: string) => {
    const caller = callerOf(request);
    const account = email.trim().toLowerCase();
    const pair = `${caller} ${account}`;
    await perPair.take(pair);
    await perCaller.take(caller);
    if (!devices.knows(request, email)) await perAccount.take(account);
    return () => perPair.forgive(pair);
  };
}

/** Undefined: neither was given. */
export function toFactor(given: {
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
}): SecondFactor | undefined {
  if (given.code !== undefined) return { kind: "totp", code: given.code };
  return given.recoveryCode === undefined
    ? undefined
    : { kind: "recovery", code: given.recoveryCode };
}

export function refused(code: string, message: string): PregoneroError {
  return new PregoneroError(code, message, { status: 401 });
}

function linkVoid(): PregoneroError {
  return new PregoneroError(
    "link-void",
    "This link is unknown, used or too old. Ask for another one.",
    { status: 400 },
  );
}
