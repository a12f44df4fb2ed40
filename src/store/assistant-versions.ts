import { randomUUID } from "node:crypto";
import {
  type AssistantLink,
  type AssistantSettings,
  type AssistantVersion,
  ROUTES,
  type Route,
} from "../core/assistant.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { Transaction } from "./database.ts";

/** Enough to find what was there before a bad week; settings are a few kilobytes each. */
const KEPT_VERSIONS = 100;

/** A link without its key. */
interface KeptLink extends Pick<AssistantLink, "provider" | "model" | "isUnlisted"> {
  /** Null: the installation's own address and key. */
  readonly baseUrl: string | null;
}
type KeptLinks = Readonly<Record<Route, readonly KeptLink[]>>;

/** Keeps what was saved under its revision, and lets go of the oldest. */
export async function keepVersion(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  version: {
    readonly assistantId: string;
    readonly revision: number;
    readonly settings: AssistantSettings;
    readonly savedBy: string;
    readonly restoredFrom: number | undefined;
  },
): Promise<void> {
  const { assistantId, revision, savedBy, restoredFrom } = version;
  const { usual, large, ...settings } = version.settings;
  const links: KeptLinks = { usual: usual.map(withoutKey), large: large.map(withoutKey) };
  const id = randomUUID();
  const sealed = cipher.encrypt(placeOf(tenantId, id), JSON.stringify(links));
  await tx.query(
    `insert into assistant_version
       (tenant_id, id, assistant_id, revision, settings, links, saved_by, restored_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tenantId,
      id,
      assistantId,
      revision,
      JSON.stringify(settings),
      sealed,
      savedBy,
      restoredFrom ?? null,
    ],
  );
  await tx.query("delete from assistant_version where assistant_id = $1 and revision <= $2", [
    assistantId,
    revision - KEPT_VERSIONS,
  ]);
}

/** Newest first. */
export async function listVersions(
  tx: Transaction,
  assistantId: string,
): Promise<readonly AssistantVersion[]> {
  const rows = await tx.query<{
    revision: number;
    saved_by: string;
    saved_at: Date;
    restored_from: number | null;
  }>(
    `select revision, saved_by, saved_at, restored_from from assistant_version
     where assistant_id = $1 order by revision desc`,
    [assistantId],
  );
  return rows.map((row) => ({
    revision: row.revision,
    savedBy: row.saved_by,
    savedAt: row.saved_at,
    restoredFrom: row.restored_from ?? undefined,
  }));
}

/** Of its own links, the addresses alone. Throws `assistant-version-unknown` (404). */
export async function readVersion(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  assistantId: string,
  revision: number,
): Promise<AssistantSettings> {
  const [row] = await tx.query<{
    id: string;
    settings: Omit<AssistantSettings, Route>;
    links: Buffer;
  }>(
    "select id, settings, links from assistant_version where assistant_id = $1 and revision = $2",
    [assistantId, revision],
  );
  if (row === undefined) throw unknownVersion(revision);
  const links = JSON.parse(cipher.decrypt(placeOf(tenantId, row.id), row.links)) as KeptLinks;
  const [usual = [], large = []] = ROUTES.map((route) => links[route].map(toLink));
  return { ...row.settings, usual, large };
}

function withoutKey({ provider, model, isUnlisted, endpoint }: AssistantLink): KeptLink {
  const baseUrl = typeof endpoint === "object" ? endpoint.baseUrl : null;
  return { provider, model, isUnlisted, baseUrl };
}

function toLink({ baseUrl, ...link }: KeptLink): AssistantLink {
  return { ...link, endpoint: baseUrl === null ? undefined : { baseUrl, apiKey: undefined } };
}

function placeOf(tenantId: TenantId, rowId: string) {
  return { tenantId, table: "assistant_version", column: "links", rowId };
}

function unknownVersion(revision: number): PregoneroError {
  return new PregoneroError(
    "assistant-version-unknown",
    `There is no version ${revision} of this assistant; the newest ${KEPT_VERSIONS} are kept.`,
    { status: 404 },
  );
}
