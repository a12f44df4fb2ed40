import type { Operations } from "../access/describe-operations.ts";
import { KeysetQuery } from "../cursor.ts";
import { AddedKeyShape, AddKeyRequest, ApiKeyShape, ApiKeysShape } from "./contract.ts";

const noKey = { 404: "There is no such key." };
const invalid = { 400: "The request is not valid; `fields` says where." };

export const API_KEY_OPERATIONS: Operations = {
  "GET /api/v1/api-keys": {
    id: "listApiKeys",
    summary: "Keys of this tenant's programs, oldest first",
    query: KeysetQuery,
    gives: ApiKeysShape,
    otherwise: invalid,
  },
  "POST /api/v1/api-keys": {
    id: "addApiKey",
    summary: "Make a key; it is shown this once",
    takes: AddKeyRequest,
    gives: AddedKeyShape,
    status: 201,
    otherwise: invalid,
  },
  "GET /api/v1/api-keys/:keyId": {
    id: "getApiKey",
    summary: "One key: who made it, and when it was last used",
    gives: ApiKeyShape,
    otherwise: noKey,
  },
  "DELETE /api/v1/api-keys/:keyId": {
    id: "revokeApiKey",
    summary: "Make a key void, from the next request on",
    otherwise: noKey,
  },
};
