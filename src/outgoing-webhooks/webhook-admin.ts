import type { Clock } from "../core/clock.ts";
import type { WebhookAdmin, WebhookStore } from "../core/outgoing-webhooks.ts";
import { newWebhookSecret } from "./sign-webhook.ts";

/** How long the secret before a rotation signs besides the present one. */
const PREVIOUS_SECRET_MS = 24 * 60 * 60 * 1000;

/** Rules beyond storage: an address is checked before it is kept, secrets are made here and shown once. */
export function createWebhookAdmin(ports: {
  readonly store: WebhookStore;
  /** Throws `url-refused` (400). Where a name leads is checked again at every call. */
  readonly checkUrl: (url: string) => void;
  readonly clock: Clock;
}): WebhookAdmin {
  const { store, checkUrl, clock } = ports;
  return {
    ...store,
    async add(tenantId, endpointId, draft, by) {
      checkUrl(draft.url);
      const secret = newWebhookSecret();
      const endpoint = await store.insert(tenantId, { ...draft, endpointId, secret }, by);
      return { endpoint, secret };
    },
    async change(tenantId, endpointId, change, revision, by) {
      if (change.url !== undefined) checkUrl(change.url);
      return store.change(tenantId, endpointId, change, revision, by);
    },
    async rotateSecret(tenantId, endpointId, by) {
      const secret = newWebhookSecret();
      const previousUntil = new Date(clock.now().getTime() + PREVIOUS_SECRET_MS);
      const found = await store.replaceSecret(tenantId, endpointId, secret, previousUntil, by);
      return found ? { secret, previousUntil } : undefined;
    },
  };
}
