import type { NewEvent } from "../../core/events.ts";
import { asId, type PromptRunId } from "../../core/ids.ts";
import type { PublicationState, TargetKind } from "../../core/publishing.ts";
import type { ClaimedPublication, PublicationVerdict } from "../../core/publishing-work.ts";
import type { Transaction } from "../database.ts";
import { noteDeed, publicationEvent } from "./publishing-rows.ts";
import { targetEvent } from "./publishing-targets.ts";

const SYSTEM = { actor: "system" };

/** Ends a turn and gives the target free, in one transaction. False: another process has the publication. */
export async function finishTurn(
  tx: Transaction,
  claimed: ClaimedPublication,
  verdict: PublicationVerdict,
): Promise<boolean> {
  const { tenantId, publicationId, targetId, claim } = claimed;
  const [target] = await tx.query<{ kind: TargetKind }>(
    "select kind from publishing_target where tenant_id = $1 and id = $2 for update",
    [tenantId, targetId],
  );
  const state = stateAfter(verdict);
  const afterMs = verdict.kind === "wait" ? verdict.afterMs : 0;
  const reason = verdict.kind === "published" ? undefined : verdict.reason;
  const [row] = await tx.query<{ run_id: string }>(
    {
      name: "publishing-finish",
      text: `update publication
             set state = $4, reason = $5, next_at = now() + $6 * interval '1 millisecond',
                 failures = failures + case when $7 then 1 else 0 end,
                 published_at = case when $4 = 'published' then now() end
             where tenant_id = $1 and id = $2 and claims = $3 and state = 'publishing'
             returning run_id`,
    },
    [
      tenantId,
      publicationId,
      claim,
      state,
      reason ?? null,
      afterMs,
      verdict.kind === "wait" && verdict.isFailure,
    ],
  );
  if (row === undefined || target === undefined) return false;
  const holdMs = verdict.kind === "wait" && verdict.holdsTarget ? afterMs : 0;
  await tx.query(
    `update publishing_target
     set busy_until = now() + $3 * interval '1 millisecond',
         state = case when $4::text is null then state else 'needs-attention' end,
         attention = coalesce($4, attention)
     where tenant_id = $1 and id = $2`,
    [
      tenantId,
      targetId,
      holdMs,
      verdict.kind === "needs-attention" ? verdict.sentence.slice(0, 500) : null,
    ],
  );
  const events = eventsOf({ publicationId, targetId, runId: row.run_id }, target.kind, verdict);
  if (verdict.kind === "wait") return true;
  const detail = { targetId, runId: row.run_id, ...(reason === undefined ? {} : { reason }) };
  const deed = { tenantId, action: DEEDS[verdict.kind], subject: publicationId };
  await noteDeed(tx, { ...deed, detail, events }, SYSTEM);
  return true;
}

const DEEDS: Readonly<Record<Exclude<PublicationVerdict["kind"], "wait">, string>> = {
  published: "publication-published",
  failed: "publication-failed",
  unknown: "publication-unknown",
  "needs-attention": "publishing-target-refused",
};

function stateAfter({ kind }: PublicationVerdict): PublicationState {
  return kind === "wait" || kind === "needs-attention" ? "publishing" : kind;
}

function eventsOf(
  publication: {
    readonly publicationId: string;
    readonly targetId: string;
    readonly runId: string;
  },
  target: TargetKind,
  verdict: PublicationVerdict,
): readonly NewEvent[] {
  switch (verdict.kind) {
    case "wait":
      return [];
    case "needs-attention":
      return [targetEvent(publication.targetId, "needs-attention")];
    case "failed":
    case "unknown":
      return [publicationEvent(publication, verdict.kind, verdict.reason)];
    case "published":
      return [
        publicationEvent(publication, "published"),
        {
          kind: "publication-published",
          detail: { ...publication, runId: asId<PromptRunId>(publication.runId), target },
        },
      ];
    default:
      return verdict satisfies never;
  }
}
