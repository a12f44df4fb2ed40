import { z } from "zod";
import type { Operations } from "../access/describe-operations.ts";
import { KeysetQuery } from "../cursor.ts";
import {
  ChangeTenantRequest,
  CreatedTenantShape,
  CreateTenantRequest,
  DeleteTenantRequest,
  ExportShape,
  ExportsShape,
  SetEditionPagesRequest,
  SetTenantStateRequest,
  TenantEntryShape,
  TenantShape,
  TenantsShape,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const noTenant = { 404: "There is no such tenant." };
const noExport = { 404: "There is no such archive." };
const wrongState = { 409: "It cannot go there from the state that it is in." };

export const TENANT_OPERATIONS: Operations = {
  "GET /api/v1/tenants": {
    id: "listTenants",
    summary: "All tenants, oldest first",
    query: KeysetQuery,
    gives: TenantsShape,
    otherwise: invalid,
  },
  "POST /api/v1/tenants": {
    id: "createTenant",
    summary: "Make a tenant, and a link for its owner",
    takes: CreateTenantRequest,
    gives: CreatedTenantShape,
    status: 201,
    otherwise: { ...invalid, 409: "Another tenant has this short name." },
  },
  "PUT /api/v1/tenants/:tenantId/state": {
    id: "setTenantState",
    summary: "Suspend a tenant, or open it again",
    description:
      "While it is suspended its staff and its programs are refused, and its bots tell citizens, once a day and conversation, that the service rests. Their messages are kept.",
    takes: SetTenantStateRequest,
    gives: TenantEntryShape,
    otherwise: { ...invalid, ...noTenant, ...wrongState },
  },
  "PUT /api/v1/tenants/:tenantId/edition-pages": {
    id: "setEditionPages",
    summary: "Let a tenant publish on the public pages of editions, or no longer",
    description:
      "Those pages and their feeds are read by the citizens of all tenants. What a tenant has published there is shown or hidden at once.",
    takes: SetEditionPagesRequest,
    gives: TenantEntryShape,
    otherwise: { ...invalid, ...noTenant },
  },
  "GET /api/v1/tenant": {
    id: "getTenant",
    summary: "The tenant and its settings",
    gives: TenantShape,
  },
  "PATCH /api/v1/tenant": {
    id: "changeTenant",
    summary: "Change the settings",
    headers: { "If-Match": z.string().openapi({ example: '"r3"' }) },
    takes: ChangeTenantRequest,
    gives: TenantShape,
    otherwise: {
      ...invalid,
      404: "There is no such assistant.",
      412: "Somebody changed it meanwhile.",
      428: "If-Match is missing.",
    },
  },
  "POST /api/v1/tenant/deletion": {
    id: "deleteTenant",
    summary: "Delete the tenant with all that it has, in seven days",
    description: "Until then it is closed, and can be called back.",
    takes: DeleteTenantRequest,
    gives: TenantShape,
    status: 202,
    otherwise: { ...invalid, ...wrongState },
  },
  "DELETE /api/v1/tenant/deletion": {
    id: "keepTenant",
    summary: "Call the deletion back",
    gives: TenantShape,
    otherwise: wrongState,
  },
  "GET /api/v1/tenant/exports": {
    id: "listTenantExports",
    summary: "Archives that were asked for, newest first",
    gives: ExportsShape,
  },
  "POST /api/v1/tenant/exports": {
    id: "exportTenant",
    summary: "Ask for an archive of everything",
    description: "A zip of one file of JSON lines for each table, without secrets.",
    gives: ExportShape,
    status: 202,
    otherwise: { 409: "One is being made." },
  },
  "GET /api/v1/tenant/exports/:exportId": {
    id: "getTenantExport",
    summary: "How far an archive is",
    gives: ExportShape,
    otherwise: noExport,
  },
  "GET /api/v1/tenant/exports/:exportId/archive": {
    id: "downloadTenantExport",
    summary: "Download an archive",
    description: "For the person who asked for it, for three days.",
    media: "application/zip",
    otherwise: noExport,
  },
};
