import { z } from "zod";
import { DOMAIN_ROLES } from "../../core/single-sign-on.ts";
import "../contract.ts";

export const BeginSsoRequest = z
  .strictObject({
    tenant: z.string().min(1).max(64).optional().openapi({
      description: "Short name of the tenant whose provider is asked; absent: the installation's.",
    }),
    prove: z.boolean().optional().openapi({
      description:
        "Ask the provider to have them prove anew who they are, before what is delicate.",
    }),
  })
  .openapi("BeginSsoRequest");

export const SsoUrlShape = z
  .object({ url: z.string().openapi({ description: "Where to send the browser." }) })
  .openapi("SsoUrl");

export const FinishSsoRequest = z
  .strictObject({
    query: z.string().min(1).max(8_000).openapi({
      description:
        "What stands behind the `?` of the address that the provider sent the browser to.",
    }),
  })
  .openapi("FinishSsoRequest");

const domain = z
  .string()
  .toLowerCase()
  .regex(/^(?=.{3,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, "must be a domain as example.org");

export const SaveProviderRequest = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .openapi({ example: "https://login.example.org" }),
    clientId: z.string().min(1).max(300),
    clientSecret: z.string().min(1).max(1_000).optional().openapi({
      description: "Absent: the one saved with the same issuer and client is kept.",
    }),
    domains: z
      .array(domain)
      .max(20)
      .default([])
      .openapi({
        description: "Addresses of these join without an invitation.",
        example: ["example.org"],
      }),
    domainRole: z.enum(DOMAIN_ROLES).default("viewer"),
  })
  .openapi("SaveIdentityProviderRequest");

export const ProviderShape = z
  .object({
    issuer: z.string(),
    clientId: z.string(),
    domains: z.array(z.string()),
    domainRole: z.enum(DOMAIN_ROLES),
    redirectUri: z.string().openapi({ description: "To be allowed at the provider." }),
  })
  .openapi("IdentityProvider", { description: "Its secret is never shown." });
