import { actIn } from "../api/api.ts";
import { queries } from "./query-client.ts";
import { router } from "./router.tsx";
import { chosenTenant, sessionQuery } from "./session.ts";
import { tenantQuery } from "./tenant.ts";

/**
 * Asks at once for what a first load needs before anything can be shown, so that none of it waits for something else to
 * be drawn: who is signed in, and then their tenant beside the code of the view. What fails here is asked for again, and
 * told, where it is used. Resolves when all of it is there, or will not be.
 */
export async function beginFirstLoad(): Promise<void> {
  const session = await queries.fetchQuery(sessionQuery).catch(() => undefined);
  const person = session?.person;
  if (person == null || person.mustSetUpTotp) return;
  const tenantId = chosenTenant(person);
  actIn(tenantId);
  await Promise.all([
    tenantId !== undefined && queries.prefetchQuery(tenantQuery(tenantId)),
    router.load().catch(() => undefined),
  ]);
}
