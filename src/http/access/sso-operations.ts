import { z } from "zod";
import { SessionStateShape } from "./contract.ts";
import type { Operations } from "./describe-operations.ts";
import {
  BeginSsoRequest,
  FinishSsoRequest,
  ProviderShape,
  SaveProviderRequest,
  SsoUrlShape,
} from "./sso-contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const noProvider = { 404: "There is no identity provider." };
const away = { 502: "The provider does not answer." };

export const SSO_OPERATIONS: Operations = {
  "POST /api/v1/session/sso": {
    id: "beginSingleSignOn",
    summary: "Begin to sign in by OpenID Connect",
    takes: BeginSsoRequest,
    gives: SsoUrlShape,
    otherwise: { ...invalid, ...noProvider, ...away },
  },
  "POST /api/v1/session/sso/callback": {
    id: "finishSingleSignOn",
    summary: "Come back from the provider",
    description:
      "`totp-needed`: the provider did not ask for a second factor, and ours is set up. The page /access/sso calls it.",
    takes: FinishSsoRequest,
    gives: SessionStateShape,
    otherwise: { ...invalid, ...noProvider, ...away, 401: "What came back does not hold." },
  },
  "GET /api/v1/tenant/single-sign-on": {
    id: "getIdentityProvider",
    summary: "The tenant's own identity provider",
    gives: ProviderShape,
    otherwise: noProvider,
  },
  "PUT /api/v1/tenant/single-sign-on": {
    id: "saveIdentityProvider",
    summary: "Set the tenant's own identity provider",
    description: "It speaks for people who belong to this tenant alone.",
    headers: { "If-Match": z.string().optional().openapi({ example: '"r3"' }) },
    takes: SaveProviderRequest,
    gives: ProviderShape,
    otherwise: { ...invalid, 412: "Somebody changed it meanwhile." },
  },
  "DELETE /api/v1/tenant/single-sign-on": {
    id: "removeIdentityProvider",
    summary: "Remove the tenant's own identity provider",
    otherwise: noProvider,
  },
};
