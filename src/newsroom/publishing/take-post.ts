import type {
  LookUpOutcome,
  OpenPost,
  OpenPublication,
  PostContext,
  PostOutcome,
  PublicationVerdict,
} from "../../core/publishing-work.ts";
import type { AdapterSet } from "./adapter-set.ts";
import { verdictAfterDoubt, verdictAfterRefusal, verdictAfterUnknown } from "./pauses.ts";
import { LEASE_MS, type PublisherPorts } from "./publisher-ports.ts";

/** What was posted shows on X's timeline after some seconds: sooner, its absence proves nothing. */
const SETTLING_MS = 20_000;

/** `stop`: the turn ends so, unless the posts are independent of each other. */
export type Step =
  | { readonly kind: "on"; readonly networkId: string | undefined }
  | { readonly kind: "stop"; readonly verdict: PublicationVerdict }
  | { readonly kind: "lost" };

const LOST: Step = { kind: "lost" };

/** Brings one post to where it is certainly there, or stops. */
export async function takePost(
  ports: PublisherPorts,
  open: OpenPublication,
  post: OpenPost,
  context: PostContext,
): Promise<Step> {
  if (post.state === "sent") return { kind: "on", networkId: post.networkId };
  if (post.state === "refused") {
    const reason = post.reason ?? "refused";
    return { kind: "stop", verdict: { kind: "failed", reason } };
  }
  if (post.state !== "pending") {
    const found = await lookFor(ports, open, post, context);
    if (found !== "absent") return found;
  }
  if (!(await ports.ledger.begin(open, post.position, LEASE_MS))) return LOST;
  ports.faultPoint("publishing:begun");
  const outcome = await call(ports, open, (adapter) =>
    adapter.post(post.planned.content ?? {}, context),
  );
  ports.faultPoint("publishing:posted");
  return afterPost(ports, open, post, context, outcome);
}

async function afterPost(
  ports: PublisherPorts,
  open: OpenPublication,
  post: OpenPost,
  context: PostContext,
  outcome: PostOutcome,
): Promise<Step> {
  const { ledger, metrics } = ports;
  metrics.count("publication_posts_total", { target: open.settings.kind, outcome: outcome.kind });
  if (outcome.kind === "refused" && outcome.isDuplicate === true) {
    return takeDuplicate(ports, open, post, context, outcome);
  }
  if (!(await ledger.settle(open, post.position, outcome))) return LOST;
  ports.faultPoint("publishing:settled");
  if (outcome.kind === "sent") return { kind: "on", networkId: outcome.networkId };
  if (outcome.kind === "refused") {
    return { kind: "stop", verdict: verdictAfterRefusal(outcome, open.failures) };
  }
  const canLook = ports.adapters.of(open.settings.kind).lookUp !== undefined;
  const { reason } = outcome;
  if (!canLook) return { kind: "stop", verdict: { kind: "unknown", reason } };
  const settlingMs = ports.settlingMs ?? SETTLING_MS;
  return { kind: "stop", verdict: verdictAfterUnknown(post.attempts + 1, reason, settlingMs) };
}

/** The network has these words: ours, when they are from after the publication was made. */
async function takeDuplicate(
  ports: PublisherPorts,
  open: OpenPublication,
  post: OpenPost,
  context: PostContext,
  refusal: Extract<PostOutcome, { kind: "refused" }>,
): Promise<Step> {
  const looked = await lookUp(ports, open, post, context);
  if (looked.kind === "found") {
    if (!(await ports.ledger.settle(open, post.position, looked))) return LOST;
    return { kind: "on", networkId: looked.networkId };
  }
  // Refused as a duplicate although it is not to be seen: it was not posted, by whatever words there are.
  const outcome = looked.kind === "absent" ? refusal : looked;
  if (!(await ports.ledger.settle(open, post.position, outcome))) return LOST;
  if (looked.kind === "unsure") {
    return { kind: "stop", verdict: verdictAfterDoubt(post.lookUps, looked.reason) };
  }
  return { kind: "stop", verdict: { kind: "failed", reason: refusal.reason } };
}

/** Of a post that may be there. `absent`: it is not, and may go. */
async function lookFor(
  ports: PublisherPorts,
  open: OpenPublication,
  post: OpenPost,
  context: PostContext,
): Promise<Step | "absent"> {
  if (ports.adapters.of(open.settings.kind).lookUp === undefined) {
    const reason = post.state === "attempting" ? "process-lost" : (post.reason ?? "unknown");
    if (!(await ports.ledger.settle(open, post.position, { kind: "unknown", reason }))) return LOST;
    return { kind: "stop", verdict: { kind: "unknown", reason } };
  }
  const settlingMs = ports.settlingMs ?? SETTLING_MS;
  if ((post.ageMs ?? settlingMs) < settlingMs) {
    const reason = post.reason ?? "process-lost";
    return { kind: "stop", verdict: verdictAfterUnknown(1, reason, settlingMs) };
  }
  const looked = await lookUp(ports, open, post, context);
  ports.faultPoint("publishing:looked");
  if (!(await ports.ledger.settle(open, post.position, looked))) return LOST;
  if (looked.kind === "found") return { kind: "on", networkId: looked.networkId };
  if (looked.kind === "absent") return "absent";
  return { kind: "stop", verdict: verdictAfterDoubt(post.lookUps, looked.reason) };
}

async function lookUp(
  ports: PublisherPorts,
  open: OpenPublication,
  post: OpenPost,
  context: PostContext,
): Promise<LookUpOutcome> {
  const { lookUp: look } = ports.adapters.of(open.settings.kind);
  if (look === undefined) return { kind: "unsure", reason: "cannot-look" };
  return look(post.planned.content ?? {}, context);
}

function call(
  ports: PublisherPorts,
  open: OpenPublication,
  work: (adapter: ReturnType<AdapterSet["of"]>) => Promise<PostOutcome>,
): Promise<PostOutcome> {
  return work(ports.adapters.of(open.settings.kind)).catch((error: unknown) => {
    ports.logger.error("target-threw", { publicationId: open.publicationId, error });
    return { kind: "unknown", reason: "target-threw" } as const;
  });
}
