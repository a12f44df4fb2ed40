import type { Edition } from "../core/gazette.ts";

type Place = Pick<Edition, "publishedOn"> & {
  readonly source: Pick<Edition["source"], "slug">;
  readonly documentName?: string;
};

export function editionPath({ source, publishedOn }: Place): string {
  return `/gazettes/${encodeURIComponent(source.slug)}/${publishedOn}`;
}

export function pdfPath(edition: Place): string {
  return `${editionPath(edition)}/pdf${query({ document: edition.documentName })}`;
}

export function pagePath(edition: Place, page: number, passageId?: string): string {
  const values = { document: edition.documentName, hl: passageId };
  return `${editionPath(edition)}/pages/${page}${query(values)}`;
}

export function imagePath(edition: Place, page: number, widthPx: number): string {
  const values = { document: edition.documentName, w: String(widthPx) };
  return `${editionPath(edition)}/pages/${page}/image.png${query(values)}`;
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(values).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}
