import type { TenantId } from "../../../src/core/ids.ts";
import type { TenantRole } from "../../../src/core/people.ts";
import type { Installation } from "../../../src/installation.ts";
import { type Browser, openBrowser } from "../people/browser.ts";
import { PASSWORD } from "../people/running-people.ts";

export interface Agent {
  readonly browser: Browser;
  readonly id: string;
}

/** Somebody of the tenant, signed in at a product that runs. */
export async function joinProduct(
  { url, installation }: { readonly url: string; readonly installation: Installation },
  email: string,
  role: TenantRole = "agent",
  tenantId: TenantId = installation.tenantId,
): Promise<Agent> {
  const { token } = await installation.people.members.invite(tenantId, {
    email,
    role,
    actor: "test",
  });
  const browser = openBrowser(url);
  const [name] = email.split("@");
  const body = { token, name, password: PASSWORD };
  const accepted = await browser.call("POST", "/api/v1/invitations/accept", body);
  if (accepted.status !== 201) throw new Error(accepted.text);
  return { browser, id: accepted.json.person.id };
}
