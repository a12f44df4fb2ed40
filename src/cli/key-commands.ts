import { API_KEY_SCOPES, type ApiKeys, isApiKeyScope } from "../core/api-keys.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { CommandPorts } from "./ports.ts";

const DAY_MS = 86_400_000;
/** More than anybody reads on a terminal. */
const MAX_LISTED = 1_000;

/** Keys of programs, as the command line makes and revokes them. */
export function keyCommands({
  apiKeys,
  tenantId,
  clock,
}: {
  readonly apiKeys: Pick<ApiKeys, "create" | "list" | "revoke">;
  readonly tenantId: TenantId;
  readonly clock: Clock;
}): Pick<CommandPorts, "listKeys" | "addKey" | "revokeKey"> {
  return {
    async listKeys() {
      const page = await apiKeys.list(tenantId, { after: undefined, limit: MAX_LISTED });
      return page.entries.map(({ id, name, scopes, ...key }) => ({
        id,
        name,
        scopes,
        createdAt: key.createdAt.toISOString(),
        lastUsedAt: key.lastUsedAt?.toISOString(),
        expiresAt: key.expiresAt?.toISOString(),
        revokedAt: key.revokedAt?.toISOString(),
      }));
    },
    async addKey({ name, scopes, days }) {
      const known = scopes.filter(isApiKeyScope);
      if (known.length < scopes.length) {
        const unknown = scopes.filter((scope) => !isApiKeyScope(scope));
        throw new PregoneroError(
          "scope-unknown",
          `There is no scope "${unknown.join(", ")}". Known: ${API_KEY_SCOPES.join(", ")}.`,
        );
      }
      const expiresAt =
        days === undefined ? undefined : new Date(clock.now().getTime() + days * DAY_MS);
      return apiKeys.create(tenantId, name, known, { expiresAt });
    },
    revokeKey: async ({ id }) => ({
      revoked: await apiKeys.revoke(tenantId, id, "command-line"),
    }),
  };
}
