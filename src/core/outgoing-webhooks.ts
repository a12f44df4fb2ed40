import type { EventKind } from "./events.ts";
import type { TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { RequestOrigin } from "./people.ts";

/** `webhook.test` is sent by hand alone. */
export type DeliveryKind = EventKind | "webhook.test";

export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly kinds: readonly EventKind[];
  readonly state: "active" | "disabled";
  /** `by-person`, `gone` (it answered 410), `failing` (for days). */
  readonly disabledReason: string | undefined;
  /** The first failure since the last success. */
  readonly failingSince: Date | undefined;
  readonly lastSuccessAt: Date | undefined;
  /** Until when the secret before this one signs too. */
  readonly previousSecretUntil: Date | undefined;
  readonly createdAt: Date;
  readonly revision: number;
}

export const DELIVERY_STATES = ["pending", "delivered", "failed", "cancelled"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface WebhookDelivery {
  readonly deliveryId: string;
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Of `pending`. */
  readonly nextAttemptAt: Date | undefined;
  readonly happenedAt: Date;
  readonly createdAt: Date;
  readonly settledAt: Date | undefined;
}

export interface WebhookAttempt {
  readonly attempt: number;
  readonly attemptedAt: Date;
  readonly durationMs: number;
  /** Of HTTP; undefined: there was no answer. */
  readonly status: number | undefined;
  /** Code of the error; undefined: there was none. */
  readonly error: string | undefined;
  /** The first bytes of the answer, as text. */
  readonly response: string | undefined;
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly kinds?: readonly EventKind[] | undefined;
  readonly state?: "active" | "disabled" | undefined;
}

export interface WebhookActor {
  readonly actor: string;
  readonly origin?: RequestOrigin | undefined;
}

/** Endpoints and their deliveries, as a tenant's people see them. Every change is audited, and told as an event. */
export interface WebhookAdmin {
  /** The secret (`whsec_…`) is shown this once. Throws `url-refused` (400), `too-many-webhooks` (409). */
  add(
    tenantId: TenantId,
    endpointId: string,
    draft: { readonly url: string; readonly kinds: readonly EventKind[] },
    by: WebhookActor,
  ): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }>;
  list(tenantId: TenantId): Promise<readonly WebhookEndpoint[]>;
  find(tenantId: TenantId, endpointId: string): Promise<WebhookEndpoint | undefined>;
  /**
   * An endpoint that is active again is told what happens from now on. Undefined: there is none. Throws `stale` (412)
   * when `revision` is given and is not the present one, `url-refused` (400).
   */
  change(
    tenantId: TenantId,
    endpointId: string,
    change: WebhookChange,
    revision: number | undefined,
    by: WebhookActor,
  ): Promise<WebhookEndpoint | undefined>;
  remove(tenantId: TenantId, endpointId: string, by: WebhookActor): Promise<boolean>;
  /** A secret in place of the present one, which signs besides it for 24 hours. Undefined: there is no endpoint. */
  rotateSecret(
    tenantId: TenantId,
    endpointId: string,
    by: WebhookActor,
  ): Promise<{ readonly secret: string; readonly previousUntil: Date } | undefined>;
  /** Queues a `webhook.test`. False: there is no endpoint. */
  sendTest(
    tenantId: TenantId,
    endpointId: string,
    deliveryId: string,
    by: WebhookActor,
  ): Promise<boolean>;
  /** Newest first. */
  listDeliveries(
    tenantId: TenantId,
    endpointId: string,
    state: DeliveryState | undefined,
    page: KeysetRequest,
  ): Promise<KeysetPage<WebhookDelivery>>;
  findDelivery(
    tenantId: TenantId,
    endpointId: string,
    deliveryId: string,
  ): Promise<
    { readonly delivery: WebhookDelivery; readonly attempts: readonly WebhookAttempt[] } | undefined
  >;
  /** Sends again, under the same id, what is not under way. False: there is no such delivery. */
  replay(
    tenantId: TenantId,
    endpointId: string,
    deliveryId: string,
    by: WebhookActor,
  ): Promise<boolean>;
  /**
   * Sends again what happened in a stretch of time and was not delivered (`all`: also what was), and what was missed
   * because the endpoint was disabled, as far as the event log is kept. Returns how many deliveries are pending by
   * it; undefined: there is no endpoint.
   */
  replayRange(
    tenantId: TenantId,
    endpointId: string,
    range: { readonly from: Date; readonly to: Date; readonly all: boolean },
    by: WebhookActor,
  ): Promise<number | undefined>;
}

/** `WebhookAdmin` at rest: addresses and secrets are sealed. */
export interface WebhookStore extends Omit<WebhookAdmin, "add" | "rotateSecret"> {
  insert(
    tenantId: TenantId,
    endpoint: {
      readonly endpointId: string;
      readonly url: string;
      readonly kinds: readonly EventKind[];
      readonly secret: string;
    },
    by: WebhookActor,
  ): Promise<WebhookEndpoint>;
  replaceSecret(
    tenantId: TenantId,
    endpointId: string,
    secret: string,
    previousUntil: Date,
    by: WebhookActor,
  ): Promise<boolean>;
}

/** A delivery whose attempt is on record: it is posted now, by this process. */
export interface DueDelivery {
  readonly tenantId: TenantId;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly kind: DeliveryKind;
  readonly detail: object;
  readonly happenedAt: Date;
  /** This attempt included. */
  readonly attempt: number;
  /** As above, since it was last sent again by hand. */
  readonly tryNumber: number;
  readonly url: string;
  /** Each signs. */
  readonly secrets: readonly string[];
}

export interface AttemptResult {
  readonly due: DueDelivery;
  readonly attemptedAt: Date;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly response: string | undefined;
  /** `retry` after so long; `gone`: the endpoint wants nothing any more. */
  readonly verdict:
    | { readonly kind: "delivered" | "failed" | "gone" }
    | { readonly kind: "retry"; readonly afterMs: number };
}

/** Deliveries as the line of work that they are: at least once, in no promised order, fair between tenants. */
export interface WebhookQueue {
  /** Makes deliveries of events that were appended. Returns how many; any number of processes may. */
  fanOut(): Promise<number>;
  /** Leases due deliveries for `leaseMs`: at most `perEndpoint` of each, one of each that fails, none of `except`. */
  claim(share: {
    readonly limit: number;
    readonly perEndpoint: number;
    readonly leaseMs: number;
    readonly except: readonly string[];
  }): Promise<readonly DueDelivery[]>;
  /**
   * Records the attempt, unless another one was begun since. An endpoint that only failed for `failingMs` is
   * disabled, as is one that is gone.
   */
  settle(result: AttemptResult, failingMs: number): Promise<void>;
  /** Deletes settled deliveries that are older. Returns how many. */
  prune(olderThan: Date): Promise<number>;
}
