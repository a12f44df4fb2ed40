import type { Schema } from "../../../client/index.ts";

type Scope = Schema<"AddKeyRequest">["scopes"][number];

/** What a key may be made for, in the order of the form. One that is missing here does not compile. */
const WORDS = {
  ask: "scope.ask",
  analytics: "scope.analytics",
  assistants: "scope.assistants",
  bots: "scope.bots",
  campaigns: "scope.campaigns",
  contacts: "scope.contacts",
  conversations: "scope.conversations",
  documents: "scope.documents",
  events: "scope.events",
  operate: "scope.operate",
  "sources:read": "scope.sources-read",
  "sources:write": "scope.sources-write",
  usage: "scope.usage",
  webhooks: "scope.webhooks",
} as const satisfies Readonly<Record<Scope, string>>;

export const SCOPES = Object.keys(WORDS) as readonly Scope[];

/** False of a scope that no key is made for any more. */
export function isScope(scope: string): scope is Scope {
  return Object.hasOwn(WORDS, scope);
}

/** Its name among the words. */
export function scopeKey(scope: Scope): (typeof WORDS)[Scope] {
  return WORDS[scope];
}
