import type { ApiKeyScope } from "../../core/api-keys.ts";
import type { PlatformRole, TenantRole } from "../../core/people.ts";
import { OPERATIONS_ACCESS } from "../operations/access.ts";

/**
 * Who may do what: the one table. The middleware reads it (`authorise.ts`), a test makes the matrix of every route
 * and every role from it, and a route under `/api/v1` that is not in it fails that test and answers nobody.
 */
export type Access =
  /** Anybody, from our own pages: an unsafe method needs the CSRF token all the same. */
  | { readonly kind: "open" }
  /** The route guards itself; `how` says by what. */
  | { readonly kind: "own"; readonly how: string }
  /** Whoever is signed in, about themselves. */
  | {
      readonly kind: "person";
      /** Also before the second factor that their role demands is set up. */
      readonly isOpenBeforeTotp?: true;
      readonly needsProof?: true;
    }
  /** People with a role of the installation, about what is of no tenant. No API key may: each is of a tenant. */
  | {
      readonly kind: "platform";
      readonly roles: readonly PlatformRole[];
      readonly needsProof?: true;
    }
  /** Members of one tenant with one of the roles, and API keys of that tenant with the scope. */
  | {
      readonly kind: "tenant";
      readonly roles: readonly TenantRole[];
      /** In whatever tenant they name. */
      readonly platform?: readonly PlatformRole[];
      /** Absent: no API key may. */
      readonly scope?: ApiKeyScope;
      /** Whoever of `platform` names no tenant acts for the whole installation. */
      readonly spans?: true;
      /** Also while the tenant is suspended or waits to be deleted. */
      readonly isOpenWhenClosed?: true;
      /** People gave password and second factor within the last minutes (checklist S30). */
      readonly needsProof?: true;
    };

const open: Access = { kind: "open" };
const self: Access = { kind: "person", isOpenBeforeTotp: true };
const manage = { kind: "tenant", roles: ["owner"], platform: ["platform-admin"] } as const;
const business = ["owner", "editor"] as const;
const readers = ["owner", "editor", "viewer"] as const;
/** A session's code links an account, and its picture shows messages: no more people than run the business. */
const bots = { kind: "tenant", roles: business, scope: "bots" } as const;
/** Also of a closed tenant: whoever owes should see what. */
const money = {
  kind: "tenant",
  roles: readers,
  platform: ["platform-admin"],
  scope: "usage",
  isOpenWhenClosed: true,
} as const;
/** What an owner may also of a tenant that is closed: take what is theirs, and let the rest go. */
const lastWill = { kind: "tenant", roles: ["owner"], isOpenWhenClosed: true } as const;
const analytics = {
  kind: "tenant",
  roles: readers,
  platform: ["platform-admin"],
  scope: "analytics",
} as const;
/** What people of this tenant ask, though without what is theirs alone: no matter of the installation's. */
const asked = { kind: "tenant", roles: readers, scope: "analytics" } as const;
const figures = { kind: "platform", roles: ["platform-admin", "operator"] } as const;
const webhooks = { kind: "tenant", roles: business, scope: "webhooks" } as const;
const visitor: Access = {
  kind: "own",
  how: "the visitor's signed cookie, worth something at one bot",
};

/** Whoever talks with citizens may write to them; what is large, a second person approves. */
const sending = {
  kind: "tenant",
  roles: ["owner", "editor", "agent"],
  scope: "campaigns",
} as const;
const watching = { ...sending, roles: ["owner", "editor", "agent", "viewer"] } as const;

/** Who reads what citizens wrote; who writes to them is a person, and never a key. */
const talk = {
  kind: "tenant",
  roles: ["owner", "agent", "viewer"],
  scope: "conversations",
} as const;
const desk = { kind: "tenant", roles: ["owner", "agent"] } as const;
/** Who may not read conversations sees the judgements alone. */
const judged = { ...talk, roles: ["owner", "editor", "agent", "viewer"] } as const;

/** Names and numbers of citizens; what takes all of them away at once, or one for good, is the owner's. */
const readsContacts = {
  kind: "tenant",
  roles: ["owner", "editor", "agent", "viewer"],
  scope: "contacts",
} as const;
const changesContacts = { ...readsContacts, roles: ["owner", "editor", "agent"] } as const;
const takesContacts = { kind: "tenant", roles: ["owner"], needsProof: true } as const;
const admits = { kind: "tenant", roles: business, scope: "contacts" } as const;

const readsDocuments = { kind: "tenant", roles: readers, scope: "documents" } as const;
const changesDocuments = { kind: "tenant", roles: business, scope: "documents" } as const;

/** Without a tenant, public sources: whoever operates the installation looks after them. */
const readsSources = {
  kind: "tenant",
  roles: readers,
  platform: ["platform-admin", "operator"],
  scope: "sources:read",
  spans: true,
} as const;
const changesSources = { ...readsSources, roles: business, scope: "sources:write" } as const;

/** Everybody of a tenant sees what is written of editions; who runs the business writes and approves it. */
const readsPrompts = {
  kind: "tenant",
  roles: ["owner", "editor", "agent", "viewer"],
} as const;
const changesPrompts = { kind: "tenant", roles: business } as const;

/** What stands in the tenant's name in public, people alone put there. */
const publishing = { kind: "tenant", roles: business } as const;

/** `METHOD path`, the path as the router has it. */
export const ACCESS = {
  ...OPERATIONS_ACCESS,
  "GET /api/v1/openapi.json": { kind: "own", how: "public" },
  "POST /api/v1/ask": {
    kind: "own",
    how: "an API key with scope `ask`; open to all on an installation with the sample data",
  },
  "POST /api/v1/chat/:botKey/messages": visitor,
  "POST /api/v1/chat/:botKey/messages/:messageId/feedback": visitor,
  "POST /api/v1/chat/:botKey/voice-notes": visitor,
  "GET /api/v1/chat/:botKey/events": visitor,

  "POST /api/v1/setup": open,
  "GET /api/v1/session": open,
  "POST /api/v1/session": open,
  "DELETE /api/v1/session": self,
  "POST /api/v1/session/totp": open,
  "POST /api/v1/session/sso": open,
  "POST /api/v1/session/sso/callback": open,
  "POST /api/v1/session/refresh": open,
  "POST /api/v1/session/proof": self,
  "PUT /api/v1/session/password": self,
  "POST /api/v1/session/totp/enrolment": { ...self, needsProof: true },
  "PUT /api/v1/session/totp/enrolment": { ...self, needsProof: true },
  "GET /api/v1/sessions": self,
  "DELETE /api/v1/sessions": self,
  "DELETE /api/v1/sessions/:sessionId": self,

  "GET /api/v1/invitations": manage,
  "POST /api/v1/invitations": { ...manage, needsProof: true },
  "DELETE /api/v1/invitations/:invitationId": manage,
  "POST /api/v1/invitations/accept": open,
  "POST /api/v1/invitations/join": self,
  "GET /api/v1/members": manage,
  "GET /api/v1/members/:personId": manage,
  "PATCH /api/v1/members/:personId": { ...manage, needsProof: true },
  "POST /api/v1/password-resets": { ...manage, needsProof: true },
  "POST /api/v1/password-resets/redeem": open,

  "GET /api/v1/api-keys": { kind: "tenant", roles: ["owner"] },
  "POST /api/v1/api-keys": { kind: "tenant", roles: ["owner"], needsProof: true },
  "GET /api/v1/api-keys/:keyId": { kind: "tenant", roles: ["owner"] },
  "DELETE /api/v1/api-keys/:keyId": { kind: "tenant", roles: ["owner"] },

  "GET /api/v1/tenants": { kind: "platform", roles: ["platform-admin", "operator"] },
  "POST /api/v1/tenants": { kind: "platform", roles: ["platform-admin"], needsProof: true },
  "PUT /api/v1/tenants/:tenantId/state": {
    kind: "platform",
    roles: ["platform-admin"],
    needsProof: true,
  },
  "PUT /api/v1/tenants/:tenantId/edition-pages": {
    kind: "platform",
    roles: ["platform-admin"],
    needsProof: true,
  },
  "GET /api/v1/tenants/:tenantId/plan": figures,
  "PUT /api/v1/tenants/:tenantId/plan": {
    kind: "platform",
    roles: ["platform-admin"],
    needsProof: true,
  },
  "GET /api/v1/plans": figures,
  "GET /api/v1/plans/:name": figures,
  "PUT /api/v1/plans/:name": { kind: "platform", roles: ["platform-admin"], needsProof: true },
  "DELETE /api/v1/plans/:name": { kind: "platform", roles: ["platform-admin"], needsProof: true },
  "GET /api/v1/plan": {
    kind: "tenant",
    roles: ["owner", "editor", "agent", "viewer"],
    scope: "usage",
    isOpenWhenClosed: true,
  },
  "GET /api/v1/tenant": {
    kind: "tenant",
    roles: ["owner", "editor", "agent", "viewer"],
    isOpenWhenClosed: true,
  },
  "PATCH /api/v1/tenant": { kind: "tenant", roles: ["owner"] },
  "POST /api/v1/tenant/deletion": { ...lastWill, needsProof: true },
  "DELETE /api/v1/tenant/deletion": lastWill,
  "GET /api/v1/tenant/single-sign-on": { kind: "tenant", roles: ["owner"] },
  "PUT /api/v1/tenant/single-sign-on": { kind: "tenant", roles: ["owner"], needsProof: true },
  "DELETE /api/v1/tenant/single-sign-on": { kind: "tenant", roles: ["owner"], needsProof: true },
  "GET /api/v1/tenant/exports": lastWill,
  "POST /api/v1/tenant/exports": { ...lastWill, needsProof: true },
  "GET /api/v1/tenant/exports/:exportId": lastWill,
  "GET /api/v1/tenant/exports/:exportId/archive": { ...lastWill, needsProof: true },

  "GET /api/v1/getting-started": { kind: "tenant", roles: business },

  "GET /api/v1/bots": {
    kind: "tenant",
    roles: readers,
    platform: ["platform-admin", "operator"],
    scope: "bots",
  },
  "POST /api/v1/bots": bots,
  "DELETE /api/v1/bots/:botId": bots,
  "GET /api/v1/bots/:botId/picture": { kind: "tenant", roles: readers, scope: "bots" },
  "GET /api/v1/bots/:botId/session": bots,
  "GET /api/v1/bots/:botId/session/qr.png": bots,
  "POST /api/v1/bots/:botId/session/requests": bots,
  "GET /api/v1/bots/:botId/session/screenshot.png": bots,
  "POST /api/v1/bots/:botId/session/links": bots,
  "GET /api/v1/bots/:botId/web-chat": bots,
  "PUT /api/v1/bots/:botId/web-chat": bots,
  "PUT /api/v1/bots/:botId/web-chat/avatar": bots,
  "DELETE /api/v1/bots/:botId/web-chat/avatar": bots,

  "GET /api/v1/events": {
    kind: "tenant",
    roles: ["owner", "editor", "agent", "viewer"],
    platform: ["platform-admin", "operator"],
    scope: "events",
  },
  "GET /api/v1/analytics": analytics,
  "GET /api/v1/analytics.csv": analytics,
  "GET /api/v1/analytics/acts": analytics,
  "GET /api/v1/analytics/acts.csv": analytics,
  "GET /api/v1/analytics/questions": asked,
  "GET /api/v1/analytics/questions.csv": asked,
  "GET /api/v1/feedback": judged,
  "GET /api/v1/feedback.csv": judged,
  "GET /api/v1/platform/analytics": figures,
  "GET /api/v1/platform/analytics.csv": figures,
  "GET /api/v1/webhooks": webhooks,
  "POST /api/v1/webhooks": { ...webhooks, needsProof: true },
  "GET /api/v1/webhooks/:webhookId": webhooks,
  "PATCH /api/v1/webhooks/:webhookId": { ...webhooks, needsProof: true },
  "DELETE /api/v1/webhooks/:webhookId": webhooks,
  "POST /api/v1/webhooks/:webhookId/secret": { ...webhooks, needsProof: true },
  "POST /api/v1/webhooks/:webhookId/tests": webhooks,
  "POST /api/v1/webhooks/:webhookId/replays": webhooks,
  "GET /api/v1/webhooks/:webhookId/deliveries": webhooks,
  "GET /api/v1/webhooks/:webhookId/deliveries/:deliveryId": webhooks,
  "POST /api/v1/webhooks/:webhookId/deliveries/:deliveryId/replay": webhooks,

  "GET /api/v1/campaign-policy": watching,
  "PUT /api/v1/campaign-policy": { kind: "tenant", roles: ["owner"] },
  "GET /api/v1/campaigns": watching,
  "POST /api/v1/campaigns": sending,
  "GET /api/v1/campaigns/:campaignId": watching,
  "PUT /api/v1/campaigns/:campaignId": sending,
  "DELETE /api/v1/campaigns/:campaignId": sending,
  "PUT /api/v1/campaigns/:campaignId/audience": sending,
  "POST /api/v1/campaigns/:campaignId/preview": sending,
  "GET /api/v1/campaigns/:campaignId/dry-run": sending,
  "POST /api/v1/campaigns/:campaignId/schedule": sending,
  "POST /api/v1/campaigns/:campaignId/unschedule": sending,
  "POST /api/v1/campaigns/:campaignId/approval": { kind: "tenant", roles: business },
  "POST /api/v1/campaigns/:campaignId/pause": sending,
  "POST /api/v1/campaigns/:campaignId/resume": sending,
  "POST /api/v1/campaigns/:campaignId/cancel": sending,
  "POST /api/v1/campaigns/:campaignId/retry-failed": sending,
  "POST /api/v1/campaigns/:campaignId/resend-unknown": sending,
  "GET /api/v1/campaigns/:campaignId/recipients": watching,
  "GET /api/v1/campaigns/:campaignId/report.csv": watching,

  "GET /api/v1/conversations": talk,
  "GET /api/v1/conversations/:conversationId": talk,
  "GET /api/v1/conversations/:conversationId/history": talk,
  "GET /api/v1/conversations/:conversationId/passports/:messageId": talk,
  "GET /api/v1/conversations/:conversationId/messages/:messageId/media": talk,
  "PUT /api/v1/conversations/:conversationId/hold": desk,
  "POST /api/v1/conversations/:conversationId/release": desk,
  "POST /api/v1/conversations/:conversationId/replies": desk,
  "POST /api/v1/conversations/:conversationId/parts/:outboxId/resend": desk,
  "PUT /api/v1/conversations/:conversationId/seen": desk,
  "PUT /api/v1/conversations/:conversationId/state": desk,
  "PUT /api/v1/conversations/:conversationId/assignment": desk,
  "PUT /api/v1/conversations/:conversationId/tags": desk,
  "POST /api/v1/conversations/:conversationId/notes": desk,
  "DELETE /api/v1/conversations/:conversationId/notes/:noteId": desk,
  "GET /api/v1/canned-replies": talk,
  "GET /api/v1/canned-replies/:name": talk,
  "PUT /api/v1/canned-replies/:name": { ...desk, scope: "conversations" },
  "DELETE /api/v1/canned-replies/:name": { ...desk, scope: "conversations" },
  "POST /api/v1/canned-replies/:name/fill": desk,

  "GET /api/v1/contacts": readsContacts,
  "POST /api/v1/contacts": changesContacts,
  "POST /api/v1/contacts/search": readsContacts,
  "POST /api/v1/contacts/import": { kind: "tenant", roles: business, scope: "contacts" },
  "GET /api/v1/contacts/imports": { kind: "tenant", roles: business, scope: "contacts" },
  "GET /api/v1/contacts/export.csv": takesContacts,
  "GET /api/v1/contacts/:contactId": readsContacts,
  "GET /api/v1/contacts/:contactId/subscriptions": readsContacts,
  "GET /api/v1/subscriptions": readsContacts,
  "DELETE /api/v1/subscriptions/:subscriptionId": changesContacts,
  "PATCH /api/v1/contacts/:contactId": changesContacts,
  "DELETE /api/v1/contacts/:contactId": takesContacts,
  "GET /api/v1/contacts/:contactId/export": takesContacts,
  "PUT /api/v1/contacts/:contactId/block": changesContacts,
  "DELETE /api/v1/contacts/:contactId/block": changesContacts,
  "GET /api/v1/contacts/:contactId/merges": readsContacts,
  "POST /api/v1/contacts/:contactId/merges": changesContacts,
  "DELETE /api/v1/contact-merges/:mergeId": changesContacts,
  "GET /api/v1/segments": readsContacts,
  "POST /api/v1/segments": changesContacts,
  "POST /api/v1/segments/preview": readsContacts,
  "GET /api/v1/segments/:segmentId": readsContacts,
  "PUT /api/v1/segments/:segmentId": changesContacts,
  "DELETE /api/v1/segments/:segmentId": changesContacts,
  "POST /api/v1/segments/:segmentId/members": changesContacts,
  "GET /api/v1/bots/:botId/strangers": readsContacts,
  "PUT /api/v1/bots/:botId/strangers": admits,
  "GET /api/v1/bots/:botId/pairing-codes": admits,
  "POST /api/v1/bots/:botId/pairing-codes": admits,
  "DELETE /api/v1/bots/:botId/pairing-codes/:codeId": admits,

  "GET /api/v1/documents": readsDocuments,
  "POST /api/v1/documents": changesDocuments,
  "GET /api/v1/document-usage": readsDocuments,
  "GET /api/v1/documents/:documentId": readsDocuments,
  "PATCH /api/v1/documents/:documentId": changesDocuments,
  "DELETE /api/v1/documents/:documentId": changesDocuments,
  "GET /api/v1/documents/:documentId/content": readsDocuments,
  "PUT /api/v1/documents/:documentId/content": changesDocuments,
  "GET /api/v1/documents/:documentId/versions/:version/pages/:page": readsDocuments,
  "POST /api/v1/documents/:documentId/reindex": changesDocuments,
  "POST /api/v1/documents/:documentId/refetch": changesDocuments,
  "GET /api/v1/knowledge-sets": readsDocuments,
  "GET /api/v1/knowledge-sets/:name": readsDocuments,
  "PUT /api/v1/knowledge-sets/:name": changesDocuments,
  "DELETE /api/v1/knowledge-sets/:name": changesDocuments,

  "GET /api/v1/prompts": readsPrompts,
  "POST /api/v1/prompts": changesPrompts,
  "GET /api/v1/prompts/:promptId": readsPrompts,
  "PUT /api/v1/prompts/:promptId": changesPrompts,
  "PATCH /api/v1/prompts/:promptId": changesPrompts,
  "DELETE /api/v1/prompts/:promptId": changesPrompts,
  "GET /api/v1/prompts/:promptId/versions": readsPrompts,
  "POST /api/v1/prompts/:promptId/estimate": changesPrompts,
  "POST /api/v1/prompts/:promptId/runs": changesPrompts,
  "GET /api/v1/prompt-runs": readsPrompts,
  "GET /api/v1/prompt-runs/:runId": readsPrompts,
  "GET /api/v1/prompt-runs/:runId/pages": readsPrompts,
  "GET /api/v1/prompt-runs/:runId/comparison": readsPrompts,
  "PUT /api/v1/prompt-runs/:runId/statements": changesPrompts,
  "POST /api/v1/prompt-runs/:runId/approval": changesPrompts,
  "POST /api/v1/prompt-runs/:runId/rejection": changesPrompts,
  "POST /api/v1/prompt-runs/:runId/cancellation": changesPrompts,
  "POST /api/v1/prompt-runs/:runId/retry": changesPrompts,

  "GET /api/v1/source-presets": readsSources,
  "GET /api/v1/sources": readsSources,
  "POST /api/v1/sources": changesSources,
  "GET /api/v1/sources/:sourceId": readsSources,
  "PATCH /api/v1/sources/:sourceId": changesSources,
  "DELETE /api/v1/sources/:sourceId": changesSources,
  "GET /api/v1/sources/:sourceId/calendar": readsSources,
  "GET /api/v1/sources/:sourceId/editions/:date": readsSources,
  "GET /api/v1/sources/:sourceId/editions/:date/screenshot": readsSources,
  "GET /api/v1/sources/:sourceId/editions/:date/listing": readsSources,
  "POST /api/v1/sources/:sourceId/editions/:date/collect": changesSources,
  "POST /api/v1/sources/:sourceId/editions/:date/reading": changesSources,
  "POST /api/v1/sources/:sourceId/editions/:date/decision": changesSources,
  "PUT /api/v1/sources/:sourceId/editions/:date/content": changesSources,
  "GET /api/v1/sources/:sourceId/backfills": readsSources,
  "POST /api/v1/sources/:sourceId/backfills": changesSources,
  "DELETE /api/v1/sources/:sourceId/backfills/:backfillId": changesSources,
  "GET /api/v1/editions/:editionId": readsSources,
  "GET /api/v1/editions/:editionId/pages/:page": readsSources,
  "GET /api/v1/editions/:editionId/pages/:page/image": readsSources,

  "GET /api/v1/news-templates": publishing,
  "PUT /api/v1/news-templates": publishing,
  "GET /api/v1/publishing-targets": publishing,
  "POST /api/v1/publishing-targets": publishing,
  "GET /api/v1/publishing-targets/:targetId": publishing,
  "PATCH /api/v1/publishing-targets/:targetId": publishing,
  "DELETE /api/v1/publishing-targets/:targetId": publishing,
  "POST /api/v1/publishing-targets/:targetId/check": publishing,
  "GET /api/v1/publications": publishing,
  "POST /api/v1/publications": publishing,
  "POST /api/v1/publications/preview": publishing,
  "GET /api/v1/publications/:publicationId": publishing,
  "POST /api/v1/publications/:publicationId/schedule": publishing,
  "POST /api/v1/publications/:publicationId/cancel": publishing,
  "POST /api/v1/publications/:publicationId/retry": publishing,
  "POST /api/v1/publications/:publicationId/resend": publishing,
  "POST /api/v1/publications/:publicationId/accept": publishing,

  "GET /api/v1/assistants": { kind: "tenant", roles: readers, scope: "assistants" },
  "GET /api/v1/assistants/:name": { kind: "tenant", roles: readers, scope: "assistants" },
  "PUT /api/v1/assistants/:name": { kind: "tenant", roles: business, scope: "assistants" },
  "DELETE /api/v1/assistants/:name": { kind: "tenant", roles: business, scope: "assistants" },
  "GET /api/v1/assistants/:name/versions": {
    kind: "tenant",
    roles: readers,
    scope: "assistants",
  },
  "GET /api/v1/assistants/:name/versions/:revision": {
    kind: "tenant",
    roles: readers,
    scope: "assistants",
  },
  "POST /api/v1/assistants/:name/versions/:revision/restore": {
    kind: "tenant",
    roles: business,
    scope: "assistants",
  },
  "GET /api/v1/assistants/:name/experiments": {
    kind: "tenant",
    roles: readers,
    scope: "assistants",
  },
  "POST /api/v1/assistants/:name/experiments": {
    kind: "tenant",
    roles: business,
    scope: "assistants",
  },
  "POST /api/v1/assistants/:name/experiments/:experimentId/end": {
    kind: "tenant",
    roles: business,
    scope: "assistants",
  },
  "POST /api/v1/assistants/:name/trial": {
    kind: "tenant",
    roles: business,
    scope: "assistants",
  },
  "PUT /api/v1/bots/:botId/assistant": { kind: "tenant", roles: business, scope: "assistants" },
  "GET /api/v1/models": { kind: "tenant", roles: readers, scope: "assistants" },
  "GET /api/v1/balance": money,
  "PUT /api/v1/balance/thresholds": { kind: "tenant", roles: ["owner"] },
  "GET /api/v1/balance/transactions": money,
  "POST /api/v1/balance/transactions": {
    kind: "tenant",
    roles: [],
    platform: ["platform-admin"],
    needsProof: true,
  },
  "GET /api/v1/balance/statement.csv": money,
  "GET /api/v1/usage": money,
  "POST /api/v1/payments": {
    kind: "own",
    how: "the payment provider's signature over the raw body",
  },
  "GET /api/v1/budgets": { kind: "tenant", roles: readers, scope: "assistants" },
  "PUT /api/v1/budgets/:period": {
    kind: "tenant",
    roles: ["owner"],
    scope: "assistants",
    needsProof: true,
  },
} as const satisfies Readonly<Record<string, Access>>;

/** What the table says of a route; undefined: nothing, and nobody may. */
export function accessOf(method: string, path: string): Access | undefined {
  const key = `${method === "HEAD" ? "GET" : method} ${path}`;
  return Object.hasOwn(ACCESS, key) ? ACCESS[key as keyof typeof ACCESS] : undefined;
}
