import type { ApprovedText } from "../../core/prompts.ts";
import type { PlannedPost } from "../../core/publishing.ts";
import type { TargetAdapter } from "../../core/publishing-work.ts";
import { oneLine, placesOf } from "./digest-text.ts";

/** The public pages of the editions: nothing goes out, and being published is a row. */
export function createEditionPageTarget(): TargetAdapter<"edition-page"> {
  return {
    ...shown,
    kind: "edition-page",
    async check() {
      return { isWell: true, evidence: "The pages of editions are ours." };
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
