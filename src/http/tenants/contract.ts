import { z } from "zod";
import { LANGUAGES } from "../../core/language.ts";
import { TENANT_STATES } from "../../core/tenants.ts";
import "../contract.ts";
import { nextShape } from "../cursor.ts";

const date = z.string().openapi({ format: "date-time" });
const tenantName = z.string().trim().min(1).max(120).openapi({ example: "Ministerio de Salud" });

/** Names as ICU knows them; an unknown one would fail at the first date that is shown. */
const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, { message: "must be a time zone of the IANA, such as America/Costa_Rica" })
  .openapi({ example: "America/Costa_Rica" });

export const CreateTenantRequest = z
  .strictObject({
    name: tenantName,
    slug: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,39}$/, "must be 2 to 40 lower-case letters, digits and hyphens")
      .openapi({ example: "ministerio-de-salud" }),
    ownerEmail: z.email("must be an e-mail address").max(254),
  })
  .openapi("CreateTenantRequest");

export const TenantEntryShape = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    state: z.enum(TENANT_STATES),
    stateSince: date,
    deletionDueAt: date.nullable(),
    createdAt: date,
    mayPublishOnEditions: z.boolean().openapi({
      description:
        "What it approves may stand on the public pages of editions, which are everybody's.",
    }),
  })
  .openapi("TenantEntry");

export const CreatedTenantShape = z
  .object({
    tenant: TenantEntryShape,
    invitation: z.object({
      email: z.string(),
      expiresAt: date,
      url: z.string().openapi({ description: "For its owner, shown this once." }),
    }),
  })
  .openapi("CreatedTenant");

export const TenantsShape = z.object({ tenants: z.array(TenantEntryShape), next: nextShape });

export const SetTenantStateRequest = z
  .strictObject({ state: z.enum(["active", "suspended"]) })
  .openapi("SetTenantStateRequest");

export const SetEditionPagesRequest = z
  .strictObject({ mayPublish: z.boolean() })
  .openapi("SetEditionPagesRequest");

export const ChangeTenantRequest = z
  .strictObject({
    name: tenantName.optional(),
    languages: z
      .array(z.enum(LANGUAGES))
      .min(1)
      .max(LANGUAGES.length)
      .refine((list) => new Set(list).size === list.length, { message: "names one twice" })
      .optional()
      .openapi({ description: "The first speaks where nobody's language is known." }),
    timeZone: timeZone.optional(),
    retentionDays: z.int().min(1).max(36_500).nullable().optional().openapi({
      description: "Content of conversations is deleted after so many days; null: kept.",
      example: 365,
    }),
    defaultAssistant: z.string().min(1).max(64).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { message: "names nothing to change" })
  .openapi("ChangeTenantRequest");

export const TenantShape = TenantEntryShape.extend({
  languages: z.array(z.enum(LANGUAGES)),
  timeZone: z.string(),
  retentionDays: z.int().nullable(),
  defaultAssistant: z.string().nullable(),
}).openapi("Tenant", { description: "Its ETag is what If-Match names in a change." });

export const DeleteTenantRequest = z
  .strictObject({
    name: z.string().min(1).max(200).openapi({ description: "The tenant's name, as it is." }),
  })
  .openapi("DeleteTenantRequest");

export const ExportShape = z
  .object({
    id: z.uuid(),
    state: z.enum(["queued", "running", "ready", "failed", "expired"]),
    askedBy: z.string().openapi({ description: "The person who may download it." }),
    askedAt: date,
    finishedAt: date.nullable(),
    expiresAt: date.nullable(),
    bytes: z.int().nullable(),
    reason: z.string().nullable(),
  })
  .openapi("TenantExport");

export const ExportsShape = z.object({ exports: z.array(ExportShape) });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
