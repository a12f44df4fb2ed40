import { randomUUID } from "node:crypto";
import { PregoneroError } from "../core/errors.ts";
import { asId, type PersonId, type TenantId } from "../core/ids.ts";
import type { Members, NewPerson, PersonView } from "../core/people.ts";
import type { PersonRecord } from "../core/people-store.ts";
import type { PeoplePorts } from "./create-people.ts";
import { normaliseEmail } from "./email.ts";
import { newSession } from "./new-session.ts";
import { checkPassword } from "./password-policy.ts";
import { hashToken, newToken } from "./tokens.ts";

const INVITATION_MS = 7 * 24 * 3600 * 1000;

export function createMembers({ store, hasher, clock }: PeoplePorts): Members {
  const { members } = store;

  async function toRecord({ email, name, password }: NewPerson): Promise<PersonRecord> {
    const person = { email: normaliseEmail(email), name: name.trim() };
    await checkPassword(password, person);
    const passwordHash = await hasher.hash(password);
    return { ...person, personId: asId<PersonId>(randomUUID()), passwordHash };
  }

  return {
    async prepareSetUp() {
      const token = newToken();
      return (await store.saveSetUp(hashToken(token), clock.now())) ? token : undefined;
    },

    async setUp(token, person, tenantId, origin) {
      if (!(await store.isSetUpOpen(hashToken(token)))) return undefined;
      const record = await toRecord(person);
      const now = clock.now();
      const { stored, opened } = newSession(record.personId, now);
      const isFirst = await store.setUp(hashToken(token), record, tenantId, stored, now, origin);
      return isFirst ? opened : undefined;
    },

    async invite(tenantId, { email: given, role, actor }) {
      const email = normaliseEmail(given);
      await refuseMember(store, email, tenantId);
      const token = newToken();
      const invitedAt = clock.now();
      const expiresAt = new Date(invitedAt.getTime() + INVITATION_MS);
      const invitationId = randomUUID();
      await members.saveInvitation(
        { invitationId, tenantId, email, role, tokenHash: hashToken(token), expiresAt },
        invitedAt,
        actor,
      );
      return { view: { invitationId, email, role, invitedAt, expiresAt }, token };
    },

    listInvitations: (tenantId, page) => members.listInvitations(tenantId, page, clock.now()),
    withdrawInvitation: (tenantId, invitationId, actor) =>
      members.withdrawInvitation(tenantId, invitationId, clock.now(), actor),

    async accept(token, { name, password }, origin) {
      const tokenHash = hashToken(token);
      const invitation = await members.findInvitation(tokenHash, clock.now());
      if (invitation === undefined) return undefined;
      const { email } = invitation;
      if ((await store.findByEmail(email)) !== undefined) throw signInFirst();
      const record = await toRecord({ email, name, password });
      const now = clock.now();
      const { stored, opened } = newSession(record.personId, now);
      const isAccepted = await members.acceptAsNew(tokenHash, record, stored, now, origin);
      return isAccepted ? opened : undefined;
    },

    async acceptAs({ personId, email }, token, origin) {
      const tokenHash = hashToken(token);
      const invitation = await members.findInvitation(tokenHash, clock.now());
      if (invitation?.email !== email) return false;
      return members.acceptAs(tokenHash, personId, clock.now(), origin);
    },

    tenantExists: (tenantId) => members.tenantExists(tenantId),
    findTenant: (wanted) => members.findTenant(wanted),
    list: (tenantId, page) => members.list(tenantId, page),
    find: (tenantId, personId) => members.find(tenantId, personId),
    async change(tenantId, personId, change, actor) {
      const isDone = await members.change(tenantId, personId, change, clock.now(), actor);
      return isDone ? members.find(tenantId, personId) : undefined;
    },

    async belongsOnlyTo(tenantId, personId) {
      const person = await store.findPerson(personId);
      const all = await members.membershipsOf(personId);
      return (
        person !== undefined &&
        person.platformRole === undefined &&
        all.length === 1 &&
        all[0]?.tenantId === tenantId
      );
    },

    async findByEmail(email) {
      const person = await store.findByEmail(normaliseEmail(email));
      return person && toView(person);
    },
    listPeople: () => store.listPeople(),
    setDisabled: (personId, isDisabled, actor) =>
      members.setDisabled(personId, isDisabled, clock.now(), actor),
  };
}

async function refuseMember(
  store: PeoplePorts["store"],
  email: string,
  tenantId: TenantId | undefined,
): Promise<void> {
  const person = await store.findByEmail(email);
  if (person === undefined) return;
  const all = await store.members.membershipsOf(person.personId);
  const isMember =
    tenantId === undefined
      ? person.platformRole !== undefined
      : all.some((membership) => membership.tenantId === tenantId);
  if (!isMember) return;
  throw new PregoneroError(
    "already-member",
    "Somebody with this address belongs to it already: change their role instead.",
    { status: 409 },
  );
}

/** Without credentials. */
function toView(person: PersonView): PersonView {
  const { personId, email, name, platformRole, memberships, isDisabled, hasTotp } = person;
  const { lastSignInAt } = person;
  return {
    personId,
    email,
    name,
    platformRole,
    memberships,
    isDisabled,
    hasTotp,
    lastSignInAt,
  };
}

function signInFirst(): PregoneroError {
  return new PregoneroError(
    "sign-in-first",
    "Whoever has this address signs in here already: sign in, then open the invitation again.",
    { status: 409 },
  );
}
