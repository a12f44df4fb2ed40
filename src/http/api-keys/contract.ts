import { z } from "zod";
import { API_KEY_SCOPES } from "../../core/api-keys.ts";
import "../contract.ts";
import { nextShape } from "../cursor.ts";

const date = z.string().openapi({ format: "date-time" });

export const AddKeyRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(100).openapi({ example: "statistics office" }),
    scopes: z.array(z.enum(API_KEY_SCOPES)).min(1).max(API_KEY_SCOPES.length),
    expiresAt: z.iso.datetime({ offset: true }).optional().openapi({
      description: "Not counted from then on. Absent: it does not expire.",
      example: "2027-12-31T23:59:59Z",
    }),
  })
  .openapi("AddKeyRequest");

export const ApiKeyShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: date,
    createdBy: z
      .string()
      .openapi({ description: "As in the audit: `person:ID` or `command-line`." }),
    lastUsedAt: date.nullable().openapi({ description: "To the minute; null: never." }),
    expiresAt: date.nullable(),
    revokedAt: date.nullable(),
  })
  .openapi("ApiKey", { description: "The key itself was shown once, and is stored nowhere." });

export const AddedKeyShape = ApiKeyShape.extend({
  key: z.string().openapi({ description: "Shown this once." }),
}).openapi("AddedKey");

export const ApiKeysShape = z.object({ apiKeys: z.array(ApiKeyShape), next: nextShape });
