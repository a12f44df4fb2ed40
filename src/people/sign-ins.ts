import type { PersonId } from "../core/ids.ts";
import {
  type RequestOrigin,
  ROLES_WITH_TOTP,
  type SecondFactor,
  type SignedIn,
  type SignIns,
} from "../core/people.ts";
import type { StoredPerson, StoredSession } from "../core/people-store.ts";
import type { PeoplePorts } from "./create-people.ts";
import { normaliseEmail } from "./email.ts";
import { idleAt, newSession } from "./new-session.ts";
import { hashToken, normaliseRecoveryCode } from "./tokens.ts";
import { totpStep } from "./totp.ts";

/** Two tabs that refresh at once get the same token; what comes later with an old one has stolen it. */
const REFRESH_GRACE_MS = 10_000;

export function createSignIns(ports: PeoplePorts): SignIns {
  const { store, hasher, clock } = ports;

  async function open(personId: PersonId, origin: RequestOrigin) {
    const now = clock.now();
    const { stored, opened } = newSession(personId, now);
    await store.openSession(personId, stored, now, origin);
    return opened;
  }

  return {
    async signIn(email, password, origin) {
      const person = await store.findByEmail(normaliseEmail(email));
      const isRight = await hasher.verify(person?.passwordHash, password);
      if (person === undefined || !isRight || !mayEnter(person)) {
        await noteRefusal(ports, person, "sign-in-refused", origin);
        return { kind: "refused" };
      }
      if (hasher.isOutdated(person.passwordHash)) {
        await store.rehash(person.personId, person.passwordHash, await hasher.hash(password));
      }
      const { personId, credentialVersion } = person;
      if (person.totpSecret !== undefined) {
        return { kind: "totp-needed", personId, credentialVersion };
      }
      return { kind: "signed-in", ...(await open(personId, origin)) };
    },

    async finishSignIn(pending, factor, origin) {
      const person = await store.findPerson(pending.personId);
      const isCurrent =
        person !== undefined &&
        person.credentialVersion === pending.credentialVersion &&
        mayEnter(person);
      if (!isCurrent || !(await takeFactor(ports, person, factor, origin))) {
        await noteRefusal(ports, person, "second-factor-refused", origin);
        return undefined;
      }
      return open(person.personId, origin);
    },

    async refresh(refreshToken, origin) {
      const now = clock.now();
      // The child follows from the parent and our key, so that it can be given again without being kept.
      const child = ports.hash("refresh-token", refreshToken).toString("base64url");
      const rotation = await store.rotate(
        hashToken(refreshToken),
        hashToken(child),
        { now, graceMs: REFRESH_GRACE_MS, idleAt: idleAt(now) },
        origin,
      );
      if (rotation.kind === "reused") {
        const { personId, sessionId } = rotation.session;
        ports.logger.warn("refresh-token-reused", { personId, sessionId });
      }
      if (rotation.kind !== "rotated" && rotation.kind !== "repeated") return { kind: "refused" };
      const { sessionId, personId, expiresAt } = rotation.session;
      return { kind: "refreshed", sessionId, personId, refreshToken: child, expiresAt };
    },

    async find(sessionId) {
      const found = await store.findSession(sessionId, clock.now());
      return found && mayEnter(found.person) ? toSignedIn(found.person, found.session) : undefined;
    },

    listSessions: (personId) => store.listSessions(personId, clock.now()),
    endSession: (personId, sessionId, origin) =>
      store.endSession(personId, sessionId, clock.now(), origin),
    endSessions: (personId, except, origin) =>
      store.endSessions(personId, except, "ended-by-person", clock.now(), origin),

    async prove({ personId, sessionId }, password, factor, origin) {
      const person = await store.findPerson(personId);
      const isRight = await hasher.verify(person?.passwordHash, password);
      const isProved =
        person !== undefined &&
        isRight &&
        (person.totpSecret === undefined ||
          (factor !== undefined && (await takeFactor(ports, person, factor, origin))));
      if (isProved) await store.proveSession(sessionId, clock.now(), origin);
      else await noteRefusal(ports, person, "proof-refused", origin);
      return isProved;
    },
  };
}

/** Nobody enters who is disabled, or is no longer anything here. */
function mayEnter(person: StoredPerson): boolean {
  return !person.isDisabled && (person.platformRole !== undefined || person.memberships.length > 0);
}

function toSignedIn(person: StoredPerson, session: StoredSession): SignedIn {
  const { personId, email, name, platformRole, memberships, hasTotp } = person;
  const roles = [platformRole, ...memberships.map(({ role }) => role)];
  const needsTotp = ROLES_WITH_TOTP.some((role) => roles.includes(role));
  return {
    sessionId: session.sessionId,
    personId,
    email,
    name,
    platformRole,
    memberships,
    hasTotp,
    mustSetUpTotp: needsTotp && !hasTotp && !session.hasOutsideFactor,
    provedAt: session.provedAt,
  };
}

async function takeFactor(
  { store, clock, hash }: PeoplePorts,
  { personId, totpSecret }: StoredPerson,
  factor: SecondFactor,
  origin: RequestOrigin,
): Promise<boolean> {
  if (factor.kind === "recovery") {
    return store.takeRecoveryCode(personId, hashRecoveryCode(hash, personId, factor.code), origin);
  }
  const step = totpSecret && totpStep(totpSecret, factor.code, clock.now());
  return typeof step === "number" && store.takeTotpStep(personId, step);
}

/** Under our key, and of this person: equal codes of two people would not look equal. */
export function hashRecoveryCode(
  hash: PeoplePorts["hash"],
  personId: PersonId,
  code: string,
): Buffer {
  return hash("recovery-code", `${personId} ${normaliseRecoveryCode(code)}`);
}

function noteRefusal(
  { store }: PeoplePorts,
  person: StoredPerson | undefined,
  action: string,
  origin: RequestOrigin,
): Promise<void> {
  const subject = person?.personId ?? "nobody";
  return store.note({ actor: "anonymous", action, subject, origin });
}
