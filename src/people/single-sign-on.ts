import { randomUUID } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type PersonId } from "../core/ids.ts";
import type { RequestOrigin } from "../core/people.ts";
import type {
  Admission,
  FoundPerson,
  IdentityProvider,
  IdentityStore,
  OutsideIdentity,
  SingleSignOn,
} from "../core/single-sign-on.ts";
import { normaliseEmail } from "./email.ts";
import { newSession } from "./new-session.ts";
import type { PasswordHasher } from "./password-hasher.ts";
import { newToken } from "./tokens.ts";

export interface SingleSignOnPorts {
  readonly store: IdentityStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
}

/** A provider that does not say when somebody proved who they are proves nothing of what is delicate. */
const NEVER = new Date(0);

/**
 * Who comes in by a provider's word: whoever is linked, is known by the verified address, is invited, or has an address
 * of a domain that the tenant allows. A tenant's own provider speaks for those who belong to that tenant alone, or its
 * owner would become whoever also works elsewhere.
 */
export function createSingleSignOn(ports: SingleSignOnPorts): SingleSignOn {
  const { store, clock } = ports;

  async function refuse(
    code: keyof typeof WHY,
    identity: OutsideIdentity,
    { tenantId }: IdentityProvider,
    origin: RequestOrigin,
  ): Promise<PregoneroError> {
    const detail = { reason: code, issuer: identity.issuer };
    const entry = { actor: "anonymous", action: "single-sign-on-refused", subject: "nobody" };
    await store.note({ ...entry, tenantId, detail, origin });
    return new PregoneroError(code, WHY[code], { status: 403 });
  }

  return {
    async enter(identity, provider, origin) {
      if (!identity.isEmailVerified) {
        throw await refuse("sso-email-unverified", identity, provider, origin);
      }
      const email = normaliseEmail(identity.email);
      const found = await store.find(identity, email);
      if (found === undefined) {
        const personId = await admit(ports, { ...identity, email }, provider, origin);
        if (personId === undefined) {
          throw await refuse("sso-not-invited", identity, provider, origin);
        }
        return { kind: "signed-in", ...(await open(ports, personId, identity, origin)) };
      }
      if (!mayEnter(found)) throw await refuse("sso-not-invited", identity, provider, origin);
      if (!speaksFor(provider, found)) {
        throw await refuse("sso-belongs-elsewhere", identity, provider, origin);
      }
      const { personId, credentialVersion } = found;
      if (!found.isLinked) await store.link(identity, personId, clock.now(), origin);
      if (found.hasTotp && !identity.hasSecondFactor) {
        return { kind: "totp-needed", personId, credentialVersion };
      }
      return { kind: "signed-in", ...(await open(ports, personId, identity, origin)) };
    },
  };
}

const WHY = {
  "sso-email-unverified":
    "The identity provider has not verified your e-mail address: verify it there first.",
  "sso-not-invited": "Nobody has invited this address: ask an owner of your tenant.",
  "sso-belongs-elsewhere":
    "You belong to more than this tenant: sign in with your password, or by the installation's own provider.",
} as const;

function mayEnter({ isDisabled, platformRole, memberships }: FoundPerson): boolean {
  const belongs = memberships.some((membership) => !membership.isDisabled);
  return !isDisabled && (platformRole !== undefined || belongs);
}

function speaksFor({ tenantId }: IdentityProvider, person: FoundPerson): boolean {
  if (tenantId === undefined) return true;
  return (
    person.platformRole === undefined &&
    person.memberships.every((membership) => membership.tenantId === tenantId)
  );
}

/** Undefined: they are not expected, or somebody else has just become who they would be. */
async function admit(
  { store, hasher, clock }: SingleSignOnPorts,
  identity: OutsideIdentity,
  provider: IdentityProvider,
  origin: RequestOrigin,
): Promise<PersonId | undefined> {
  const now = clock.now();
  const { email, name } = identity;
  const into =
    (await store.findInvitation(email, provider.tenantId, now)) ?? byDomain(email, provider);
  if (into === undefined) return undefined;
  const personId = asId<PersonId>(randomUUID());
  // Nobody knows it: until they choose one, the provider is their only way in.
  const passwordHash = await hasher.hash(newToken());
  const person = { personId, email, name, passwordHash };
  return (await store.join(identity, person, into, now, origin)) ? personId : undefined;
}

function byDomain(
  email: string,
  { tenantId, domains, domainRole }: IdentityProvider,
): Admission | undefined {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  if (tenantId === undefined || !domains.includes(domain)) return undefined;
  return { tenantId, role: domainRole };
}

async function open(
  { store, clock }: SingleSignOnPorts,
  personId: PersonId,
  { hasSecondFactor, authenticatedAt }: OutsideIdentity,
  origin: RequestOrigin,
) {
  const now = clock.now();
  const { stored, opened } = newSession(personId, now);
  const provedAt = new Date(Math.min((authenticatedAt ?? NEVER).getTime(), now.getTime()));
  const told = { hasSecondFactor, provedAt };
  await store.openSession(personId, stored, told, now, origin);
  return opened;
}
