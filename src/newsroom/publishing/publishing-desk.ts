import { v5 as uuidv5 } from "uuid";
import type { Clock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { PromptRunId, TenantId } from "../../core/ids.ts";
import type { ApprovedText, ApprovedTexts } from "../../core/prompts.ts";
import type {
  PlannedPost,
  PublishingActor,
  PublishingStore,
  PublishingTarget,
} from "../../core/publishing.ts";
import type { TargetCheck } from "../../core/publishing-work.ts";
import type { AdapterSet } from "./adapter-set.ts";

/** Clocks of people differ from ours. */
const LATE_MS = 60_000;
const CHECK_TIMEOUT_MS = 30_000;

export interface TargetPreview {
  readonly target: PublishingTarget;
  readonly posts: readonly PlannedPost[];
}

export interface PublishOrder {
  readonly runId: PromptRunId;
  readonly targetIds: readonly string[];
  /** Undefined: now. */
  readonly at: Date | undefined;
  readonly timeZone: string | undefined;
}

export type PublishingDesk = ReturnType<typeof createPublishingDesk>;

/** What a tenant's people do with targets and publications, beyond what the store does by itself. */
export function createPublishingDesk(ports: {
  readonly store: PublishingStore;
  readonly texts: Pick<ApprovedTexts, "find">;
  readonly adapters: AdapterSet;
  /** Our own address, without a slash at the end; undefined: not known yet. */
  readonly publicUrl: () => string | undefined;
  readonly clock: Clock;
}) {
  const { store, texts, adapters, clock } = ports;

  async function textOf(tenantId: TenantId, runId: PromptRunId): Promise<ApprovedText> {
    const text = await texts.find(tenantId, runId);
    if (text !== undefined) return text;
    throw new PregoneroError(
      "run-unknown",
      "There is no such run, or it is not approved: what is published was approved before.",
      { status: 404 },
    );
  }

  async function requireTarget(tenantId: TenantId, targetId: string): Promise<PublishingTarget> {
    const target = await store.findTarget(tenantId, targetId);
    if (target !== undefined) return target;
    throw new PregoneroError("target-unknown", "There is no such target.", { status: 404 });
  }

  function requireFuture(at: Date): void {
    if (at.getTime() >= clock.now().getTime() - LATE_MS) return;
    throw new PregoneroError(
      "start-time",
      `${at.toISOString()} is past: leave startsAt out to publish now.`,
      { status: 400 },
    );
  }

  return {
    store,

    /** What would be posted, word for word; of all targets when none is named. */
    async preview(
      tenantId: TenantId,
      runId: PromptRunId,
      targetIds: readonly string[] | undefined,
    ): Promise<readonly TargetPreview[]> {
      const text = await textOf(tenantId, runId);
      const targets =
        targetIds === undefined
          ? await store.listTargets(tenantId)
          : await Promise.all(targetIds.map((id) => requireTarget(tenantId, id)));
      const publicUrl = ports.publicUrl() ?? "";
      return targets.map((target) => {
        const adapter = adapters.of(target.settings.kind);
        return { target, posts: adapter.plan(text, target.settings, publicUrl) };
      });
    },

    /** Returns the ids of the publications; the same `operationId` again gives the same ones. */
    async publish(
      tenantId: TenantId,
      order: PublishOrder,
      operationId: string,
      by: PublishingActor,
    ): Promise<readonly string[]> {
      if (order.at !== undefined) requireFuture(order.at);
      const { runId } = await textOf(tenantId, order.runId);
      const scheduledFor = order.at ?? clock.now();
      const requests = [...new Set(order.targetIds)].map((targetId) => ({
        publicationId: uuidv5(targetId, operationId),
        runId,
        targetId,
        scheduledFor,
        timeZone: order.timeZone,
      }));
      for (const { targetId } of requests) await requireTarget(tenantId, targetId);
      await store.schedule(tenantId, requests, by);
      return requests.map(({ publicationId }) => publicationId);
    },

    async reschedule(
      tenantId: TenantId,
      publicationId: string,
      when: { readonly at: Date | undefined; readonly timeZone: string | undefined },
      by: PublishingActor,
    ): Promise<void> {
      if (when.at !== undefined) requireFuture(when.at);
      const step = {
        kind: "schedule",
        at: when.at ?? clock.now(),
        timeZone: when.timeZone,
      } as const;
      await store.take(tenantId, publicationId, step, by);
    },

    /** Asks the network whether it takes the credentials. Well, a target that needed attention is active again. */
    async check(tenantId: TenantId, targetId: string, by: PublishingActor): Promise<TargetCheck> {
      const target = await requireTarget(tenantId, targetId);
      const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
      const adapter = adapters.of(target.settings.kind);
      const found = await adapter.check(tenantId, target.settings, signal);
      const isMended = found.isWell && target.state === "needs-attention";
      if (found.settings !== undefined || isMended) {
        const change = {
          settings: found.settings,
          ...(isMended ? { state: "active" as const } : {}),
        };
        await store.changeTarget(tenantId, targetId, change, undefined, by);
      }
      return found;
    },
  };
}
