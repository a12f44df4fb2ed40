import type { Source } from "../../core/gazette.ts";

type Slug = Pick<Source, "slug">;

export const GAZETTES_PATH = "/gazettes";

export function sourcePath({ slug }: Slug, month?: string): string {
  const path = `${GAZETTES_PATH}/${encodeURIComponent(slug)}`;
  return month === undefined ? path : `${path}?month=${month}`;
}

export function feedPath(source: Slug): string {
  return `${sourcePath(source)}/feed.xml`;
}
