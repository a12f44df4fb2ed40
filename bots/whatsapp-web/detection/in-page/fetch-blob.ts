import type { DomDocument } from "./dom.ts";

declare const document: DomDocument;
declare function fetch(url: string): Promise<{ blob(): Promise<BlobLike> }>;
declare const FileReader: new () => {
  result: unknown;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  readAsDataURL(blob: BlobLike): void;
};
interface BlobLike {
  readonly size: number;
}

/* This function runs in the page; see collect.ts. */

export interface FetchBlobRequest {
  readonly rows: readonly string[];
  readonly dataId: string;
  /** Of elements with a `src`. */
  readonly sources: readonly string[];
  readonly maxBytes: number;
}

export type FetchedBlob =
  | { readonly kind: "bytes"; readonly base64: string }
  | { readonly kind: "too-large"; readonly size: number }
  | { readonly kind: "none" };

/** The largest of the row's blobs: a picture lies there beside its blurred preview. */
async function fetchBlob(request: FetchBlobRequest): Promise<FetchedBlob> {
  const row = Array.from(document.querySelectorAll(request.rows.join(","))).find(
    (each) => each.getAttribute("data-id") === request.dataId,
  );
  const urls = Array.from(row?.querySelectorAll(request.sources.join(",")) ?? [])
    .map((each) => each.getAttribute("src") ?? "")
    .filter((url) => url.startsWith("blob:"));
  const blobs = await Promise.all(
    urls.slice(0, 8).map((url) =>
      fetch(url).then(
        (response) => response.blob(),
        () => undefined,
      ),
    ),
  );
  const [largest] = blobs
    .filter((blob) => blob !== undefined)
    .sort((one, other) => other.size - one.size);
  if (largest === undefined) return { kind: "none" };
  if (largest.size > request.maxBytes) return { kind: "too-large", size: largest.size };
  const base64 = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(new Error("unreadable blob"));
    reader.readAsDataURL(largest);
  });
  return { kind: "bytes", base64 };
}

/** An expression whose value is the function above. */
export const fetchBlobSource = `(${String(fetchBlob)})`;
