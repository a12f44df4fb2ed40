/** The least that a vendor checks of a picture: its type, that it is base64, that the bytes are of that type, its size. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  "image/jpeg": /^\xff\xd8\xff/,
  "image/png": /^\x89PNG/,
  "image/gif": /^GIF8/,
  "image/webp": /^RIFF[\s\S]{4}WEBP/,
};
const MAX_BYTES = 5 * 1024 * 1024;

/** In a word, what is wrong with a picture; undefined when nothing is. */
export function findImageProblem(mediaType: unknown, data: unknown): string | undefined {
  const signature = SIGNATURES[String(mediaType)];
  if (signature === undefined) return `unsupported image type ${String(mediaType)}`;
  if (typeof data !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return "not base64";
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > MAX_BYTES) return `image exceeds 5 MB maximum: ${bytes.length} bytes`;
  return signature.test(bytes.subarray(0, 12).toString("latin1"))
    ? undefined
    : `not an image of type ${String(mediaType)}`;
}

/** The same of a picture in a `data:` URL. An address is taken as it is: nothing here fetches it. */
export function findImageUrlProblem(url: unknown): string | undefined {
  if (typeof url !== "string") return "expected an image URL";
  if (/^https?:/.test(url)) return undefined;
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return findImageProblem(mediaType, data);
}
