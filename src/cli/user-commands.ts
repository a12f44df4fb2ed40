import { linkTo } from "../access-links.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import { type People, type PersonView, PLATFORM_ROLES } from "../core/people.ts";
import type { UserPorts } from "./user-ports.ts";

export interface UserInstallation {
  readonly tenantId: TenantId;
  readonly people: Pick<People, "beginReset" | "members">;
  /** Who makes changes, for the audit log. */
  readonly actor: string;
  readonly site: { readonly url: string | undefined };
}

export function userCommands({ tenantId, people, actor, site }: UserInstallation): UserPorts {
  const { members } = people;

  async function find(email: string): Promise<PersonView> {
    const found = await members.findByEmail(email);
    if (found !== undefined) return found;
    throw new PregoneroError(
      "person-unknown",
      `Nobody signs in as ${email}. List them with: pregonero user list`,
    );
  }

  async function tenantOf(wanted: string | undefined): Promise<TenantId> {
    const found = wanted === undefined ? tenantId : await members.findTenant(wanted);
    if (found !== undefined) return found;
    throw new PregoneroError("tenant-unknown", `There is no tenant "${wanted}".`);
  }

  return {
    async addUser({ email, role, tenant }) {
      const isPlatform = PLATFORM_ROLES.some((known) => known === role);
      if (isPlatform && tenant !== undefined) {
        throw new PregoneroError(
          "usage",
          `A ${role} is one of the whole installation: leave --tenant out.`,
        );
      }
      const into = isPlatform ? undefined : await tenantOf(tenant);
      const { view, token } = await members.invite(into, { email, role, actor });
      return {
        url: linkTo(site.url, "invitation", token),
        expiresAt: view.expiresAt.toISOString(),
      };
    },
    listUsers: async () =>
      (await members.listPeople()).map((person) => ({
        email: person.email,
        name: person.name,
        roles: [
          ...(person.platformRole === undefined ? [] : [person.platformRole]),
          ...person.memberships.map(({ role, tenantId: of }) =>
            of === tenantId ? role : `${role} of ${of}`,
          ),
        ],
        isDisabled: person.isDisabled,
        hasTotp: person.hasTotp,
        lastSignInAt: person.lastSignInAt?.toISOString(),
      })),
    async setUserDisabled({ email, isDisabled }) {
      await members.setDisabled((await find(email)).personId, isDisabled, actor);
      return {};
    },
    async resetUserPassword({ email, dropsTotp }) {
      const { personId } = await find(email);
      const { token, expiresAt } = await people.beginReset(personId, { dropsTotp, actor });
      return {
        url: linkTo(site.url, "password-reset", token),
        expiresAt: expiresAt.toISOString(),
      };
    },
  };
}
