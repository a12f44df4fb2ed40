const MAX_LENGTH = 120;

/**
 * A name to show, of whatever was given: the last part of a path, percent-decoded, without what means something to a
 * shell, a header or a file system. It names no file of ours.
 */
export function cleanFileName(given: string): string {
  let name = given;
  try {
    name = decodeURIComponent(given);
  } catch {
    // Not percent-encoded after all: the name stays as it is.
  }
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._() -]/gu, "_")
    .replace(/^[.\s]+/, "")
    .trim();
  if (clean.length <= MAX_LENGTH) return clean === "" ? "document" : clean;
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(clean)?.[0] ?? "";
  return clean.slice(0, MAX_LENGTH - ending.length) + ending;
}
