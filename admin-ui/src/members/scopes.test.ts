import { expect, it } from "vitest";
import { API_KEY_SCOPES } from "../../../src/core/api-keys.ts";
import { ACCESS, type Access } from "../../../src/http/access/access-table.ts";
import { enMembers } from "../i18n/en-members.ts";
import { esMembers } from "../i18n/es-members.ts";
import { isScope, SCOPES, scopeKey } from "./scopes.ts";

it("every scope that opens a route can be given to a key, and each is offered once in words", () => {
  const opening = Object.values<Access>(ACCESS).flatMap((access) =>
    access.kind === "tenant" && access.scope !== undefined ? [access.scope] : [],
  );
  expect([...SCOPES].sort()).toEqual([...new Set(API_KEY_SCOPES)].sort());
  expect(API_KEY_SCOPES).toHaveLength(new Set(API_KEY_SCOPES).size);
  expect(SCOPES).toEqual(expect.arrayContaining(opening));
  for (const words of [esMembers, enMembers] as readonly Readonly<Record<string, string>>[]) {
    const named = SCOPES.map((scope) => words[scopeKey(scope)]);
    expect(named).not.toContain(undefined);
    expect(new Set(named).size).toBe(SCOPES.length);
  }
  expect(isScope("sources:*")).toBe(false);
});
