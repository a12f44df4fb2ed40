import type { GazetteDate } from "../../core/gazette.ts";
import type { FileStore } from "../../core/gazette-store.ts";
import type { CollectionSettings, Evidence, Locator } from "../../core/newsroom.ts";
import { hashBytes } from "../../gazette/hash-bytes.ts";
import type { Trouble } from "./edition-states.ts";
import { type PoliteFetch, placeOf } from "./fetch-answers.ts";
import { fillAddress } from "./fill-address.ts";
import { findLinks } from "./find-links.ts";
import type { ListingBrowser, OpenedListing } from "./listing-browser.ts";

export interface FindPorts {
  readonly politeFetch: PoliteFetch;
  readonly listingBrowser: ListingBrowser;
  readonly fileStore: Pick<FileStore, "put">;
}

/** What a source says of its editions, for one day. */
export interface WantedDay {
  readonly settings: CollectionSettings;
  readonly publishedOn: GazetteDate;
  readonly signal: AbortSignal;
}

export type FoundAddresses =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | {
      readonly kind: "trouble";
      readonly trouble: Trouble;
      readonly step: string;
      readonly evidence: Evidence | undefined;
    };

const MAX_LISTING_BYTES = 20 * 1024 * 1024;
/** Of a page that did not fit: enough to see what it is now. */
const KEPT_BYTES = 64 * 1024;

/** Where the files of one day are, as its settings tell or a listing names them. Rejects only with the signal's reason. */
export async function findAddresses(ports: FindPorts, day: WantedDay): Promise<FoundAddresses> {
  const { locator } = day.settings;
  switch (locator.kind) {
    // Numbers are tried one after the other, files are no addresses: see `collectEdition`.
    case "numbered":
    case "folder":
    case "upload":
      return { kind: "addresses", addresses: [] };
    case "address":
      return { kind: "addresses", addresses: [fillAddress(locator.url, day.publishedOn)] };
    case "listing":
      return readListing(ports, day, locator);
  }
  locator satisfies never;
}

async function readListing(
  ports: FindPorts,
  day: WantedDay,
  locator: Extract<Locator, { kind: "listing" }>,
): Promise<FoundAddresses> {
  const url = fillAddress(locator.url, day.publishedOn);
  const isDrawn = locator.render === "browser";
  const step = `${isDrawn ? "listing in a browser" : "listing"} ${placeOf(url)}`;
  const { hosts, pauseSeconds } = day.settings;
  const request = { url, hosts, pauseSeconds, signal: day.signal };
  const answer: OpenedListing | { readonly kind: "not-modified" } = isDrawn
    ? await ports.listingBrowser.open({ ...request, selector: locator.selector })
    : await fetchListing(ports, request);
  if (answer.kind === "not-modified") return { kind: "addresses", addresses: [] };
  if (answer.kind !== "ok") return { kind: "trouble", trouble: answer, step, evidence: undefined };
  const patterns = locator.links.map((pattern) => fillAddress(pattern, day.publishedOn));
  const found = findLinks(answer, { selector: locator.selector, patterns });
  if (found.kind === "links") return { kind: "addresses", addresses: found.links };
  return {
    kind: "trouble",
    trouble: found,
    step,
    evidence: await keepEvidence(ports, answer, day.signal),
  };
}

async function fetchListing(
  { politeFetch }: FindPorts,
  request: Pick<Parameters<PoliteFetch>[0], "url" | "hosts" | "pauseSeconds" | "signal">,
): Promise<OpenedListing | { readonly kind: "not-modified" }> {
  const answer = await politeFetch({
    ...request,
    accept: "application/json, text/html;q=0.9, application/xml;q=0.8, */*;q=0.5",
    maxBytes: MAX_LISTING_BYTES,
  });
  return answer.kind === "ok" ? { ...answer, screenshot: undefined } : answer;
}

/** What whoever changes the settings wants to see: the page as it came, and how it looks. */
async function keepEvidence(
  { fileStore, listingBrowser }: FindPorts,
  page: Extract<OpenedListing, { kind: "ok" }>,
  signal: AbortSignal,
): Promise<Evidence> {
  const beginning = page.body.subarray(0, KEPT_BYTES);
  const isPage = page.contentType === "text/html" || page.contentType === "application/xhtml+xml";
  const drawn = isPage
    ? (page.screenshot ?? (await listingBrowser.draw(page.body.toString("utf8"), signal)))
    : undefined;
  const keep = async (bytes: Uint8Array, ending: string) => {
    const hash = hashBytes(bytes);
    const key = `evidence/${hash.slice(0, 2)}/${hash}.${ending}`;
    await fileStore.put(key, bytes);
    return key;
  };
  return {
    pageKey: await keep(beginning, "txt"),
    screenshotKey: drawn === undefined ? undefined : await keep(drawn, "png"),
  };
}
