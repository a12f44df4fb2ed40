import { disarm } from "../../conversation/injected-text.ts";
import type { RetrievedPassage } from "../../core/answer.ts";
import type { PassageId } from "../../core/ids.ts";
import { type PlacedInMaterial, toFound } from "./cite-passage.ts";
import { cutText } from "./plan-batches.ts";

/** The passages of citations, whole, in the parts that a model was shown: what stands in none of them proves nothing. */
export function evidenceFor(
  citations: readonly { readonly passageId: PassageId }[],
  places: ReadonlyMap<string, PlacedInMaterial>,
): readonly RetrievedPassage[] {
  return citations.flatMap(({ passageId }) => {
    const place = places.get(passageId);
    if (place === undefined) return [];
    return cutText(place.passage.text).map((part) => toFound(place, part));
  });
}

/** The same of passages that were read by themselves. */
export function evidenceOf(found: readonly RetrievedPassage[]): readonly RetrievedPassage[] {
  return found.flatMap((each) =>
    cutText(each.passage.text).map(({ from, until }) =>
      disarm({
        ...each,
        passage: { ...each.passage, text: each.passage.text.slice(from, until) },
      }),
    ),
  );
}
