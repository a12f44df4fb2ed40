import type { TargetSettings } from "../../core/publishing.ts";
import type {
  ClaimedPublication,
  OpenPost,
  OpenPublication,
  PostContext,
  PublicationVerdict,
} from "../../core/publishing-work.ts";
import { planPosts } from "./plan-posts.ts";
import { LEASE_MS, type PublisherPorts } from "./publisher-ports.ts";
import { takePost } from "./take-post.ts";

/** Publications that one process works at together. */
const CONCURRENCY = 4;
/** Longer than any adapter's own time-out, so that the adapter classifies first. */
const CALL_TIMEOUT_MS = 75_000;

export type Publisher = (signal: AbortSignal) => Promise<boolean>;

/**
 * Posts what is due; true when it worked at something. Each publication is a row of posts, which go one after the other:
 * the attempt is committed before the call, and what came of it after. A post that is found `attempting` was a dead
 * process's: it is looked for where the network can be asked, and is in doubt where not. It never goes again unasked.
 */
export function createPublisher(ports: PublisherPorts): Publisher {
  const { ledger, logger } = ports;

  async function work(claimed: ClaimedPublication, signal: AbortSignal): Promise<void> {
    try {
      const open = await ledger.open(claimed);
      if (open === undefined) return;
      ports.faultPoint("publishing:opened");
      const verdict = await carryOn(ports, open, signal);
      if (verdict === undefined) return;
      if (await ledger.finish(claimed, verdict)) report(claimed, open, verdict);
    } catch (error) {
      // The row stays as it is: when its lease has run out, it is taken up where the ledger says that it stands.
      if (!signal.aborted) {
        logger.error("publication-not-finished", { publicationId: claimed.publicationId, error });
      }
    }
  }

  function report(
    { publicationId, targetId }: ClaimedPublication,
    { settings }: OpenPublication,
    verdict: PublicationVerdict,
  ): void {
    const reason = verdict.kind === "published" ? undefined : verdict.reason;
    ports.metrics.count("publications_total", { target: settings.kind, outcome: verdict.kind });
    const fields = { publicationId, targetId, target: settings.kind, reason };
    if (verdict.kind === "published") logger.info("publication-published", fields);
    else if (verdict.kind === "wait") logger.debug("publication-waits", fields);
    else logger.warn(`publication-${verdict.kind}`, fields);
  }

  return async (signal) => {
    const claimed = await ledger.claim(CONCURRENCY, LEASE_MS);
    if (claimed.length > 0) ports.faultPoint("publishing:claimed");
    await Promise.all(claimed.map((each) => work(each, signal)));
    return claimed.length > 0;
  };
}

/** Undefined: another process has it by now. */
async function carryOn(
  ports: PublisherPorts,
  open: OpenPublication,
  signal: AbortSignal,
): Promise<PublicationVerdict | undefined> {
  const plan = await planPosts(ports, open);
  if (plan.kind === "lost") return undefined;
  if (plan.kind === "stop") return plan.verdict;
  const isIndependent = ports.adapters.of(open.settings.kind).areIndependent === true;
  const stops: PublicationVerdict[] = [];
  const current: Current = { settings: open.settings, previousId: undefined };
  for (const post of plan.posts) {
    signal.throwIfAborted();
    const step = await takePost(ports, open, post, contextOf(ports, open, post, current, signal));
    if (step.kind === "lost") return undefined;
    if (step.kind === "on") current.previousId = step.networkId;
    else if (isIndependent && !concernsAll(step.verdict)) stops.push(step.verdict);
    else return step.verdict;
  }
  return gravest(stops);
}

/** What stands in the way of one letter stands in the way of all. */
function concernsAll(verdict: PublicationVerdict): boolean {
  return verdict.kind === "needs-attention" || (verdict.kind === "wait" && verdict.holdsTarget);
}

/** What can still go is waited for; then a doubt is for a person to decide. */
function gravest(stops: readonly PublicationVerdict[]): PublicationVerdict {
  for (const kind of ["wait", "unknown", "failed"] as const) {
    const found = stops.find((verdict) => verdict.kind === kind);
    if (found !== undefined) return found;
  }
  return { kind: "published" };
}

/** What changes from one post to the next: tokens are exchanged, a thread grows. */
interface Current {
  settings: TargetSettings;
  previousId: string | undefined;
}

function contextOf(
  { ledger }: PublisherPorts,
  open: OpenPublication,
  { position }: OpenPost,
  current: Current,
  signal: AbortSignal,
): PostContext {
  return {
    tenantId: open.tenantId,
    publicationId: open.publicationId,
    position,
    get settings() {
      return current.settings;
    },
    previousId: current.previousId,
    createdAt: open.createdAt,
    async keepSettings(settings) {
      if (!(await ledger.keepSettings(open, settings))) {
        throw new Error("Another process has the publication.");
      }
      current.settings = settings;
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
  };
}
