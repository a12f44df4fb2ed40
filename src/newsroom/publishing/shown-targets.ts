import type { ApprovedText } from "../../core/prompts.ts";
import {
  EDITION_PAGES_CLOSED,
  type PlannedPost,
  type PublishingStore,
} from "../../core/publishing.ts";
import type { TargetAdapter } from "../../core/publishing-work.ts";
import { oneLine, placesOf } from "./digest-text.ts";

/** The public pages of the editions: nothing goes out, and being published is a row. */
export function createEditionPageTarget({
  mayPublishOnEditions,
}: Pick<PublishingStore, "mayPublishOnEditions">): TargetAdapter<"edition-page"> {
  return {
    ...shown,
    kind: "edition-page",
    // Asked for each text, as a network is: who speaks there may have changed since the target was made.
    plan: (...given) => shown.plan(...given).map((post) => ({ ...post, content: {} })),
    // What a dead process left half done is done again: it is the same row.
    async lookUp() {
      return { kind: "absent" };
    },
    async post(_content, { tenantId }) {
      const may = await mayPublishOnEditions(tenantId).catch(() => "unread" as const);
      if (may === "unread") return { kind: "refused", reason: "unread", retry: "backoff" };
      if (may) return { kind: "sent", networkId: undefined };
      return {
        kind: "refused",
        reason: "edition-pages-closed",
        retry: "never",
        needsAttention: EDITION_PAGES_CLOSED,
      };
    },
    async check(tenantId) {
      const isWell = await mayPublishOnEditions(tenantId);
      return {
        isWell,
        code: isWell ? "pages-open" : "pages-closed",
        evidence: isWell ? "This institution may publish there." : EDITION_PAGES_CLOSED,
      };
    },
  };
}

/** Programs that have a webhook for `publication-published`: the event is appended as it is published. */
export function createWebhookTarget(): TargetAdapter<"webhook"> {
  return {
    ...shown,
    kind: "webhook",
    async check() {
      return {
        isWell: true,
        code: "webhooks-told",
        evidence: "Whoever has a webhook for publication-published is told; see /api/v1/webhooks.",
      };
    },
  };
}

const shown = {
  plan: (text: ApprovedText, _settings: unknown, publicUrl: string): readonly PlannedPost[] => {
    const words = plainText(text, publicUrl);
    return [{ text: words, length: words.length, limit: Number.MAX_SAFE_INTEGER }];
  },
  async post() {
    return { kind: "sent", networkId: undefined } as const;
  },
};

/** Title and statements, each with its places, in plain words. */
export function plainText(text: ApprovedText, publicUrl: string): string {
  const blocks = text.statements.map((statement) => {
    const places = placesOf(statement, text.language, publicUrl);
    return [oneLine(statement.text), ...places.map(({ name, url }) => `${name}: ${url}`)].join(
      "\n",
    );
  });
  return [oneLine(text.title), ...blocks].join("\n\n");
}
