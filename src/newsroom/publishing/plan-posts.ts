import type { OpenPost, OpenPublication, PublicationVerdict } from "../../core/publishing-work.ts";
import type { PublisherPorts } from "./publisher-ports.ts";

export type Plan =
  | { readonly kind: "planned"; readonly posts: readonly OpenPost[] }
  | { readonly kind: "stop"; readonly verdict: PublicationVerdict }
  | { readonly kind: "lost" };

const NO_ADDRESS: PublicationVerdict = {
  kind: "wait",
  afterMs: 30_000,
  reason: "no-public-url",
  isFailure: false,
  holdsTarget: false,
};

/** What will be posted, kept before any of it is; or what there is that could not be. */
export async function planPosts(ports: PublisherPorts, open: OpenPublication): Promise<Plan> {
  if (open.posts !== undefined) return { kind: "planned", posts: open.posts };
  const publicUrl = ports.publicUrl();
  if (publicUrl === undefined) return { kind: "stop", verdict: NO_ADDRESS };
  const text = await ports.texts.find(open.tenantId, open.runId);
  if (text === undefined) {
    return { kind: "stop", verdict: { kind: "failed", reason: "not-approved" } };
  }
  const posts = ports.adapters
    .of(open.settings.kind)
    .plan(text, open.settings, publicUrl)
    .filter((post) => post.content !== undefined);
  const editions = text.editions.map(({ sourceSlug, date }) => ({ sourceSlug, date }));
  if (!(await ports.ledger.plan(open, { posts, editions }))) return { kind: "lost" };
  ports.faultPoint("publishing:planned");
  return {
    kind: "planned",
    posts: posts.map((planned, position) => ({
      position,
      state: "pending",
      attempts: 0,
      networkId: undefined,
      reason: undefined,
      attemptedAt: undefined,
      planned,
      ageMs: undefined,
      lookUps: 0,
    })),
  };
}
