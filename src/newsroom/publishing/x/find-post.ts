/** A post of the account's own timeline, as far as it is looked at. */
export interface TimelinePost {
  readonly id: string;
  readonly text: string;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  /** What X put for each address, and what stood there. */
  readonly urls: readonly { readonly url: string; readonly expandedUrl: string | undefined }[];
}

/** Clocks differ: a post from just before the publication was made may be its first. */
const SKEW_MS = 5 * 60_000;

/** The post with exactly these words that is not older than `since`; the oldest of several. */
export function findPost(
  posts: readonly TimelinePost[],
  text: string,
  since: Date,
): TimelinePost | undefined {
  const wanted = comparable(text);
  const from = since.getTime() - SKEW_MS;
  const found = posts.filter(
    (post) =>
      (post.createdAt === undefined || Date.parse(post.createdAt) >= from) &&
      comparable(asWritten(post)) === wanted,
  );
  return found.at(-1);
}

/** X hands out `&`, `<` and `>` as entities, and every address as one of t.co; a picture's address stands at the end. */
function asWritten({ text, urls }: TimelinePost): string {
  let written = text;
  for (const { url, expandedUrl } of urls) {
    const isPicture = /^https:\/\/(?:x|twitter)\.com\/[^/]+\/status\/\d+\/photo\/\d+$/.test(
      expandedUrl ?? "",
    );
    written = written.replace(url, () => (isPicture ? "" : (expandedUrl ?? url)));
  }
  return written.replace(/&(lt|gt|amp);/g, (_, name: string) => ENTITIES[name] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&" };

function comparable(text: string): string {
  return text.normalize("NFC").replaceAll("\u200b", "").replace(/\s+/g, " ").trim();
}
