import { randomUUID } from "node:crypto";
import {
  type AssistantLink,
  type AssistantSettings,
  type Endpoint,
  ROUTES,
  type Route,
} from "../core/assistant.ts";
import type { Cipher } from "../core/cipher.ts";
import { isPregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { Transaction } from "./database.ts";

interface LinkRow {
  readonly id: string;
  readonly assistant_id: string;
  readonly route: Route;
  readonly provider: string;
  readonly model: string;
  readonly is_unlisted: boolean;
  readonly endpoint: Buffer | null;
}

/** The links of all assistants of a tenant, by assistant and route. */
export async function readLinks(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
): Promise<(assistantId: string, route: Route) => readonly AssistantLink[]> {
  const links = await tx.query<LinkRow>(
    `select id, assistant_id, route, provider, model, is_unlisted, endpoint
     from assistant_link order by assistant_id, route, position`,
  );
  return (assistantId, route) =>
    links
      .filter((link) => link.assistant_id === assistantId && link.route === route)
      .map((link) => toLink(cipher, tenantId, link));
}

export async function writeLinks(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  assistantId: string,
  settings: AssistantSettings,
): Promise<void> {
  await tx.query("delete from assistant_link where assistant_id = $1", [assistantId]);
  for (const route of ROUTES) {
    for (const [position, link] of settings[route].entries()) {
      const id = randomUUID();
      const endpoint =
        typeof link.endpoint === "object"
          ? cipher.encrypt(placeOf(tenantId, id), JSON.stringify(link.endpoint))
          : null;
      await tx.query(
        `insert into assistant_link
           (tenant_id, id, assistant_id, route, position, provider, model, is_unlisted, endpoint)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          tenantId,
          id,
          assistantId,
          route,
          position,
          link.provider,
          link.model,
          link.isUnlisted,
          endpoint,
        ],
      );
    }
  }
}

function toLink(cipher: Cipher, tenantId: TenantId, row: LinkRow): AssistantLink {
  const { provider, model, is_unlisted: isUnlisted } = row;
  return { provider, model, isUnlisted, endpoint: readEndpoint(cipher, tenantId, row) };
}

/** One link that cannot be read must not take the others with it: it is shown as in need of its key. */
function readEndpoint(cipher: Cipher, tenantId: TenantId, row: LinkRow): AssistantLink["endpoint"] {
  if (row.endpoint === null) return undefined;
  try {
    return JSON.parse(cipher.decrypt(placeOf(tenantId, row.id), row.endpoint)) as Endpoint;
  } catch (error) {
    if (isPregoneroError(error, "decryption-failed")) return "unreadable";
    throw error;
  }
}

function placeOf(tenantId: TenantId, rowId: string) {
  return { tenantId, table: "assistant_link", column: "endpoint", rowId };
}
