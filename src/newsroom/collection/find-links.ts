import { load } from "cheerio/slim";
import type { Reason } from "../../core/newsroom.ts";
import { matchesPattern } from "./fill-address.ts";

/** More than any gazette names on one day. */
const MAX_LINKS = 1_000;
/** Absolute, as feeds and APIs write them; ends where text or markup does. */
const ADDRESS = /https?:\/\/[^\s"'<>\\^`{|}]+/g;

export interface Listing {
  readonly body: Buffer;
  /** Without parameters. */
  readonly contentType: string;
  /** What relative addresses are relative to. */
  readonly url: string;
}

export type FoundLinks =
  | { readonly kind: "links"; readonly links: readonly string[] }
  /** It does not look like the page that the settings were written for. */
  | { readonly kind: "layout-changed"; readonly reason: Reason };

/**
 * The addresses of a listing that are as `patterns` say, each once, in order. A listing with no address at all, or
 * with nothing where the selector points, is another page than it was; one whose addresses are of other days is not.
 */
export function findLinks(
  listing: Listing,
  options: { readonly selector: string | undefined; readonly patterns: readonly string[] },
): FoundLinks {
  const addresses = isMarkedUpForPeople(listing)
    ? linksOfPage(listing, options.selector)
    : linksOfData(listing);
  if (addresses.length === 0) {
    const where = options.selector === undefined ? "" : ` at "${options.selector}"`;
    return {
      kind: "layout-changed",
      reason: {
        code: "layout-changed",
        detail: `The listing (${listing.contentType || "of no stated type"}, ${listing.body.length} bytes) names no address${where}: the site is laid out otherwise than the settings say.`,
      },
    };
  }
  const wanted = addresses.filter((address) =>
    options.patterns.some((pattern) => matchesPattern(address, pattern)),
  );
  return { kind: "links", links: [...new Set(wanted)].slice(0, MAX_LINKS) };
}

/** Whether a CSS selector can be read. */
export function isSelector(selector: string): boolean {
  try {
    load("<p></p>")(selector);
    return true;
  } catch {
    return false;
  }
}

function isMarkedUpForPeople({ contentType }: Listing): boolean {
  return contentType === "text/html" || contentType === "application/xhtml+xml";
}

function linksOfPage({ body, url }: Listing, selector: string | undefined): readonly string[] {
  const page = load(body.toString("utf8"));
  const base = page("base[href]").attr("href");
  const from = base !== undefined && URL.canParse(base, url) ? new URL(base, url) : new URL(url);
  return page(selector ?? "a[href]")
    .toArray()
    .flatMap((element) => {
      const { href, src } = page(element).attr() ?? {};
      const given = href ?? src;
      return given !== undefined && URL.canParse(given, from.href) ? [new URL(given, from)] : [];
    })
    .filter(({ protocol }) => protocol === "http:" || protocol === "https:")
    .map(withoutHash);
}

/** JSON, XML, text: every address that stands in it, wherever. `&amp;` and `\/` are what these write for `&` and `/`. */
function linksOfData({ body }: Listing): readonly string[] {
  const text = body.toString("utf8").replaceAll("\\/", "/").replaceAll("&amp;", "&");
  return [...text.matchAll(ADDRESS)].flatMap(([given]) =>
    URL.canParse(given) ? [withoutHash(new URL(given))] : [],
  );
}

function withoutHash(url: URL): string {
  url.hash = "";
  return url.href;
}
