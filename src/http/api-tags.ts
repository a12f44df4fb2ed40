import type { OpenApiDocument } from "./openapi.ts";

interface ApiTag {
  readonly name: string;
  readonly description: string;
  /** First parts of the addresses after `/api/v1/` (and after `platform/`), without an ending. */
  readonly parts: readonly string[];
}

/** The chapters of the API, in the order in which somebody meets them. */
export const API_TAGS: readonly ApiTag[] = [
  {
    name: "Asking",
    description: "Questions and their answers, and the web chat.",
    parts: ["ask", "chat"],
  },
  {
    name: "Signing in",
    description: "The first person, sessions, second factors, new passwords.",
    parts: ["setup", "session", "sessions", "password-resets"],
  },
  {
    name: "Members and keys",
    description: "Who belongs to a tenant, and which programs may act for it.",
    parts: ["members", "invitations", "api-keys"],
  },
  {
    name: "Tenants",
    description: "A tenant's settings, its export and its end; all tenants, for who manages them.",
    parts: ["tenant", "tenants", "plan", "plans", "getting-started"],
  },
  {
    name: "Assistants",
    description: "How questions are answered, by which models, and at what cost.",
    parts: ["assistants", "models", "budgets"],
  },
  {
    name: "Bots",
    description: "Accounts on the networks, and the sessions behind them.",
    parts: ["bots"],
  },
  {
    name: "Conversations",
    description: "The inbox: histories, taking over, replies, notes, judgements.",
    parts: ["conversations", "canned-replies", "feedback"],
  },
  {
    name: "Contacts",
    description: "Whom the bots know, by list and by filter.",
    parts: ["contacts", "contact-merges", "segments", "subscriptions", "news-templates"],
  },
  {
    name: "Campaigns",
    description: "One text to many contacts, with a dry run, a pace and a report.",
    parts: ["campaigns", "campaign-policy"],
  },
  {
    name: "Documents",
    description: "What a tenant answers from besides gazettes.",
    parts: ["documents", "document-usage", "knowledge-sets"],
  },
  {
    name: "Sources",
    description:
      "Gazettes whose editions are collected: what is expected, what became of it, and how it was read.",
    parts: ["sources", "source-presets", "editions"],
  },
  {
    name: "Prompts",
    description: "Digests of editions: what is written, its review, pages read, cost.",
    parts: ["prompts", "prompt-runs"],
  },
  {
    name: "Publishing",
    description: "Where approved texts go, and what became of each.",
    parts: ["publishing-targets", "publications"],
  },
  {
    name: "Events and webhooks",
    description: "What happens, as it happens, in a stream or posted to a program.",
    parts: ["events", "webhooks", "announcements"],
  },
  {
    name: "Analytics and money",
    description: "What was asked and answered, what it cost, and what is left.",
    parts: ["analytics", "usage", "balance", "payments"],
  },
  {
    name: "Operating",
    description: "Health, queues, pauses, breakers, switches.",
    parts: ["health", "queues", "dead-letters", "pauses", "breakers", "switches", "shedding"],
  },
  {
    name: "Audit",
    description: "Who changed what, and what looked like an attack.",
    parts: ["audit", "security-events"],
  },
];

/** Undefined: no chapter has the address yet. */
export function tagOf(path: string): string | undefined {
  const [part = ""] = path.replace(/^\/api\/v1\/(platform\/)?/, "").split(/[/.]/);
  return API_TAGS.find(({ parts }) => parts.includes(part))?.name;
}

/** The description with each operation in its chapter. */
export function withTags(document: OpenApiDocument): OpenApiDocument {
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const tag = tagOf(path);
    const operations = Object.entries(item).map(([method, operation]) => [
      method,
      tag === undefined ? operation : { tags: [tag], ...operation },
    ]);
    return [path, Object.fromEntries(operations)];
  });
  return {
    ...document,
    tags: API_TAGS.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(paths),
  };
}
