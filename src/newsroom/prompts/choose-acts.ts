import type { PromptMaterial } from "../../core/prompt-work.ts";
import type { PromptScope } from "../../core/prompts.ts";
import type { Stemmer } from "../../core/subscriptions.ts";
import { fold } from "../../retrieval/words.ts";
import { indexEdition } from "../alerts/edition-index.ts";
import { createTopicMatcher } from "../alerts/match-topic.ts";
import { readTopic, wordsOf } from "../alerts/topic-terms.ts";
import type { ActsInScope } from "./plan-batches.ts";

/** Which acts a prompt reads: topics match as those of alerts do, by stems. */
export async function chooseActs(
  materials: readonly PromptMaterial[],
  scope: PromptScope,
  stemmer: Stemmer,
): Promise<ActsInScope> {
  const chosen = new Map<PromptMaterial, ReadonlySet<number>>();
  for (const material of materials) chosen.set(material, await chooseOf(material, scope, stemmer));
  return chosen;
}

async function chooseOf(
  material: PromptMaterial,
  scope: PromptScope,
  stemmer: Stemmer,
): Promise<ReadonlySet<number>> {
  switch (scope.kind) {
    case "whole":
      return new Set(material.acts.keys());
    case "sections": {
      const wanted = scope.sections.map((name) => fold(name).trim());
      const places = [...material.acts.entries()].filter(([, { section }]) => {
        const named = fold(section);
        return wanted.some((name) => named.includes(name));
      });
      return new Set(places.map(([place]) => place));
    }
    case "matching": {
      const terms = readTopic(scope.topic);
      const index = await indexEdition(material, stemmer);
      const stems = await stemmer.stemsOf(material.language, new Set(wordsOf(terms)));
      const hits = createTopicMatcher(index, (word) => stems.get(word))(terms);
      return new Set(hits.map(({ act }) => act));
    }
    default:
      return scope satisfies never;
  }
}
