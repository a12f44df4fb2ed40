import type { Collected, CollectedItem, Match } from "./in-page/collected.ts";

/** An element that a probe found, its strings at hand. */
export interface Found {
  readonly by: number;
  readonly tag: string;
  /** Left, top, width, height in CSS pixels. */
  readonly rect: Match["rect"];
  readonly text: string;
  /** Name of the icon: its svg's title, else `data-icon`. */
  readonly icon: string | undefined;
  readonly paint: string | undefined;
  attribute(name: string): string | undefined;
}

/** One row of a scope, and what each probe found in it. */
export interface FoundItem extends Found {
  readonly chain: CollectedItem["chain"];
  readonly fingerprint: string | undefined;
  /** It has not changed since it was described: only its `data-id` is told. */
  readonly isSame: boolean;
  first(probe: string): Found | undefined;
  all(probe: string): readonly Found[];
}

/** The items of a scope; none when its root is not on the page. */
export function itemsOf(collected: Collected, scope: string): readonly FoundItem[] {
  const items = collected.scopes[scope]?.items ?? [];
  return items.map((item) => {
    const cache = new Map<string, readonly Found[]>();
    const all = (probe: string) => {
      const known = cache.get(probe);
      if (known !== undefined) return known;
      const found = (item.matches[probe] ?? []).map((match) => toFound(match, collected.strings));
      cache.set(probe, found);
      return found;
    };
    return {
      ...toFound(item, collected.strings),
      chain: item.chain,
      fingerprint: item.fingerprint,
      isSame: item.isSame === true,
      all,
      first: (probe: string) => all(probe)[0],
    };
  });
}

export function rootOf(collected: Collected, scope: string): Match["rect"] | undefined {
  return collected.scopes[scope]?.root;
}

function toFound(match: Match, strings: readonly string[]): Found {
  const string = (at: number | undefined) => (at === undefined ? undefined : strings[at]);
  const attribute = (name: string) =>
    Object.hasOwn(match.attributes, name) ? string(match.attributes[name]) : undefined;
  return {
    by: match.by,
    tag: match.tag,
    rect: match.rect,
    text: string(match.text) ?? "",
    icon: string(match.icon) ?? attribute("data-icon"),
    paint: string(match.paint),
    attribute,
  };
}
